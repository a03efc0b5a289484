# SPDX-License-Identifier: GPL-2.0-or-later
#
# An MC that does not answer keeps the kernel waiting, and nobody else.
#
# shellcheck disable=SC2154,SC2016

load ../lib/board
load ../lib/transaction

# The kernel polls the MC with interrupts off, so the others need CPUs of their own.
setup_file() { board_start small --cpus 4; }
teardown_file() { board_stop; }

setup() {
	board_needed
	needs_virtual_board
}

teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || firmware '{"do":"clear"}' >/dev/null
}

@test "a bind that the MC does not answer ends in time, list goes on, and recover settles it" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	firmware '{"do":"mute","command":"get_obj_count","from":"dprc.2"}'
	local begin=$EPOCHREALTIME
	board fslmc-vfio bind --timeout 5 dprc.2
	[ "$status" -eq 7 ]
	[[ $stderr == *"dprc.2: the kernel is still writing 'dprc.2' to /sys/bus/fsl-mc/drivers/"*" after 5 s; 'fslmc-vfio recover'"* ]]
	# 7 s of which the program may take its 5, and a loaded machine the rest
	awk "BEGIN { exit !($EPOCHREALTIME - $begin < ${SECONDS_OF_A_LOADED_MACHINE:-12}) }"
	board timeout 10 fslmc-vfio list -n -r -o NAME dprc.3
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.2: warning: an earlier change was interrupted"* ]]
	board timeout 10 fslmc-vfio recover
	[ "$status" -eq 7 ]
	[ "$(board_exec cat /sys/bus/fsl-mc/autorescan)" = 1 ]
	firmware '{"do":"unmute"}'
	board fslmc-vfio recover --wait 60
	[ "$status" -eq 0 ]
	has_no_journal
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "an MC that is silent altogether is not asked to change anything" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	firmware '{"do":"mute","command":"get_version","after":0,"times":0}'
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 1 ]
	[[ $stderr == *"the MC does not answer; nothing was written"* ]]
	firmware '{"do":"clear"}'
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}
