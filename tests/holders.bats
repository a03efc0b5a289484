# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who has a container open keeps it: an unbind would wait for them beyond SIGKILL.
#
# shellcheck disable=SC2154,SC2016

load lib/board
load lib/transaction

setup_file() { board_start nested; }
teardown_file() { board_stop; }

setup() {
	board_needed
	board_exec fslmc-vfio bind dprc.2 >/dev/null
}

teardown() {
	[[ -z ${holder:-} ]] || let_go "$holder"
	[[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio unbind dprc.2 >/dev/null
}

@test "a container is in use when a DPRC in it is" {
	holder=$(hold_group_of dprc.4)
	same_state timeout 20 fslmc-vfio unbind dprc.2
	[ "$status" -eq 5 ]
	[[ $stderr == *"dprc.4: its VFIO group is in use: process $holder (sleep) has /dev/vfio/"* ]]
}
