# SPDX-License-Identifier: GPL-2.0-or-later
#
# probe of a container as large as they are in the field: LX2160A-RDB with a child of 151 objects.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/probe

setup_file() {
	board_start lx2160a-rdb --append vfio_iommu_type1.allow_unsafe_interrupts=1
	[[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio bind dprc.2 >/dev/null
}
teardown_file() { board_stop; }
teardown() { [[ -n ${BOARD_MISSING:-} ]] || board_exec pkill -x fslmc-vfio >/dev/null || true; }

@test "every region and interrupt of all 152 objects is as the firmware has it" {
	needs_virtual_board
	board fslmc-vfio probe -J dprc.2
	[ "$status" -eq 0 ]
	firmware_view dprc.2 >"$BATS_TEST_TMPDIR/firmware"
	probe_view <<<"$output" | diff "$BATS_TEST_TMPDIR/firmware" -
	[ "$(jq '.objects | length' <<<"$output")" -eq 152 ]
}

@test "with all tests, too, sysfs and the firmware are left as they were" {
	needs_virtual_board
	# Any close resets the container; what is compared is what comes on top of that.
	bind_anew dprc.2
	board_exec fslmc-vfio probe dprc.2 >/dev/null
	state_dump | grep -v /msi_irqs >"$BATS_TEST_TMPDIR/before"
	firmware_state >"$BATS_TEST_TMPDIR/firmware"
	board fslmc-vfio probe -J --all dprc.2
	[ "$status" -eq "$(status_after_irqs dprc.2)" ]
	[ "$(jq -c '[.tests[] | select(.result == "failed" and .test != "irq_again")]' <<<"$output")" = '[]' ]
	firmware_state | diff "$BATS_TEST_TMPDIR/firmware" -
	state_dump | grep -v /msi_irqs | diff "$BATS_TEST_TMPDIR/before" -
}

@test "an interrupt of each of its objects arrives at its own eventfd" {
	needs_virtual_board
	local object objects
	bind_anew dprc.2
	mapfile -t objects < <(firmware '{"do":"state"}' |
		jq -r '.objects[] | select((.object == "dprc.2" or .container == "dprc.2") and (.irqs | length > 0)) | .object')
	((${#objects[@]} > 100))
	# shellcheck disable=SC2034 # of board.bash
	local board_options=(--deadline 900)
	watch_begin 600
	for object in "${objects[@]}"; do
		firmware "$(jq -cn --arg object "$object" '{do: "irq", $object, index: 0, events: 1}')" >/dev/null
	done
	wait_for_notes "interrupt 0, events 0x1" "${#objects[@]}"
	watch_end
	[ "$(jq -r '.tests[] | select(.test == "irq_watch") | "\(.object) \(.interrupts)"' <<<"$watched" | sort)" = \
		"$(printf '%s 1\n' "${objects[@]}" | sort)" ]
}
