# SPDX-License-Identifier: GPL-2.0-or-later
#
# The root DPRC is the one whose parent is not on the bus, whatever its number: here dprc.7.
#
# shellcheck disable=SC2154

load lib/board

setup_file() { board_start renumbered; }
teardown_file() { board_stop; }

@test "a root DPRC named dprc.7 is refused, and nothing is written" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind dprc.7
	[ "$status" -eq 4 ]
	[[ $stderr == "fslmc-vfio: dprc.7: root-dprc: "* ]]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "a child named dprc.1 is bound and given back" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind dprc.1
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.1)" = vfio-fsl-mc ]
	board fslmc-vfio unbind dprc.1
	[ "$status" -eq 0 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}
