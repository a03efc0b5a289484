#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Beside a bind that hangs in the kernel, whoever only reads gets an answer.
#
# shellcheck disable=SC2016,SC2154

load ../../lib/board

# The kernel polls the MC with interrupts off, so the others need CPUs of their own.
setup_file() {
	board_start tiny --cpus 4
	warm_up
}
teardown_file() { board_stop; }

setup() {
	board_needed
	needs_virtual_board
	firmware '{"do":"mute","command":"get_obj_count","from":"dprc.2","times":0}'
	# By hand, so that nothing but the kernel waits; and again when it gives up, after 15 s or more.  On the last
	# CPU: the first serves the network.
	board_exec sh -c 'cd /sys/bus/fsl-mc; echo vfio-fsl-mc >devices/dprc.2/driver_override
		echo dprc.2 >drivers/fsl_mc_dprc/unbind
		rm -f /run/enough
		taskset 8 sh -c "until [ -e /run/enough ]; do echo dprc.2 >drivers/vfio-fsl-mc/bind; done" \
			>/dev/null 2>&1 </dev/null &
		echo $! >/run/hanging'
	hangs
}

teardown() {
	[[ -z ${BOARD_MISSING:-} ]] || return 0
	board_exec touch /run/enough
	firmware '{"do":"clear"}'
	board_exec sh -c 'while [ -e "/proc/$(cat /run/hanging)" ]; do sleep 0.1; done
		cd /sys/bus/fsl-mc; [ ! -e devices/dprc.2/driver ] || echo dprc.2 >devices/dprc.2/driver/unbind
		echo >devices/dprc.2/driver_override; echo dprc.2 >drivers/fsl_mc_dprc/bind'
}

# The MC has a command of the bind and does not answer it, but for the moment between two of them; and no bind has
# come through.
hangs() {
	local try
	for try in {1..100}; do
		! firmware '{"do":"state"}' | jq -e '.held | map([.command, .from]) == [["get_obj_count", "dprc.2"]]' >/dev/null ||
			break
		sleep 0.1
	done
	((try < 100)) && [ "$(board_exec sh -c '[ -e /sys/bus/fsl-mc/devices/dprc.2/dpni.1 ] || echo none')" = none ]
}

# answers COMMAND...: each, a line of words, ends by itself, sooner than the bind could.  Leaves their output in
# $BATS_TEST_TMPDIR/out.N and errors.N, and their statuses in $statuses.
answers() {
	board_exec bash -c 'cd "$(mktemp -d)"
		for command; do
			n=$((n + 1))
			timeout '"${SECONDS_OF_A_LOADED_MACHINE:-10}"' fslmc-vfio $command >out.$n 2>errors.$n
			echo "$?" >>statuses
		done
		tar -cf - .' bash "$@" | tar -xf - -C "$BATS_TEST_TMPDIR"
	statuses=$(paste -sd' ' "$BATS_TEST_TMPDIR/statuses")
	echo "statuses: $statuses"
	hangs
}

@test "list answers while a bind hangs, and says what is unknown" {
	local override='[?]'
	# Newer kernels tell it beside the lock that the bind holds; a reader on others cannot even be killed.
	board_exec sh -c 'cat /sys/bus/fsl-mc/devices/dprc.2/driver_override >/run/override 2>/dev/null </dev/null &
		until [ -s /run/override ] || grep -q "^State:.D" "/proc/$!/status"; do sleep 0.1; done
		[ -s /run/override ]' && override=vfio-fsl-mc
	# Three times: a crowded machine may not have an answer of the MC in the 5 s that it is waited for.
	answers "list -n -r" "list -n -r -o NAME,OVERRIDE" "list --json" "list --json" "list --json"
	[ "$statuses" = "0 0 0 0 0" ]
	cd "$BATS_TEST_TMPDIR"
	[ ! -s errors.1 ]
	grep -q '^dprc.2 dprc.1 ' out.1
	grep -qx "dprc.2 $override" out.2
	"$tests_dir/validate-json" out.3 out.4 out.5
	jq -c '[.mc_firmware != null, (.dprcs[] | select(.name == "dprc.2") | .icid != null)]' out.[345] | grep -qxF '[true,true]'
}

@test "show, check and doctor answer while a bind hangs" {
	answers "show dprc.2 --json" "check --json dprc.2" "doctor"
	cd "$BATS_TEST_TMPDIR"
	"$tests_dir/validate-json" - <out.1
	"$tests_dir/validate-json" - <out.2
	jq -e '.dprc | .name == "dprc.2" and (.driver_override | . == null or . == "vfio-fsl-mc")' out.1
	# What is half bound is refused.
	jq -e '.findings | map(select(.severity == "refuse").code) == ["objects-missing"]' out.2
	[ "$statuses" = "0 4 0" ]
}
