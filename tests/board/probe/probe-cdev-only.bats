# SPDX-License-Identifier: GPL-2.0-or-later
#
# Everything on a kernel that has VFIO's device files and nothing else: no groups, no /dev/vfio/vfio.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/probe
load ../../lib/transaction

setup_file() { board_start small --kernel iommufd-only; }
teardown_file() { board_stop; }

setup() {
	board_needed
	board_exec fslmc-vfio bind dprc.2 >/dev/null
}

teardown() {
	[[ -z ${BOARD_MISSING:-} ]] || return 0
	board_exec pkill -x fslmc-vfio >/dev/null || true
	board_exec fslmc-vfio unbind -n dprc.2 >/dev/null
}

# The device file of dprc.2 itself.
node_of_dprc() { board_exec sh -c 'ls -d /sys/bus/fsl-mc/devices/dprc.2/vfio-dev/vfio* | sed "s,.*/,/dev/vfio/devices/,"'; }

@test "check and doctor miss nothing, and bind, list, show and unbind make the round trip" {
	local codes='[.findings[] | .severity + " " + .code]'
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio check -J dprc.2
	[ "$status" -eq 0 ]
	[ "$(jq -c "$codes" <<<"$output")" = '["info contents-changeable"]' ]
	board fslmc-vfio doctor -J
	[ "$status" -eq 0 ]
	[ "$(jq -c "$codes, [.host | .has_vfio_node, .has_iommufd_node, .vfio_iommu_type1]" <<<"$output")" = $'["info kernel-defect","info kernel-defect"]\n[false,true,"absent"]' ]
	board fslmc-vfio bind -n -r -o NAME,CHANGED,DRIVER,OWNER dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 yes vfio-fsl-mc root:root" ]
	board ls /dev/vfio
	[ "$output" = devices ]
	board fslmc-vfio list -n -r -o NAME,DRIVER,GROUP dprc.2
	[ "$output" = "dprc.2 vfio-fsl-mc $(group_of dprc.2)" ]
	board fslmc-vfio show -J dprc.2
	[ "$status" -eq 0 ]
	[ "$(jq -c '[(.objects | length), .holders]' <<<"$output")" = '[9,[]]' ]
	board fslmc-vfio check -n -r -o SEVERITY,CODE dprc.2
	[ "$output" = $'info contents-changeable\ninfo assigned' ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "check refuses what it refuses elsewhere" {
	board fslmc-vfio check -n -r -o SEVERITY,CODE dprc.1
	[ "$status" -eq 4 ]
	[ "$output" = "refuse root-dprc" ]
	board_exec sh -c 'echo 0 >/sys/bus/fsl-mc/drivers_autoprobe'
	board fslmc-vfio check -n -r -o SEVERITY,CODE dprc.3
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/drivers_autoprobe'
	[ "$status" -eq 4 ]
	[[ $output == *"refuse autoprobe-off"* ]]
}

@test "probe finds the device files by itself, and all tests leave everything as it was" {
	needs_virtual_board
	board_exec fslmc-vfio probe dprc.2 >/dev/null
	state_dump | grep -v /msi_irqs >"$BATS_TEST_TMPDIR/before"
	firmware_state >"$BATS_TEST_TMPDIR/state"
	board fslmc-vfio probe -J --all dprc.2
	[ "$status" -eq 0 ]
	[ "$(jq -r .probe.interface <<<"$output")" = cdev ]
	[ "$(jq -c '[.tests[].result] | unique' <<<"$output")" = '["not_applicable","passed"]' ]
	firmware_view dprc.2 >"$BATS_TEST_TMPDIR/firmware"
	probe_view <<<"$output" | diff "$BATS_TEST_TMPDIR/firmware" -
	firmware_state | diff "$BATS_TEST_TMPDIR/state" -
	state_dump | grep -v /msi_irqs | diff "$BATS_TEST_TMPDIR/before" -
}

@test "interrupts the firmware raises arrive" {
	needs_virtual_board
	watch_begin 60
	firmware '{"do":"irq","object":"dpni.1","index":0,"events":2}'
	wait_for_notes "dpni.1: interrupt 0, events 0x2" 1
	watch_end
	[ "$(jq -r '.tests[] | select(.interrupts > 0 and .test == "irq_watch") | .object' <<<"$watched")" = dpni.1 ]
}

@test "probe --interface group says what the kernel lacks" {
	board fslmc-vfio probe --interface group dprc.2
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	[[ $stderr == *"dprc.2: this kernel has no VFIO groups (no CONFIG_VFIO_GROUP); use '--interface cdev'" ]]
}

@test "who uses it keeps probe and unbind out, and is named by them, by check and by show" {
	needs_virtual_board
	watch_begin 60
	board fslmc-vfio probe dprc.2
	[ "$status" -eq 5 ]
	[[ $stderr == *"(fslmc-vfio) has /dev/vfio/devices/vfio"* ]]
	same_state timeout 20 fslmc-vfio unbind dprc.2
	[ "$status" -eq 5 ]
	[[ $stderr == *"(fslmc-vfio) has /dev/vfio/devices/vfio"* ]]
	board fslmc-vfio check -n -r -o SEVERITY,CODE dprc.2
	[ "$status" -eq 5 ]
	[[ $output == *"refuse in-use"* ]]
	board fslmc-vfio show -J dprc.2
	[ "$(jq -r '.holders[0].command' <<<"$output")" = fslmc-vfio ]
	watch_end
}

@test "who keeps an unbind waiting is named, though the device file is gone" {
	needs_virtual_board
	watch_begin 60
	board_exec sh -c '(echo dprc.2 >/sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind) >/dev/null 2>&1 </dev/null &
		while [ -e /sys/bus/fsl-mc/devices/dprc.2/driver ]; do sleep 0.1; done'
	board fslmc-vfio show -J dprc.2
	watch_end
	[ "$status" -eq 0 ]
	[ "$(jq '.dprc.holder_pids | length' <<<"$output")" -ge 1 ]
	[ "$(jq -r '[.holders[] | select(.file | endswith(" (deleted)"))][0].command' <<<"$output")" = fslmc-vfio ]
	board_exec sh -c 'while ls -d /sys/bus/fsl-mc/devices/dprc.2/dp* >/dev/null 2>&1; do sleep 0.1; done'
}

@test "bind --owner gives the device files away, and their owner can probe but for /dev/iommu" {
	needs_virtual_board
	board fslmc-vfio bind -n -r -o CHANGED,OWNER --owner operator:operator dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = "yes operator:operator" ]
	board sh -c 'stat -c "%U:%G %a" /dev/vfio/devices/* | sort | uniq -c'
	[[ $output == *" 10 operator:operator 660" ]]
	[ "${#lines[@]}" -eq 1 ]
	board fslmc-vfio doctor --json --user operator
	[ "$status" -eq 0 ]
	[[ $(jq -r '.findings[] | select(.code == "no-access") | .evidence' <<<"$output") =~ ^"/dev/iommu (root:root "[0-6]+")"$ ]]
	board_as_operator fslmc-vfio probe dprc.2
	[ "$status" -eq 6 ]
	[[ $stderr == *"/dev/iommu: Permission denied"* ]]
	board_exec chown operator /dev/iommu
	board_as_operator fslmc-vfio probe --all dprc.2
	board_exec chown root /dev/iommu
	[ "$status" -eq 0 ]
}

@test "export names the device files and no group's" {
	local node
	node=$(node_of_dprc)
	local consumer
	for consumer in dpdk vpp qemu; do
		board fslmc-vfio export dprc.2 --for "$consumer"
		[ "$status" -eq 4 ]
		[ -z "$output" ]
		[[ $stderr == *"$consumer uses VFIO group files, which this kernel does not have"* ]]
	done
	board fslmc-vfio export dprc.2 --for docker
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == --device=/dev/iommu ]]
	[[ ${lines[1]} == "--device=$node" ]]
	[ "$(grep -c '^--device=/dev/vfio/devices/vfio' <<<"$output")" -eq 10 ]
	[[ $output != */dev/vfio/vfio* ]]
	board_exec sh -c 'chown operator:operator /dev/vfio/devices/*'
	board fslmc-vfio export dprc.2 --for udev
	[ "$(grep -v '^#' <<<"$output")" = 'SUBSYSTEM=="vfio-dev", KERNELS=="dprc.2", OWNER="1000", GROUP="1000", MODE="0600"' ]
}
