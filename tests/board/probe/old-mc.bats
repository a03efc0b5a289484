# SPDX-License-Identifier: GPL-2.0-or-later
#
# Older MCs: regions of the size that is used of a portal, told by older versions of the commands.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/probe

# One board a test.
teardown() { board_stop; }

# with_dprc_api MINOR: the small board, whose DPRCs have the API 6.MINOR.
with_dprc_api() {
	jq --argjson minor "$1" '.api_versions.dprc = [6, $minor]' "$tests_dir/vm/topologies/small.json" >"$BATS_TEST_TMPDIR/old.json"
	board_start "$BATS_TEST_TMPDIR/old.json" --append vfio_iommu_type1.allow_unsafe_interrupts=1
	board_needed
	needs_virtual_board
}

# versions COMMAND: of that command, as the kernel has used it, all of which succeeded.
versions() {
	firmware '{"do":"log","since":0}' | jq -c --arg command "$1" \
		'[.log[] | select(.command == $command) | if .status == "ok" then .id % 16 else .status end] | unique'
}

# An MC portal of 64 bytes cannot be given to a program in pages; QBMan's of 4 KiB can.
round_trip() {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind -n -r -o NAME,CHANGED,DRIVER dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 yes vfio-fsl-mc" ]
	board fslmc-vfio probe -J --mmap --command dprc.2
	echo "$status $stderr"
	[ "$status" -eq 0 ]
	firmware_view dprc.2 >"$BATS_TEST_TMPDIR/firmware"
	probe_view <<<"$output" | diff "$BATS_TEST_TMPDIR/firmware" -
	jq -c .tests <<<"$output"
	[ "$(jq -r '.tests[] | select(.test == "mmap") | "\(.object) \(.result)"' <<<"$output" | sort -u)" = "dpio.10 passed
dpio.11 passed
dpmcp.10 not_applicable
dpmcp.11 not_applicable
dprc.2 not_applicable" ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "API 6.2: regions without a base address, and a reset that is always recursive" {
	with_dprc_api 2
	round_trip
	[ "$(versions get_obj_region)" = '[1]' ]
	[ "$(versions reset_container)" = '[1]' ]
}

@test "API 6.5: regions with a base address, of the size that is used" {
	with_dprc_api 5
	round_trip
	[ "$(versions get_obj_region)" = '[2]' ]
	[ "$(versions reset_container)" = '[2]' ]
}
