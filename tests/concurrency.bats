# SPDX-License-Identifier: GPL-2.0-or-later
#
# One writer at a time; signals between the writes.
#
# shellcheck disable=SC2154,SC2016

load lib/board
load lib/transaction

setup_file() { board_start tiny; }
teardown_file() { board_stop; }
teardown() { [[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio unbind --wait 60 dprc.2 dprc.3 dprc.4 >/dev/null; }

@test "a second writer is told at once, or waits" {
	slowly bind dprc.2
	board fslmc-vfio bind dprc.3
	[ "$status" -eq 5 ]
	[[ $stderr == *"another fslmc-vfio is at work; --wait SECONDS waits for it"* ]]
	[ "$(driver_of dprc.3)" = fsl_mc_dprc ]
	board fslmc-vfio bind --wait 60 dprc.3
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
}

@test "a signal during a write waits for it, and then all is put back" {
	local signal
	state_dump >"$BATS_TEST_TMPDIR/before"
	for signal in TERM INT HUP; do
		slowly bind dprc.2
		board_exec sh -c 'pkill -"$1" -x fslmc-vfio; while pgrep -x fslmc-vfio; do sleep 0.1; done' sh "$signal" >/dev/null
		[ "$(board_exec cat /tmp/slow)" = "fslmc-vfio: stopped by SIG$signal" ]
		state_dump | diff "$BATS_TEST_TMPDIR/before" -
		has_no_journal
	done
}

@test "of many at once, on three containers, every one ends with a true status" {
	board_exec tee /tmp/on-board <"$tests_dir/torture/on-board" >/dev/null
	# shellcheck disable=SC2034 # board_exec reads it
	board_options=(--deadline 600)
	board bash /tmp/on-board storm 4 12 dprc.2 dprc.3 dprc.4
	printf '# %s\n' "$output" >&3
	[ "$status" -eq 0 ]
}
