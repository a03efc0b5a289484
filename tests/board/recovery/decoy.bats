# SPDX-License-Identifier: GPL-2.0-or-later
#
# A /sys that somebody doctored gets no write.
#
# shellcheck disable=SC2016,SC2154

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start tiny; }
teardown_file() { board_stop; }

setup() { board_needed; }

# doctored COMMANDS ARGS...: as board fslmc-vfio ARGS, in a mount namespace in which these commands were run before.
doctored() { board unshare -m sh -ec "$1"'; shift; exec fslmc-vfio "$@"' sh "$@"; }

refused_untouched() {
	state_dump >"$BATS_TEST_TMPDIR/before"
	doctored "$@"
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	[ "$status" -eq 4 ] || { echo "$status: $output$stderr"; return 1; }
	has_no_journal
}

@test "another attribute over one that is written is refused, and gets nothing" {
	local bus=/sys/bus/fsl-mc attribute
	for attribute in devices/dprc.2/driver_override drivers/vfio-fsl-mc/bind drivers/fsl_mc_dprc/unbind autorescan; do
		refused_untouched "mount --bind $bus/devices/dprc.3/driver_override $bus/$attribute" bind dprc.2
		[[ $stderr == *"mounted"*"nothing was written"* ]]
	done
	[ "$(board_exec cat /sys/bus/fsl-mc/devices/dprc.3/driver_override)" = '(null)' ]
}

@test "a /sys of ordinary files is refused, and so is one that has the real attributes mounted into it" {
	local real='mkdir -p /run/real; mount --bind /sys /run/real; cd /run/real; mount -t tmpfs decoy /sys; mkdir -p /sys/bus'
	refused_untouched "$real" bind dprc.2
	[[ $stderr == *"/sys is not sysfs"* ]]
	refused_untouched "$real; cp -a bus/fsl-mc /sys/bus 2>/dev/null || :; mkdir -p /sys/devices; mount --rbind devices /sys/devices" bind dprc.2
}

@test "a directory of another DPRC over the one that is named is refused, by who reads and by who writes" {
	local over='devices=/sys/bus/fsl-mc/devices; mount --bind "$devices/dprc.3" "$(readlink -f "$devices/dprc.2")"' verb
	for verb in bind unbind destroy check list; do
		refused_untouched "$over" "$verb" dprc.2
		[[ $stderr == *"something is mounted over a part of the fsl-mc bus in /sys; unmount it"* ]]
	done
}

@test "a read-only bind mount of sysfs, as containers have it, is sysfs" {
	local mounts='mount --bind /sys /sys; mount -o remount,bind,ro /sys; mount --bind /proc/sys /proc/sys
		mount -o remount,bind,ro /proc/sys; mount -t tmpfs none /sys/firmware'
	doctored "$mounts" list -n -r -o NAME
	[ "$status" -eq 0 ]
	[[ $output == *dprc.2* ]]
	doctored "$mounts" doctor --json
	[ "$status" -eq 0 ]
	[ "$(jq -r .host.vfio_fsl_mc <<<"$output")" != null ]
}

@test "something over the groups, over a group or over the drivers is refused, by who reads and by who writes" {
	local over verb
	for over in 'mount --bind $sys/kernel/iommu_groups/$theirs $sys/kernel/iommu_groups/$ours' \
		'mount -t tmpfs none $sys/kernel/iommu_groups/$ours/devices' 'mount -t tmpfs none $sys/kernel/iommu_groups' \
		'mount --bind $sys/bus/fsl-mc/drivers/fsl_mc_allocator $sys/bus/fsl-mc/drivers/fsl_mc_dprc' \
		'mount -t tmpfs none $sys/bus/fsl-mc/drivers'; do
		for verb in bind check list; do
			refused_untouched "sys=/sys ours=$(group_of dprc.2) theirs=$(group_of dprc.3); $over" "$verb" dprc.2
			[[ $stderr == *"something is mounted over a part of the fsl-mc bus in /sys; unmount it"* ]]
		done
	done
}

@test "a /proc of ordinary files is refused" {
	refused_untouched 'mount -t tmpfs none /proc' bind dprc.2
	[[ $stderr == *"/proc is not procfs"* ]]
}

@test "a process that something is mounted over, or a part of it, is not taken for none" {
	local holder over
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	holder=$(hold_node_of dprc.2)
	for over in "mount -t tmpfs none /proc/$holder" "mount --bind /proc/1/fd /proc/$holder/fd" \
		"mount --bind /proc/self/fd /proc/$holder/fd; mount --bind /proc/self/maps /proc/$holder/maps"; do
		doctored "$over" show -J dprc.2
		[ "$status" -eq 0 ]
		[ "$(jq -c '[.dprc.holder_pids, .holders]' <<<"$output")" = '[null,[]]' ]
		[[ $stderr == *"there may be more holders"* ]]
		doctored "$over" unbind dprc.2
		[ "$status" -eq 5 ]
		[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	done
	let_go "$holder"
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
}

@test "a FIFO, a terminal or another device in place of the node to the MC keeps nobody waiting, and tells nothing" {
	local node
	board_exec mkfifo -m 600 /run/fifo
	for node in /run/fifo /dev/zero /dev/console /dev/full; do
		doctored "mount --bind $node /dev/dprc.1" list --json
		[ "$status" -eq 0 ]
		[ "$(jq -c '[.mc_firmware, .dprcs[].icid] | unique' <<<"$output")" = '[null]' ]
		[[ $stderr == *"cannot query the MC through /dev/dprc.1"* ]]
		refused_untouched "mount --bind $node /dev/dprc.1" bind --strict dprc.2
		[[ $stderr == *mc-unknown* ]]
		# The child that asks has gone, too.
		board_exec sh -c 'sleep 1; ! pgrep -x fslmc-vfio'
	done
}
