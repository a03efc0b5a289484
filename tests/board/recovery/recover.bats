# SPDX-License-Identifier: GPL-2.0-or-later
#
# recover settles what a killed run left; every other verb says when it is due.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start small; }
teardown_file() { board_stop; }
teardown() {
	[[ -z ${holder:-} ]] || let_go "$holder"
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'fslmc-vfio recover; fslmc-vfio unbind dprc.2 dprc.3' >/dev/null
}

@test "with nothing to settle, recover changes nothing" {
	same_state fslmc-vfio recover -n
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	board fslmc-vfio recover
	[ "$status" -eq 0 ]
	[ "$output" = "nothing to recover" ]
}

@test "a bind that was killed is undone, and recover says so" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	killed_while_writing bind dprc.2
	board fslmc-vfio recover -n -r
	[ "$status" -eq 0 ]
	[[ $output == "dprc.2 original "* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	has_no_journal
}

@test "a bind of two that was killed leaves neither bound" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	killed_while_writing bind dprc.2 dprc.3
	board_exec fslmc-vfio recover >/dev/null
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "every verb that looks says that a recovery is due; those that change wait for it" {
	killed_while_writing bind dprc.2
	for verb in list "show dprc.3" "check dprc.3" "bind dprc.3"; do
		# shellcheck disable=SC2086 # a verb and its argument
		board fslmc-vfio $verb
		[ "$status" -eq 0 ]
		[[ $stderr == *"dprc.2: warning: an earlier change was interrupted; run 'fslmc-vfio recover'"* ]]
	done
	same_state fslmc-vfio bind dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"run 'fslmc-vfio recover' first"* ]]
}

@test "a run in flight is no reason to recover" {
	halted bind dprc.2
	board fslmc-vfio list
	[ "$status" -eq 0 ]
	[[ $stderr != *interrupted* ]]
	board fslmc-vfio recover
	[ "$status" -eq 5 ]
	goes_on
	[ "$status" -eq 0 ]
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
}

@test "a DPRC that came in place of a killed run's is left alone" {
	needs_virtual_board
	firmware '{"do":"create","parent":1,"id":9,"icid":9,"plugged":true}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	killed_while_writing bind dprc.9 >/dev/null
	firmware '{"do":"destroy","object":"dprc.9"}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	firmware '{"do":"create","parent":1,"id":9,"icid":10,"plugged":true}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	board fslmc-vfio recover -n
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.9: warning: it is another DPRC now"* ]]
	[ "$(driver_of dprc.9)" = fsl_mc_dprc ]
	[ "$(board_exec cat /sys/bus/fsl-mc/autorescan)" = 1 ]
	firmware '{"do":"destroy","object":"dprc.9"}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	has_no_journal
}

