#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A DPRC that no driver has scanned shows no IOMMU group before Linux 6.15, and a bind of one that gets
# none crashes kernels before 6.16 inside the write.  So what has none must be told by its ICID.
#
# shellcheck disable=SC2154

load ../../lib/reasons

setup_file() { board_start no-iommu; }
teardown_file() { board_stop; }

@test "an unscanned DPRC outside the iommu-map is refused, and the kernel lives" {
	[ -z "$(driver_of dprc.2)$(group_of dprc.2)" ]
	provokes refuse no-iommu-group dprc.2
	[ "$(evidence no-iommu-group dprc.2)" = "the iommu-map of the MC's device tree node does not cover its ICID 100" ]
	bind_refuses 4 no-iommu-group dprc.2
	bind_refuses 4 no-iommu-group dprc.2 --force
	board uname -r
	[ "$status" -eq 0 ]
}

@test "a scanned DPRC outside the iommu-map is refused" {
	provokes refuse no-iommu-group dprc.3
	[ "$(evidence no-iommu-group dprc.3)" = "fsl_mc_dprc probed it and it got none" ]
	bind_refuses 4 no-iommu-group dprc.3
}

@test "an unscanned DPRC inside the iommu-map is bound" {
	needs_virtual_board
	new_dprc '"id":9,"icid":60'
	firmware '{"do":"add","container":9,"type":"dpni","id":90}'
	[ -z "$(driver_of dprc.9)" ]
	provokes info unplugged dprc.9
	board fslmc-vfio bind -n -r -o NAME,CHANGED,DRIVER dprc.9
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.9 yes vfio-fsl-mc" ]
	[ "$(driver_of dprc.9/dpni.90)" = vfio-fsl-mc ]
	board fslmc-vfio unbind dprc.9
	[ "$status" -eq 0 ]
	destroy dprc.9
}

@test "a nested DPRC outside the iommu-map is a reason to refuse the one around it" {
	needs_virtual_board
	firmware '{"do":"create","parent":4,"id":8,"icid":102}'
	provokes refuse no-iommu-group dprc.4
	[ "$(evidence no-iommu-group dprc.4)" = "dprc.8 in it: the iommu-map of the MC's device tree node does not cover its ICID 102" ]
	bind_refuses 4 no-iommu-group dprc.4
	destroy dprc.8
}

@test "where neither group nor ICID can be known, an unscanned DPRC is refused" {
	needs_virtual_board
	new_dprc '"id":9,"icid":60'
	board_exec mv /dev/dprc.1 /dev/hidden
	if [[ -z $(group_of dprc.9) ]]; then
		provokes refuse no-iommu-group dprc.9
		[[ $(evidence no-iommu-group dprc.9) == *"its ICID is not known"* ]]
		bind_refuses 4 no-iommu-group dprc.9
	else
		# Newer kernels give it its group before a driver scans it.
		provokes warn mc-unknown dprc.9
	fi
	board_exec mv /dev/hidden /dev/dprc.1
	destroy dprc.9
}
