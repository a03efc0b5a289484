#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Boards that boot by ACPI, whose IORT covers ICIDs 0 and 1 only, or does not know the MC at all: the tree board
# without an iommu-map in another shape.  A bind would crash Linux before 6.16.
#
# shellcheck disable=SC2154

load ../../lib/reasons

setup_file() { board_start small --acpi=short; }
teardown_file() { board_stop; }
setup() { board_needed && needs_virtual_board; }

to_smmu="the mapping of the MC to the SMMU in the ACPI table IORT"

@test "an ICID beyond the IORT: refused whether or not a driver tried it, nothing written, and the kernel lives" {
	new_dprc '"id": 7, "icid": 9, "options": ["IRQ_CFG"]'
	for name in dprc.7 dprc.3; do
		provokes refuse no-iommu-group "$name"
		bind_refuses 4 no-iommu-group "$name"
		[[ $stderr == *"$to_smmu does not cover its ICID"* ]]
		[[ $stderr == *"use UEFI firmware whose ACPI table IORT"* ]]
		[[ $stderr != *"device tree"* ]]
		bind_refuses 4 no-iommu-group "$name" --force
	done
	destroy dprc.7
}

@test "within the IORT a container is bound, nested ones beyond it keep it from that" {
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	firmware '{"do": "create", "parent": 2, "id": 8, "icid": 10}' >/dev/null
	bind_refuses 4 no-iommu-group dprc.2
	[[ $stderr == *"dprc.8 in it: $to_smmu does not cover its ICID 10"* ]]
	firmware '{"do": "destroy", "object": "dprc.8"}' >/dev/null
}

@test "no-msi: the way to the ITS goes over the SMMU" {
	besides=no-iommu-group provokes warn no-msi dprc.3
	[ "$(evidence no-msi dprc.3)" = "the mapping of the MC to an ITS in the ACPI table IORT does not cover its ICID 2" ]
}

@test "an IORT that does not know the MC: nothing is written, and the kernel lives" {
	local BOARD_NAME=$BOARD_NAME-none
	"$board_script" start "$BOARD_NAME" --topology small --acpi=none --kernel "${BOARD_KERNEL:-6.1}" \
		--install "${FSLMC_VFIO_BUILD:-$tests_dir/../build}/install" 3>&-
	board fslmc-vfio bind dprc.2
	[ "$status" -ne 0 ]
	board fslmc-vfio doctor --json
	[ "$(jq -r '.host.has_msi' <<<"$output")" = false ]
	board true
	[ "$status" -eq 0 ]
	"$board_script" stop "$BOARD_NAME"
}
