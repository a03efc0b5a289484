# SPDX-License-Identifier: GPL-2.0-or-later
#
# Whoever starts a change chooses masks, limits, signals and descriptors: it is made as ever, or not at all.
#
# shellcheck disable=SC2016,SC2154

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start tiny; }
teardown_file() { board_stop; }
teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'fslmc-vfio recover; fslmc-vfio unbind dprc.2' >/dev/null
}

# after COMMAND ARGS...: as board fslmc-vfio ARGS, by a shell that has run that command, and by what it put in by=().
after() { board bash -c "$1"'; shift; exec "${by[@]}" fslmc-vfio "$@"' bash "$@"; }

# works_after COMMAND: also where /run has no directory of the program yet.
works_after() {
	board_exec rm -rf /run/fslmc-vfio
	state_dump >"$BATS_TEST_TMPDIR/before"
	after "$1" bind dprc.2
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	[ "$(override_of dprc.2)" = vfio-fsl-mc ]
	# Records are root's alone, whatever the mask lets others do.
	[ -z "$(board_exec find /run/fslmc-vfio -mindepth 1 ! -name activity -perm /077)" ]
	after "$1" unbind dprc.2
	[ "$status" -eq 0 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	has_no_journal
}

@test "masks, signals that are ignored or blocked, variables: a change is made as ever" {
	works_after 'umask 0'
	works_after 'umask 777'
	works_after 'by=(env --ignore-signal)'
	works_after 'by=(env --block-signal)'
	works_after 'export LOCPATH=/dev/zero LC_ALL=x TMPDIR=/x HOME=/x POSIXLY_CORRECT=1 TZ=x COLUMNS=1 TERM=x'
	works_after 'by=(env -i PATH="$PATH")'
}

@test "descriptors that are closed are taken by no record; an output that is closed undoes the change" {
	works_after 'exec <&- 2>&-'
	same_state bash -c 'fslmc-vfio bind dprc.2 >&-'
	[ "$status" -eq 1 ]
	[[ $stderr == *"cannot write the output"* ]]
	has_no_journal
	works_after 'for fd in {3..200}; do eval "exec $fd</dev/null"; done; ulimit -Sn 210'
}

# fails_after COMMAND: and nothing is different.
fails_after() {
	state_dump >"$BATS_TEST_TMPDIR/before"
	after "$1" bind dprc.2
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	has_no_journal
}

@test "limits that are too low for a change: nothing is different, and the reason is said" {
	fails_after 'ulimit -f 0'
	[[ $stderr == *"EFBIG"* ]]
	fails_after 'ulimit -n 100'
	[[ $stderr == *"100 open files are permitted"* ]]
}

@test "with little memory a bind is made, or nothing is different" {
	local kib least n_failed=0
	least=$(board_exec bash -c 'kib=2000
		until (ulimit -v $kib; exec fslmc-vfio --version) >/dev/null 2>&1; do kib=$((kib + 50)); done; echo $kib')
	# By the page, around what it takes to be started at all; below that the loader says so (127).
	for ((kib = least - 48; kib < least + 100; kib += 4)); do
		state_dump >"$BATS_TEST_TMPDIR/before"
		after "ulimit -v $kib" bind dprc.2
		if [ "$status" -eq 0 ]; then
			board_exec fslmc-vfio unbind dprc.2 >/dev/null
		elif [ "$status" -ne 127 ]; then
			[ "$status:$stderr" = '1:fslmc-vfio: out of memory' ]
			n_failed=$((n_failed + 1))
		fi
		state_dump | diff "$BATS_TEST_TMPDIR/before" -
		has_no_journal
	done
	[ "$n_failed" -gt 0 ]
}

@test "who is started with SIGCHLD ignored learns what its children found" {
	local no_access='.findings[] | select(.code == "no-access") | .evidence'
	has_vfio_groups || skip "the user of device files needs /dev/iommu, too: probe/probe-cdev-only.bats looks at that"
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	after 'by=(env --ignore-signal=CHLD)' doctor --json --user operator
	[[ $(jq -r "$no_access" <<<"$output") == "$(node_of dprc.2) of dprc.2 "* ]]
}

# As in a container or a service: not by the node's mode, and root is no exception.
@test "what a device cgroup forbids is not said to be for root, and is no failure" {
	board_exec sh -c 'mkdir -p /run/devices && mount -t cgroup -o devices none /run/devices && mkdir -p /run/devices/x' ||
		skip "this kernel has no device cgroup of version 1"
	board_exec sh -c 'echo a >/run/devices/x/devices.deny; echo "c 1:* rwm" >/run/devices/x/devices.allow'
	board fslmc-vfio bind dprc.2
	after 'echo $$ >/run/devices/x/tasks' check dprc.2
	[[ $output == *"mc-unknown"*"that this runs in may not open it"*"docker run --device"* ]]
	after 'echo $$ >/run/devices/x/tasks' doctor
	[[ $output == *"no-access: that user cannot open device nodes of VFIO: /dev/vfio/"*"a container must be given them"* ]]
	[[ $output != *"as root"* ]]
	after 'echo $$ >/run/devices/x/tasks' probe --interface auto dprc.2
	[ "$status" -eq 6 ]
	[[ $stderr == *"(EPERM); the container, or the service, that this runs in may not open it"* ]]
	board_exec umount /run/devices
}
