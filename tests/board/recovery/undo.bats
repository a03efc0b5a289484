# SPDX-License-Identifier: GPL-2.0-or-later
#
# What ends a change before or while it is made costs nothing: neither a typing error, nor a bus that cannot be
# written to, nor a DPRC that vanishes.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start small; }
teardown_file() { board_stop; }
teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio unbind dprc.2 dprc.3 >/dev/null
}

@test "a column that does not exist is said before anything is done" {
	for verb in bind unbind rebind "bind --dry-run" apply; do
		[[ $verb == bind* || $verb == apply ]] || board_exec fslmc-vfio bind dprc.2 >/dev/null
		# shellcheck disable=SC2086 # a verb and its option
		same_state fslmc-vfio $verb -o NAME,DRVER dprc.2
		[ "$status" -eq 2 ]
		[[ $stderr == *"no column 'DRVER'"* || $stderr == *"no column 'NAME'"* ]]
		board fslmc-vfio ${verb%% *} --help
		[[ $output == *"Columns for -o"*" * DRIVER "* ]]
	done
	has_no_journal
}

@test "where /sys is read only nothing is changed, and no recovery is due" {
	same_state unshare -m sh -c 'mount -o remount,bind,ro /sys && exec fslmc-vfio bind dprc.2'
	[ "$status" -eq 1 ]
	[[ $stderr == *"autorescan: Read-only file system (EROFS)"* ]]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[ "${stderr_lines[1]}" = "fslmc-vfio: dprc.2 is as it was" ]
	has_no_journal
}

@test "an output that cannot be written undoes what was done" {
	same_state sh -c 'fslmc-vfio bind -J dprc.2 >/dev/full'
	[ "$status" -eq 1 ]
	[[ $stderr == *"cannot write the output"* ]]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[ "${stderr_lines[1]}" = "fslmc-vfio: dprc.2 is as it was" ]
	has_no_journal
}

@test "a file that may not grow any more is an output that cannot be written" {
	same_state sh -c 'head -c 100000 /dev/zero >/tmp/document; ulimit -f 100; fslmc-vfio bind -J dprc.2 >>/tmp/document'
	[ "$status" -eq 1 ]
	[[ $stderr == *"cannot write the output: File too large"* ]]
	has_no_journal
}

@test "the whole document is written before the change is final" {
	board sh -c 'strace -o /dev/null -P /tmp/document -e trace=write -e inject=write:error=ENOSPC:when=2 \
		fslmc-vfio bind -J dprc.2 >/tmp/document; status=$?; cat /tmp/document; exit "$status"'
	[ "$status" -eq 0 ]
	jq -e '.changed and .status == "done"' <<<"$output" >/dev/null
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	has_no_journal
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
}

@test "one that vanishes keeps the others from nothing" {
	needs_virtual_board
	firmware '{"do":"create","parent":1,"id":9,"icid":9,"plugged":true}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan; until [ -e /sys/bus/fsl-mc/devices/dprc.9/driver ]; do sleep 0.05; done'
	before_write=1 halted bind dprc.2 dprc.9
	firmware '{"do":"destroy","object":"dprc.9"}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	goes_on
	echo "$stderr"
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	[ "$(override_of dprc.2)" = '(null)' ]
	[ "$(board_exec cat /sys/bus/fsl-mc/autorescan)" = 1 ]
	[[ $(board_exec cat /tmp/halted.said) == *"dprc.9: it is not the device it was when it was checked"*"dprc.9: warning: device disappeared; nothing to restore"* ]]
	has_no_journal
}

@test "one that cannot be read any more keeps the others from nothing" {
	local path
	state_dump >"$BATS_TEST_TMPDIR/before"
	path=$(board_exec sh -c 'cd -P /sys/bus/fsl-mc/devices/dprc.3 && pwd | sed s,^/sys/,,')
	# Looked at before the journal and when the writes are planned; from the first write on it fails.
	board strace -o /run/trace -P "$path" -e trace=openat2 -e inject=openat2:error=EIO:when=6+ \
		fslmc-vfio bind dprc.2 dprc.3
	[ "$status" -eq 8 ]
	[[ $stderr == *"dprc.3: cannot read its driver: Input/output error"* ]]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	[ "$(override_of dprc.2)" = '(null)' ]
	[ "$(board_exec cat /sys/bus/fsl-mc/autorescan)" = 1 ]
	board fslmc-vfio recover
	[ "$status" -eq 0 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	has_no_journal
}

@test "what another switched on meanwhile stays on" {
	board_exec sh -c 'echo 0 >/sys/bus/fsl-mc/autorescan'
	halted bind dprc.2
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/autorescan'
	goes_on
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	[ "$(board_exec cat /sys/bus/fsl-mc/autorescan)" = 1 ]
}

# missing_after_unbind: the MC was too busy to tell of one when the host took the container back.  What is said heals it.
missing_after_unbind() {
	firmware '{"do":"fail","command":"get_obj","status":"busy","from":"dprc.2"}'
	board fslmc-vfio unbind dprc.2
	[ "$(faults_hit)" -eq 1 ]
	[ "$status" -eq 8 ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	[[ $stderr == *": not restored: object no longer present in Linux (driver was "*"; once nothing uses dprc.2, run: "* ]]
	has_no_journal
	board_exec sh -c "$(sed -n 's/.*, run: //p' <<<"$stderr")"
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "an object that the MC was too busy to tell of when the host took the container back is named, with what helps" {
	needs_virtual_board
	state_dump >"$BATS_TEST_TMPDIR/before"
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	missing_after_unbind
}

@test "so it is when it was not fslmc-vfio that bound the DPRC" {
	needs_virtual_board
	state_dump >"$BATS_TEST_TMPDIR/before"
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo vfio-fsl-mc >devices/dprc.2/driver_override &&
		echo dprc.2 >drivers/fsl_mc_dprc/unbind && echo dprc.2 >drivers/vfio-fsl-mc/bind'
	missing_after_unbind
}

@test "a bind after which the MC does not tell of an object is undone, and what is away is named until it is back" {
	needs_virtual_board
	state_dump >"$BATS_TEST_TMPDIR/before"
	firmware '{"do":"fail","command":"get_obj","status":"busy","object":"dpio.10","times":0}'
	board fslmc-vfio bind dprc.2
	firmware '{"do":"clear"}'
	[ "$status" -eq 8 ]
	[[ $stderr == *"dprc.2 (the MC did not list all that is in it)"* ]]
	[[ $stderr == *"dpio.10: not restored: "*"; once nothing uses dprc.2, run: "* ]]
	# It unbinds nothing that it was not the one to take.
	board fslmc-vfio recover
	[ "$status" -eq 8 ]
	board_exec sh -c 'cd /sys/bus/fsl-mc/drivers/fsl_mc_dprc && echo dprc.2 >unbind && echo dprc.2 >bind'
	board fslmc-vfio recover
	[ "$status" -eq 0 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	has_no_journal
}