# killed_at_end VERB DPRC...: a run that is killed when all is done and only its journal is left to be removed.
killed_at_end() {
	board_exec sh -c 'strace -o /dev/null -P journal/dprc.2.json -e trace=unlinkat \
		-e inject=unlinkat:signal=KILL:when=1 fslmc-vfio "$@" >/dev/null 2>&1
		ls /run/fslmc-vfio/journal/*.json' sh "$@"
}

@test "what was recovered as requested is not called the original state when that cannot be written" {
	killed_at_end bind dprc.2
	board sh -c 'fslmc-vfio recover >/dev/full'
	[ "$status" -eq 8 ]
	[[ $stderr == *"all was recovered, but the result could not be written"* ]]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	has_no_journal
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
}

@test "what others do outside after a run was killed is theirs" {
	board_exec fslmc-vfio bind dprc.3 >/dev/null
	killed_at_end bind dprc.2
	board_exec fslmc-vfio unbind dprc.3 >/dev/null
	same_state fslmc-vfio recover -n -r
	[ "$status" -eq 0 ]
	[[ $output == "dprc.2 requested "* ]]
	[ -z "$stderr" ]
	has_no_journal
}

@test "an object outside that lost its driver since is named and asked back, and what was done stays" {
	killed_at_end bind dprc.2
	board_exec sh -c 'echo dpbp.0 >/sys/bus/fsl-mc/drivers/fsl_mc_allocator/unbind'
	board fslmc-vfio recover -n -r
	[ "$status" -eq 0 ]
	[[ $output == "dprc.2 requested "* ]]
	[[ $stderr == *"dpbp.0: warning: object outside the container lost its driver fsl_mc_allocator since the interrupted run began; reprobing"* ]]
	[ "$(driver_of dpbp.0)" = fsl_mc_allocator ]
	has_no_journal
}

@test "an unbind that was killed before it unbound is undone beside the program that uses the DPRC" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	killed_while_writing unbind dprc.2
	holder=$(hold_node_of dprc.2)
	board timeout 30 fslmc-vfio recover -n -r
	let_go "$holder"
	holder=
	[ "$status" -eq 0 ]
	[[ $output == "dprc.2 original "* ]]
	[ "$(override_of dprc.2)" = vfio-fsl-mc ]
	has_no_journal
}

# inodes_in DPRC: an object has another one after each unbind
inodes_in() { board_exec sh -c 'cd -P /sys/bus/fsl-mc/devices/"$1" && stat -c "%n %i" d*.*' sh "$1"; }

@test "a rebind that was killed before it unbound is not called done" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	inodes_in dprc.2 >"$BATS_TEST_TMPDIR/before"
	killed_after_access 3 rebind dprc.2
	[ "$(board_exec cat /sys/bus/fsl-mc/autorescan)" = 0 ]
	board fslmc-vfio recover -n -r
	[ "$status" -eq 0 ]
	[[ $output == "dprc.2 original "* ]]
	inodes_in dprc.2 | diff "$BATS_TEST_TMPDIR/before" -
	has_no_journal
	killed_at_end rebind dprc.2
	board fslmc-vfio recover -n -r
	[[ $output == "dprc.2 requested "* ]]
	! inodes_in dprc.2 | diff -q "$BATS_TEST_TMPDIR/before" - >/dev/null
}

@test "a DPRC made anew with the ICID and the portal of a killed run's is left alone" {
	needs_virtual_board
	firmware '{"do":"create","parent":1,"id":9,"icid":9,"plugged":true}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	board_exec fslmc-vfio bind dprc.9 >/dev/null
	killed_while_writing rebind dprc.9 >/dev/null
	firmware '{"do":"destroy","object":"dprc.9"}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	firmware '{"do":"create","parent":1,"id":9,"icid":9,"plugged":true}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	board fslmc-vfio recover -n
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.9: warning: it is another DPRC now"* ]]
	[ "$(driver_of dprc.9)" = fsl_mc_dprc ]
	[ "$(override_of dprc.9)" = '(null)' ]
	[ "$(board_exec cat /sys/bus/fsl-mc/autorescan)" = 1 ]
	firmware '{"do":"destroy","object":"dprc.9"}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	has_no_journal
}

@test "a record that cannot be read is never guessed at" {
	killed_while_writing bind dprc.2
	board_exec sh -c 'cd /run/fslmc-vfio/journal && cp dprc.2.json /run/kept && echo "{" >dprc.2.json'
	same_state fslmc-vfio recover
	[ "$status" -eq 8 ]
	[[ $stderr == *"/run/fslmc-vfio/journal/dprc.2.json, cannot be read"* ]]
	same_state fslmc-vfio bind dprc.3
	[ "$status" -eq 4 ]
	board_exec sh -c 'mv /run/kept /run/fslmc-vfio/journal/dprc.2.json'
}

@test "a recovery does not unbind what a program uses" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	killed_while_writing rebind dprc.2
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo dprc.2 >drivers/vfio-fsl-mc/bind && echo other >devices/dprc.2/driver_override'
	holder=$(hold_node_of dprc.2)
	board timeout 30 fslmc-vfio recover
	[ "$status" -eq 5 ]
	[[ $stderr == *"process $holder (sleep)"* ]]
	let_go "$holder"
	holder=
	board_exec fslmc-vfio recover >/dev/null
	has_no_journal
}

# The directory in place of the node is for an error that nobody foresees.
@test "where nobody can tell whether a program uses it, what is half done stays so, and is called that" {
	needs_virtual_board
	has_vfio_groups || skip "without groups only /proc tells: rules/holders.bats"
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	killed_while_writing rebind dprc.2
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo dprc.2 >drivers/vfio-fsl-mc/bind && echo other >devices/dprc.2/driver_override
		mv "/dev/vfio/$1" /run/node && mkdir "/dev/vfio/$1"' sh "$(group_of dprc.2)"
	board fslmc-vfio recover
	board_exec sh -c 'rmdir "/dev/vfio/$1" && mv /run/node "/dev/vfio/$1"; ls /run/fslmc-vfio/journal/dprc.2.json' sh "$(group_of dprc.2)"
	[ "$status" -eq 8 ]
	[[ $stderr == *"dprc.2: cannot tell whether its VFIO group "*" is in use: Is a directory"* ]]
	board_exec fslmc-vfio recover >/dev/null
	has_no_journal
}

@test "what was completed stays, though autorescan cannot be switched on" {
	needs_virtual_board
	killed_at_end bind dprc.2
	board_exec sh -c 'echo 0 >/sys/bus/fsl-mc/autorescan'
	firmware '{"do":"fail","command":"set_irq_mask","status":"busy","object":"dprc.1","times":0}'
	board fslmc-vfio recover
	[ "$(faults_hit)" -gt 0 ]
	[ "$status" -eq 8 ]
	[[ $stderr == *"autorescan is off and was on; run: echo 1 > /sys/bus/fsl-mc/autorescan"* ]]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	has_no_journal
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/autorescan'
}

@test "a journal that vanishes while it is read is another recovery's" {
	killed_while_writing bind dprc.2
	board strace -o /dev/null -P journal/dprc.2.json -e trace=openat -e inject=openat:error=ENOENT:when=2+ fslmc-vfio recover
	[ "$status" -eq 0 ]
	has_no_journal
}
