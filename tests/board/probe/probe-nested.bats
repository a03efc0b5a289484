# SPDX-License-Identifier: GPL-2.0-or-later
#
# probe of a DPRC with a DPRC inside, which has an IOMMU group of its own, and of that one.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/probe
load ../../lib/transaction

setup_file() {
	board_start nested --append vfio_iommu_type1.allow_unsafe_interrupts=1
	[[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio bind dprc.2 >/dev/null
}
teardown_file() { board_stop; }
teardown() { [[ -n ${BOARD_MISSING:-} ]] || board_exec pkill -x fslmc-vfio >/dev/null || true; }

@test "the DPRC inside is left alone, all else is as the firmware has it" {
	needs_virtual_board
	board fslmc-vfio probe -J dprc.2
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.4: it has an IOMMU group of its own, so it is left alone"* ]]
	[ "$(jq -c '[.objects[] | select(.verdict != "good") | [.name, .verdict]]' <<<"$output")" = '[["dprc.4","nested"]]' ]
	firmware_view dprc.2 >"$BATS_TEST_TMPDIR/firmware"
	probe_view <<<"$output" | diff "$BATS_TEST_TMPDIR/firmware" -
	run ! grep -q '^dprc.4\|^dpni.3' "$BATS_TEST_TMPDIR/firmware"
}

@test "the DPRC inside is probed by its own name, through its own group" {
	needs_virtual_board
	[ "$(group_of dprc.4)" != "$(group_of dprc.2)" ]
	board fslmc-vfio probe -J dprc.4
	[ "$status" -eq 0 ]
	firmware_view dprc.4 >"$BATS_TEST_TMPDIR/firmware"
	probe_view <<<"$output" | diff "$BATS_TEST_TMPDIR/firmware" -
	[ "$(wc -l <"$BATS_TEST_TMPDIR/firmware")" -gt 5 ]
}

@test "all tests of either leave sysfs and the firmware as they were" {
	needs_virtual_board
	local dprc
	board_exec fslmc-vfio probe dprc.2 >/dev/null
	board_exec fslmc-vfio probe dprc.4 >/dev/null
	state_dump | grep -v /msi_irqs >"$BATS_TEST_TMPDIR/before"
	firmware_state >"$BATS_TEST_TMPDIR/firmware"
	for dprc in dprc.2 dprc.4; do
		board fslmc-vfio probe -J --all "$dprc"
		[ "$status" -eq "$(status_after_irqs "$dprc")" ]
		[ "$(jq -c '[.tests[] | select(.result == "failed" and .test != "irq_again")]' <<<"$output")" = '[]' ]
		state_dump | grep -v /msi_irqs | diff "$BATS_TEST_TMPDIR/before" -
		firmware_state | diff "$BATS_TEST_TMPDIR/firmware" -
	done
	bind_anew dprc.2
}

@test "who uses the outer one keeps nobody from the one inside" {
	needs_virtual_board
	watch_begin 60
	board fslmc-vfio probe dprc.2
	[ "$status" -eq 5 ]
	board fslmc-vfio probe dprc.4
	watch_end
	[ "$status" -eq 0 ]
}

@test "who uses the DPRC inside keeps the outer one from being opened, for closing it may reset both" {
	local holder
	holder=$(hold_node_of dprc.4)
	board fslmc-vfio probe dprc.2
	let_go "$holder"
	[ "$status" -eq 5 ]
	[ -z "$output" ]
	[[ $stderr == *"dprc.4: it is in use, and closing dprc.2, which it is in, may reset it: process $holder (sleep) has /dev/vfio/$(group_of dprc.4)" ]]
	[[ $stderr != *"closing it will reset"* ]]
	board fslmc-vfio probe dprc.2
	[ "$status" -eq 0 ]
}
