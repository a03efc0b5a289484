# SPDX-License-Identifier: GPL-2.0-or-later
#
# How boards are driven: what run passes on, how an end is noticed, what is left behind.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

setup_file() { board_start small; }
teardown_file() { board_stop; }

@test "arguments, stdin, stdout, stderr and status arrive apart and unchanged" {
	needs_virtual_board
	run --separate-stderr "$board_script" run "$BOARD_NAME" -- \
		sh -c 'cat; printf "<%s>" "$@"; echo gone >&2; exit 42' sh "it's" '$HOME' '' $'two\nlines' '*' <<<input
	[ "$status" -eq 42 ]
	[ "$output" = $'input\n<it\'s><$HOME><><two\nlines><*>' ]
	[ "$stderr" = gone ]
}

@test "a file and a directory are copied with their modes" {
	needs_virtual_board
	mkdir "$BATS_TEST_TMPDIR/tree"
	printf '#!/bin/sh\necho copied\n' >"$BATS_TEST_TMPDIR/tree/script"
	chmod 750 "$BATS_TEST_TMPDIR/tree/script"
	"$board_script" copy "$BOARD_NAME" "$BATS_TEST_TMPDIR/tree/script" /tmp/file
	"$board_script" copy "$BOARD_NAME" "$BATS_TEST_TMPDIR/tree" /tmp
	board sh -c '/tmp/file && /tmp/script && stat -c %a /tmp/file /tmp/script'
	[ "$output" = $'copied\ncopied\n750\n750' ]
}

@test "an ordinary user is on the board" {
	board_as_operator id -u
	[ "$output" = 1000 ]
}

@test "what claims to be JSON is validated at the end of a file, and the test and the command are named" {
	# shellcheck disable=SC2034 # keep_json reads it
	local BATS_FILE_TMPDIR=$BATS_TEST_TMPDIR
	board printf '{"%s": 1}\n' event
	board printf '{\n"dprcs": 1}\n'
	board printf '[]'
	run validate_kept_json
	[ "$status" -eq 1 ]
	[[ ${lines[0]} == "./test $BATS_TEST_NUMBER: printf {\n"* ]]
	[[ ${lines[-1]} == "./test $BATS_TEST_NUMBER: printf {\"%s\": 1}\n event "* ]]
	[[ $output != *'[]'* ]]
	run validate_kept_json
	[ "$status" -eq 0 ]
}

@test "a command that does not end is told from one that fails" {
	needs_virtual_board
	run --separate-stderr "$board_script" run "$BOARD_NAME" --deadline 1 -- sleep 30
	[ "$status" -eq 251 ]
	[[ $stderr == *"no end of 'sleep 30' within 1 s"* ]]
}

@test "a second board runs beside the first; when its kernel crashes, run says so and shows the console" {
	needs_virtual_board
	"$board_script" start "$BOARD_NAME-b" --topology small 3>&-
	run --separate-stderr "$board_script" run "$BOARD_NAME-b" -- sh -c 'echo c >/proc/sysrq-trigger'
	[ "$status" -eq 250 ]
	[[ $stderr == *"the board is dead"*"Kernel panic"* ]]
	"$board_script" alive "$BOARD_NAME"
	run "$board_script" alive "$BOARD_NAME-b"
	[ "$status" -ne 0 ]
	"$board_script" stop "$BOARD_NAME-b"
	run compgen -G "/dev/shm/fslmc-vfio-$BOARD_NAME-b.*"
	[ -z "$output" ]
	board true
	[ "$status" -eq 0 ]
}

@test "what a board cannot be started with is refused before anything is left behind" {
	run "$board_script" start Bad/Name
	[ "$status" -eq 2 ]
	run "$board_script" start "x$$" --topology no-such-topology
	[ "$status" -eq 2 ]
	[ ! -e "${XDG_RUNTIME_DIR:-/tmp}/fslmc-vfio-$UID/x$$" ]
}
