#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A board whose device tree maps ICIDs to an IOMMU that is not there: of_map_id() gives up on them, and a bind of a
# container that no driver has scanned would crash Linux before 6.16.
#
# shellcheck disable=SC2154

load ../../lib/reasons

setup_file() {
	jq '.iommu_icids = 2 | .iommu_dangling = true' "$tests_dir/vm/topologies/tiny.json" >"$BATS_FILE_TMPDIR/dangling.json"
	board_start "$BATS_FILE_TMPDIR/dangling.json"
}
teardown_file() { board_stop; }
setup() { board_needed && needs_virtual_board; }

@test "no-iommu-group where the iommu-map leads nowhere, and the kernel lives" {
	new_dprc '"id":9,"icid":60,"options":["IRQ_CFG"]'
	bind_refuses 4 no-iommu-group dprc.9
	bind_refuses 4 no-iommu-group dprc.9 --force
	destroy dprc.9
}

@test "what the same map leads to the SMMU is bound" {
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
}
