# SPDX-License-Identifier: GPL-2.0-or-later
#
# Everything on a kernel that has VFIO's device files and nothing else: no groups, no /dev/vfio/vfio.
#
# shellcheck disable=SC2154,SC2016

load lib/board
load lib/probe

setup_file() { board_start small --kernel iommufd-only; }
teardown_file() { board_stop; }

@test "check, bind, probe, list, show and unbind need no groups of VFIO" {
	needs_virtual_board
	board fslmc-vfio check dprc.2
	[ "$status" -eq 0 ]
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
	board sh -c 'ls /dev/vfio'
	[ "$output" = devices ]

	board fslmc-vfio probe -J --all dprc.2
	[ "$status" -eq 0 ]
	[ "$(jq -r .probe.interface <<<"$output")" = cdev ]
	firmware_view dprc.2 >"$BATS_TEST_TMPDIR/firmware"
	probe_view <<<"$output" | diff "$BATS_TEST_TMPDIR/firmware" -

	board fslmc-vfio probe --interface group dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"/dev/vfio/vfio: No such file"* ]]

	board fslmc-vfio list -n -r -o NAME,DRIVER dprc.2
	[ "$output" = "dprc.2 vfio-fsl-mc" ]
	board fslmc-vfio show dprc.2
	[ "$status" -eq 0 ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
}
