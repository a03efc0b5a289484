# SPDX-License-Identifier: GPL-2.0-or-later
#
# The torture in its short form: a sample of its faults.  "make torture" tries them all.
#
# shellcheck disable=SC2154

load ../../lib/board

setup_file() { board_start tiny; }
teardown_file() { board_stop; }

# sample EVERY PART...: the figures go to the log.
sample() {
	needs_virtual_board
	run "$tests_dir/torture/torture" --board "$BOARD_NAME" --every "$1" --operations 64 "${@:2}"
	grep ' survived: ' <<<"$output" | sed 's/^/# /' >&3
	[ "$status" -eq 0 ]
	[[ $output == *" survived: "* ]]
}

@test "a system call that fails, in a sample of them, leaves what was there or what was asked for" { sample 900 errors; }
@test "so does one of its children, or a child that is killed" { sample 24 helpers; }
@test "so does an MC command that fails" { sample 60 mc; }
@test "what a killed run leaves is settled by recover, be that killed, too" { sample 240 kills recovery; }
@test "64 processes at once lose nothing" { sample 1 storm; }
