#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A board that boots by ACPI, whose IORT covers all ICIDs: what no driver has probed yet can be assigned, too.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/reasons
load ../../lib/capture

# Linux 7.2 gives a container no IOMMU otherwise, for the board's interrupts are not isolated.
setup_file() { board_start small --acpi --append vfio_iommu_type1.allow_unsafe_interrupts=1; }
teardown_file() { board_stop; }
setup() { board_needed && needs_virtual_board; }

# A container as restool makes it, with an object or two, that no driver has seen.
fresh_dprc() {
	local type
	firmware '{"do": "create", "parent": 1, "id": 7, "icid": 9, "label": "fresh", "options": ["IRQ_CFG"]}' >/dev/null
	for type in dpni dpio dpmcp dpbp; do
		firmware "{\"do\": \"add\", \"container\": 7, \"type\": \"$type\"}" >/dev/null
	done
	rescan
}

is_gone() { board_exec test ! -e "/sys/bus/fsl-mc/devices/$1"; }

# objections DPRC: what check has against it, and what it warns of.
objections() { reasons_of "$1" | grep -v '^info ' || true; }

@test "the board has no device tree" {
	board_exec sh -c 'test ! -e /sys/firmware/devicetree/base/model && test -e /sys/firmware/acpi/tables/IORT'
}

@test "a fresh container: nothing to object, bound, probed, and unbound as it was found" {
	fresh_dprc
	[ -z "$(objections dprc.7)" ]
	[ -z "$(driver_of dprc.7)" ]
	board fslmc-vfio bind dprc.7
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.7)" = vfio-fsl-mc ]
	board fslmc-vfio probe dprc.7
	[ "$status" -eq 0 ]
	# Its group is all it keeps: Linux has no way to take that back.
	state_dump | grep -v iommu_group >"$BATS_TEST_TMPDIR/bound"
	board fslmc-vfio unbind dprc.7
	[ "$status" -eq 0 ]
	[ -z "$(driver_of dprc.7)" ]
	[ "$(override_of dprc.7)" = '(null)' ]
	[ "$(board_exec sh -c 'ls /sys/bus/fsl-mc/devices/dprc.7 | grep -c ^dp' || true)" = 0 ]
	destroy dprc.7
	is_gone dprc.7
}

@test "a container of the host's: bound, and unbound exactly as before" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	[ -z "$(reasons_of dprc.2 | grep '^refuse' || true)" ]
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "doctor knows the machine and its interrupts, and has nothing against it" {
	board fslmc-vfio doctor --json
	[ "$status" -eq 0 ]
	[[ $(jq -r .host.machine <<<"$output") == QEMU* ]]
	[ "$(jq -r '.host.has_msi, .host.iommu_driver' <<<"$output")" = $'true\narm-smmu' ]
	jq -e '[.findings[] | select(.severity == "refuse")] == []' <<<"$output"
}

@test "a captured machine is judged as the live one" {
	fresh_dprc
	replays_alike 'check dprc.7' 'check dprc.2' doctor
	"$native" "--sysroot=$BATS_TEST_TMPDIR/board.tar" doctor --json | jq -e '.host | (.machine | startswith("QEMU")) and .has_msi'
	destroy dprc.7
}

# As container managers hide them.  Before Linux 6.15 the group cannot be seen, either.
@test "without the tables a fresh container is bound only if its group is there, and the remedy shows that" {
	fresh_dprc
	board_exec mount -t tmpfs none /sys/firmware
	if [[ -z $(group_of dprc.7) ]]; then
		bind_refuses 4 no-iommu-group dprc.7
		[[ $stderr == *"IORT"*"let fsl_mc_dprc probe it once"* ]]
		[[ $stderr != *"device tree"* ]]
		board_exec sh -c 'echo fsl_mc_dprc >/sys/bus/fsl-mc/devices/dprc.7/driver_override &&
			echo dprc.7 >/sys/bus/fsl-mc/drivers_probe && echo >/sys/bus/fsl-mc/devices/dprc.7/driver_override'
	fi
	board fslmc-vfio bind dprc.7
	[ "$status" -eq 0 ]
	board fslmc-vfio unbind dprc.7
	[ "$status" -eq 0 ]
	board_exec umount /sys/firmware
	destroy dprc.7
}

@test "an ordinary user, who cannot read the table, may look" {
	board_as_operator fslmc-vfio check dprc.2
	[ "$status" -eq 0 ]
	board_as_operator fslmc-vfio doctor
	[[ $output == *"QEMU"* ]]
}
