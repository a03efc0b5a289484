# SPDX-License-Identifier: GPL-2.0-or-later
#
# A kernel that was told to probe vfio-fsl-mc's devices beside all else: a bind returns before its objects are bound.
#
# shellcheck disable=SC2154

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start lx2160a-rdb --cpus 2 --append driver_async_probe=vfio-fsl-mc; }
teardown_file() { board_stop; }

@test "bind waits for objects that are bound later" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
	[ "$(board_exec sh -c 'ls -d /sys/bus/fsl-mc/drivers/vfio-fsl-mc/dp*.* | wc -l')" -eq 152 ]
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}
