# SPDX-License-Identifier: GPL-2.0-or-later
#
# A board as it is in the field: LX2160A-RDB, with a child as dynamic_dpl.sh makes it.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/capture

setup_file() { board_start lx2160a-rdb; }
teardown_file() { board_stop; }

@test "the root DPRC has its 96 objects, and the child 151" {
	board fslmc-vfio list -n -r -o NAME,OBJECTS
	[[ ${lines[0]} == "dprc.1 98" ]] # the two children count, too
	[[ ${lines[1]} == "dprc.2 151" ]]
}

@test "captured, it shows the same elsewhere" {
	board_exec fslmc-vfio define dprc.2 >/dev/null
	replays_alike "${reading_verbs[@]}"
	board_exec rm -r /etc/fslmc-vfio.d
}

@test "bind takes all 151 objects and the DPRC, and unbind leaves the bus as it was" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind -n -r -o NAME,DRIVER,OBJECTS dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 vfio-fsl-mc 151" ]
	board sh -c 'cd /sys/bus/fsl-mc/devices/dprc.2/ &&
		for i in . dp*; do readlink -f "$i/driver" "$i/iommu_group"; done | sort | uniq -c'
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == *" 152 "*/drivers/vfio-fsl-mc ]]
	[[ ${lines[1]} == *" 152 "*/iommu_groups/* ]]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}
