# SPDX-License-Identifier: GPL-2.0-or-later
#
# probe through device files and iommufd, on a kernel that has them beside groups.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/probe

setup_file() {
	board_start small --kernel iommufd
	[[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio bind dprc.2 >/dev/null
}
teardown_file() { board_stop; }
teardown() { [[ -n ${BOARD_MISSING:-} ]] || board_exec pkill -x fslmc-vfio >/dev/null || true; }

@test "both interfaces say the same of every object" {
	needs_virtual_board
	firmware_view dprc.2 >"$BATS_TEST_TMPDIR/firmware"
	local interface
	for interface in group cdev; do
		board fslmc-vfio probe -J --interface "$interface" dprc.2
		[ "$status" -eq 0 ]
		[ "$(jq -r .probe.interface <<<"$output")" = "$interface" ]
		probe_view <<<"$output" | diff "$BATS_TEST_TMPDIR/firmware" -
		jq -c .iova_ranges <<<"$output" >"$BATS_TEST_TMPDIR/ranges-$interface"
	done
	cmp "$BATS_TEST_TMPDIR/ranges-group" "$BATS_TEST_TMPDIR/ranges-cdev"
}

@test "all tests pass through device files, and the firmware is left as it was" {
	needs_virtual_board
	state_dump | grep -v /msi_irqs >"$BATS_TEST_TMPDIR/before"
	firmware_state >"$BATS_TEST_TMPDIR/firmware"
	board fslmc-vfio probe -J --interface cdev --all dprc.2
	[ "$status" -eq 0 ]
	[ "$(jq '[.tests[] | select(.result == "failed")] | length' <<<"$output")" -eq 0 ]
	[ "$(jq -c '[.tests[].test] | unique' <<<"$output")" = '["command","dma","irq","irq_again","mmap","reset"]' ]
	firmware_state | diff "$BATS_TEST_TMPDIR/firmware" -
	state_dump | grep -v /msi_irqs | diff "$BATS_TEST_TMPDIR/before" -
}

@test "interrupts arrive through device files" {
	needs_virtual_board
	watch_begin 60 --interface cdev
	firmware '{"do":"irq","object":"dpni.1","index":0,"events":2}'
	wait_for_notes "dpni.1: interrupt 0, events 0x2" 1
	watch_end
	[ "$(jq -r '.tests[] | select(.interrupts > 0 and .test == "irq_watch") | .object' <<<"$watched")" = dpni.1 ]
}

@test "who uses the container through the one interface keeps the other out, and is named" {
	local using asking
	for using in group cdev; do
		watch_begin 60 --interface "$using"
		for asking in group cdev; do
			board fslmc-vfio probe --interface "$asking" dprc.2
			[ "$status" -eq 5 ]
			[[ $stderr == *"(fslmc-vfio) has /dev/vfio/"* ]]
		done
		watch_end
	done
}

@test "who owns the device files and /dev/iommu needs no other privilege" {
	needs_virtual_board
	board_as_operator fslmc-vfio probe --interface cdev dprc.2
	[ "$status" -eq 6 ]
	[[ $stderr == *"/dev/iommu: Permission denied"* ]]
	board_exec chown operator /dev/iommu
	board_as_operator fslmc-vfio probe --interface cdev dprc.2
	[ "$status" -eq 6 ]
	[[ $stderr == *"its file in /dev/vfio/devices: Permission denied"* ]]
	board_exec sh -c 'chown operator /dev/vfio/devices/*'
	board_as_operator fslmc-vfio probe --interface cdev --all dprc.2
	[ "$status" -eq 0 ]
	board_as_operator sh -c 'ulimit -l 0 && fslmc-vfio probe --interface cdev --dma dprc.2'
	[ "$status" -eq 1 ]
	[[ $stderr == *"test dma failed"*ENOMEM*"'ulimit -l'"* ]]
	board_exec sh -c 'chown root /dev/iommu /dev/vfio/devices/*'
}

# Of the nodes of dprc.2: that of its group, its own device file, and those of its objects.
owners() {
	board_exec sh -c 'cd /sys/bus/fsl-mc/devices/dprc.2 && stat -c "%U %a" "$1" \
		$(ls -d vfio-dev/vfio* */vfio-dev/vfio* | sed "s,.*/,/dev/vfio/devices/,") |
		uniq -c | tr -s " \n" " "' sh "$(node_of dprc.2)"
}

@test "the node of the group and the device files have an owner each, and bind --owner looks at all" {
	local all
	all=$(board_exec sh -c 'cd /sys/bus/fsl-mc/devices/dprc.2 && ls -d vfio-dev/vfio* */vfio-dev/vfio* | wc -l')
	((all > 5))
	board_exec chown operator "$(node_of dprc.2)"
	[ "$(owners)" = " 1 operator 600 $all root 600 " ]
	# The third node that changes hands fails.
	board strace -f -o /dev/null -e inject=fchmodat:error=EPERM:when=3 fslmc-vfio bind --owner 65534:65534 dprc.2
	[ "$status" -eq 1 ]
	[ "$(owners)" = " 1 operator 600 $all root 600 " ]
	board_exec fslmc-vfio rebind dprc.2 >/dev/null
	[ "$(owners)" = " 1 operator 600 $all root 600 " ]
	board fslmc-vfio bind -n -r -o CHANGED --owner operator dprc.2
	[ "$output" = yes ]
	[ "$(owners)" = " $((all + 1)) operator 600 " ]
	# A device file that comes is as that of the container itself.
	board_exec fslmc-vfio rebind dprc.2 >/dev/null
	[ "$(owners)" = " $((all + 1)) operator 600 " ]
	board_exec fslmc-vfio bind --owner root dprc.2 >/dev/null
}
