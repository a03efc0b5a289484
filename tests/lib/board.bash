# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What board tests are written in.  A file starts its board once, in setup_file:
#
#	load ../../lib/board
#	setup_file() { board_start small; }
#	teardown_file() { board_stop; }
#
# With FSLMC_VFIO_BOARD=user@host the same files run on that board, as it is.
#
# bats sets $stderr and the like; dollars in single quotes are for the board's shell:
# shellcheck disable=SC2154,SC2016
bats_require_minimum_version 1.5.0
load "${BASH_SOURCE[0]%/*}/json"

tests_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
board_script=$tests_dir/vm/board

# A board test that cannot run is a skip for people and a failure in CI.  bats 1.8 cannot skip a whole
# file, so every test skips by name.  A file with a setup of its own calls board_needed there.
board_needed() {
	[[ -n ${BOARD_MISSING:-} ]] || return 0
	[[ ${CI:-} != true ]] || { printf 'no board: %s\n' "$BOARD_MISSING" >&2; return 1; }
	skip "no board: $BOARD_MISSING"
}

setup() { board_needed; }

# board_start TOPOLOGY [OPTIONS of board start]: one board for all tests of this file.
board_start() {
	local topology=$1 log install status=0 options=()
	shift
	[[ -z ${FSLMC_VFIO_BOARD:-} ]] || return 0
	BOARD_NAME=$(basename "$BATS_TEST_FILENAME" .bats | tr -c 'a-z0-9\n' -)-$$
	export BOARD_NAME
	install=${board_install:-${FSLMC_VFIO_BUILD:-$tests_dir/../build}/install}
	[[ ! -d $install ]] || options+=(--install "$install")
	log=$BATS_FILE_TMPDIR/board-start
	# Descriptor 3 is bats': whoever keeps it open keeps bats waiting.
	"$board_script" start "$BOARD_NAME" --topology "$topology" --kernel "${BOARD_KERNEL:-6.1}" \
		"${options[@]}" "$@" >"$log" 2>&1 3>&- || status=$?
	case $status in
	0) tail -n 1 "$log" | sed 's/^/# /' >&3 ;;
	77) BOARD_MISSING=$(tail -n 1 "$log") && export BOARD_MISSING ;;
	*) sed 's/^/# /' "$log" >&3; return 1 ;;
	esac
}

# Ends the board; whatever claimed to be JSON in this file must be valid.
board_stop() {
	[[ -z ${BOARD_NAME:-} ]] || "$board_script" stop "$BOARD_NAME"
	validate_kept_json
}

# board_exec CMD...: run it there, its stdin, stdout, stderr and status being ours.
board_exec() {
	if [[ -n ${FSLMC_VFIO_BOARD:-} ]]; then
		# shellcheck source=tests/vm/common.bash
		(. "$tests_dir/vm/common.bash" && exec ssh -o BatchMode=yes "$FSLMC_VFIO_BOARD" "$(quoted "$@")")
	else
		"$board_script" run "$BOARD_NAME" "${board_options[@]}" -- "$@"
	fi
}

# board CMD...: run it there and set $status, $output, $stderr, $lines and $stderr_lines.  A board that
# crashed or hangs fails the test on the spot, whatever the test made of the status.  Output that claims to be
# JSON is validated, see keep_json.
board() {
	run --separate-stderr board_exec "$@"
	if [[ -z ${FSLMC_VFIO_BOARD:-} && ($status -eq 250 || $status -eq 251) ]]; then
		printf '%s\n' "$stderr" >&2
		return 1
	fi
	keep_json "$*" "$output"
}

# Before a CPU hangs in the kernel.  What that does once, when something is first used, may be to patch its own text,
# for which it waits for all CPUs (once_deferred(), kick_all_cpus_sync()): it would take another one along.
warm_up() {
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'fslmc-vfio bind dprc.2; fslmc-vfio list --json; fslmc-vfio check
		fslmc-vfio doctor; fslmc-vfio unbind dprc.2; sleep 4' >/dev/null
}

# The same as an ordinary user (uid 1000).
board_as_operator() {
	needs_virtual_board
	local board_options=(--user operator)
	board "$@"
}

# Options of board run for what follows, such as (--deadline 10).
board_options=()

# First in tests that ask the firmware inside a pipe or $(...), where a skip would end only that.
needs_virtual_board() {
	[[ -z ${FSLMC_VFIO_BOARD:-} ]] || skip "needs the emulated firmware, and this is $FSLMC_VFIO_BOARD"
}

# firmware JSON: one request to the emulated MC; its answer on stdout.
firmware() {
	needs_virtual_board
	"$board_script" firmware "$BOARD_NAME" "$1"
}

# firmware_fails COMMAND STATUS [OBJECT [AFTER [TIMES]]]: the MC answers STATUS to that command.
firmware_fails() {
	firmware "$(jq -cn --arg command "$1" --arg status "$2" --arg object "${3:-}" \
		--argjson after "${4:-0}" --argjson times "${5:-1}" \
		'{do: "fail", $command, $status, $after, $times} + if $object == "" then {} else {$object} end')"
}

# What sysfs says of an object; empty when there is no such link.
link_of() { board_exec sh -c 'readlink "/sys/bus/fsl-mc/devices/$1/$2" | sed "s,.*/,,"' sh "$1" "$2"; }
driver_of() { link_of "$1" driver; }
group_of() { link_of "$1" iommu_group; }
# Not where the kernel has VFIO's device files alone.
has_vfio_groups() { board_exec test -d /sys/class/vfio; }

# What its user opens: the node of the DPRC's group; where there are no groups its own device file, if it is bound.
node_of() {
	if has_vfio_groups; then
		printf '/dev/vfio/%s\n' "$(group_of "$1")"
	else
		board_exec sh -c 'ls "/sys/bus/fsl-mc/devices/$1/vfio-dev" 2>/dev/null | sed s,^,/dev/vfio/devices/,' sh "$1"
	fi
}
owner_of() { board_exec stat -c '%U:%G %a' "$(node_of "$1")"; }
override_of() { board_exec cat "/sys/bus/fsl-mc/devices/$1/driver_override"; }

# Every link with its target and every attribute with its text: the bus, all objects of all containers,
# the IOMMU groups.  Left out is what changes by itself: power accounting and the insides of netdevs.
state_dump() {
	local state
	state=$(board_exec sh -s <"$tests_dir/lib/state-dump") && LC_ALL=C sort <<<"$state"
}

# faults_hit: how often injected faults have hit; there are none any more.  A test that injects one and finds all
# well has tested nothing if it hit nothing.
faults_hit() { firmware '{"do":"clear"}' | jq .hits; }
