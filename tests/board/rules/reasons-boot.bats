#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reasons that lie in how the host was booted: no VFIO modules loaded, IOMMU passed through.
#
# shellcheck disable=SC2154

load ../../lib/reasons

setup_file() { board_start small --no-vfio --append iommu.passthrough=1; }
teardown_file() { board_stop; }

@test "driver-missing, type1-missing and iommu-passthrough, until the modules are loaded" {
	needs_virtual_board
	provokes refuse driver-missing dprc.3
	[ "$(evidence driver-missing dprc.3)" = "not loaded: the module is installed" ]
	bind_refuses 4 driver-missing dprc.3
	besides=driver-missing provokes warn type1-missing dprc.3
	besides=driver-missing provokes warn iommu-passthrough dprc.3
	board_exec modprobe vfio-fsl-mc
	board_exec modprobe vfio_iommu_type1
	[ "$(reasons_of dprc.3)" = $'info contents-changeable\nwarn iommu-passthrough' ]
	board fslmc-vfio bind dprc.3
	[ "$status" -eq 0 ]
}
