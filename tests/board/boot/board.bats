# SPDX-License-Identifier: GPL-2.0-or-later
#
# The virtual board itself: a stock kernel, nothing of fslmc-vfio.  If these fail, no other board test means anything.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

setup_file() { board_start small; }
teardown_file() { board_stop; }

# Each test finds the board as it was started.
teardown() { [[ -n ${BOARD_MISSING:-} ]] || give_back_by_hand dprc.2; }

# What a user would type without any tool.
bind_by_hand() {
	board_exec bash -c '
		cd /sys/bus/fsl-mc
		echo vfio-fsl-mc >"devices/$1/driver_override" &&
		echo "$1" >drivers/fsl_mc_dprc/unbind &&
		echo "$1" >drivers/vfio-fsl-mc/bind' bash "$1"
}

give_back_by_hand() {
	board_exec bash -c '
		cd /sys/bus/fsl-mc
		[ ! -e "drivers/vfio-fsl-mc/$1" ] || echo "$1" >drivers/vfio-fsl-mc/unbind
		echo >"devices/$1/driver_override"
		[ -e "drivers/fsl_mc_dprc/$1" ] || echo "$1" >drivers/fsl_mc_dprc/bind' bash "$1"
}

@test "the kernel finds every object of the topology" {
	needs_virtual_board
	firmware '{"do":"state"}' | jq -r '.objects[].object' | sort >"$BATS_TEST_TMPDIR/firmware"
	board_exec ls /sys/bus/fsl-mc/devices | sort >"$BATS_TEST_TMPDIR/kernel"
	diff "$BATS_TEST_TMPDIR/firmware" "$BATS_TEST_TMPDIR/kernel"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/kernel")" -gt 8 ]
}

@test "a container bound by hand takes all its objects to vfio-fsl-mc, in one group, and comes back" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	bind_by_hand dprc.2
	board bash -c 'cd /sys/bus/fsl-mc/devices/dprc.2/
		objects=(*/modalias)
		echo $((1 + ${#objects[@]}))
		readlink -f driver iommu_group "${objects[@]/modalias/driver}" "${objects[@]/modalias/iommu_group}" | sort | uniq -c'
	[ "${#lines[@]}" -eq 3 ]
	[ "${lines[0]}" -gt 8 ]
	[[ ${lines[1]} == *" ${lines[0]} "*/drivers/vfio-fsl-mc ]]
	[[ ${lines[2]} == *" ${lines[0]} "*/iommu_groups/* ]]
	give_back_by_hand dprc.2
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "a command that the firmware fails reaches the writer as that errno" {
	firmware_fails get_obj_count busy dprc.2
	# The first count belongs to the bind: nothing else asks for it in between.
	run bind_by_hand dprc.2
	[ "$status" -ne 0 ]
	[[ $output == *"Device or resource busy"* ]]
	[ -z "$(driver_of dprc.2)" ]
	give_back_by_hand dprc.2
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
}

@test "an interrupt that the firmware raises arrives" {
	count='awk "/dprc.2/ { print \$2 }" /proc/interrupts'
	before=$(board_exec sh -c "$count")
	firmware '{"do":"irq","object":"dprc.2","index":0}'
	for _ in {1..100}; do
		after=$(board_exec sh -c "$count")
		((after == before)) || break
		sleep 0.1
	done
	[ "$after" -eq $((before + 1)) ]
}

@test "an object that appears in a container is found by a rescan" {
	firmware '{"do":"add","container":1,"type":"dpbp","id":77}'
	board sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	[ "$status" -eq 0 ]
	[ "$(driver_of dpbp.77)" = fsl_mc_allocator ]
	firmware '{"do":"destroy","object":"dpbp.77"}'
	board sh -c 'echo 1 >/sys/bus/fsl-mc/rescan; ls /sys/bus/fsl-mc/devices/dpbp.77'
	[ "$status" -ne 0 ]
}
