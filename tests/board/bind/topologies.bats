# SPDX-License-Identifier: GPL-2.0-or-later
#
# Boards that no other file boots.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/reasons
load ../../lib/transaction

# One board a test.
teardown() { board_stop; }

@test "LS1088A-RDB: the child that no driver has scanned yet is bound with its 126 objects, and given back" {
	board_start ls1088a-rdb
	board_needed
	[ -z "$(driver_of dprc.2)" ]
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind -n -r -o NAME,CHANGED,DRIVER,OBJECTS dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 yes vfio-fsl-mc 126" ]
	board sh -c 'cd /sys/bus/fsl-mc/devices/dprc.2/ &&
		for i in . dp*; do readlink -f "$i/driver" "$i/iommu_group"; done | sort | uniq -c'
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == *" 127 "*/drivers/vfio-fsl-mc ]]
	[[ ${lines[1]} == *" 127 "*/iommu_groups/* ]]
	board fslmc-vfio unbind -n -r -o NAME,CHANGED dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 yes" ]
	has_no_journal
	# Before Linux 6.15 a device gets its IOMMU group with its first driver, and keeps it; nothing else is new.
	state_dump >"$BATS_TEST_TMPDIR/after"
	run diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	[ "$status" -le 1 ]
	run ! grep -vE '^([0-9,]+a[0-9,]+|> .*iommu.*|)$' <<<"$output"
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	state_dump | diff "$BATS_TEST_TMPDIR/after" -
}

@test "two children with one ICID: list shows them in one group, and neither can be assigned" {
	local dprc other strangers
	board_start shared-icid
	board_needed
	board fslmc-vfio list -n -r -o NAME,GROUP,ICID,MCOBJECTS dprc.2 dprc.3
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 $(group_of dprc.2) 1 9
dprc.3 $(group_of dprc.2) 1 4" ]
	for dprc in dprc.2 dprc.3; do
		[[ $dprc == dprc.2 ]] && other=dprc.3 || other=dprc.2
		besides=group-shared provokes refuse icid-shared "$dprc"
		[ "$(evidence icid-shared "$dprc")" = "ICID 1 of $other" ]
		besides=icid-shared provokes refuse group-shared "$dprc"
		# It names as many as fit in a line, which on Linux 7 are objects of the other.
		strangers=$(evidence group-shared "$dprc")
		[[ $strangers == "$other" ]] || board_exec fslmc-vfio list -n -r --objects -o NAME "$other" | grep -qx "${strangers%%,*}"
		bind_refuses 4 group-shared "$dprc"
	done
	board fslmc-vfio check --json
	[ "$status" -eq 4 ]
	[ "$(jq -c '[.checks[] | [.name, .assignable]]' <<<"$output")" = '[["dprc.1",false],["dprc.2",false],["dprc.3",false]]' ]
}
