# SPDX-License-Identifier: GPL-2.0-or-later
#
# Known defects of Linux, reproduced on the kernels that have them; a board that crashed is of no more use, so each has
# its own.  The others in KERNEL DEFECTS of fslmc-vfio-checks(7) are reproduced by probe/probe.bats, or it says that they were not run.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

teardown() { board_stop; }

# Whoever provokes a crash dies of it, and the board lives long enough to tell.
survive() { board_exec sh -c 'echo 0 >/proc/sys/kernel/panic_on_oops'; }

crashed() { board_exec dmesg | grep -q 'Unable to handle kernel NULL pointer dereference'; }

# agrees DEFECT: doctor says that this kernel has it exactly if the kernel crashed.
agrees() {
	local found
	found=$(board_exec fslmc-vfio doctor -J | jq -r '[.findings[] | select(.code == "kernel-defect").evidence] | join(";")')
	[ -n "$found" ]
	if crashed; then
		[[ ";$found" == *";$1, in Linux "* ]]
	else
		[[ ";$found" != *";$1, in "* ]]
	fi
}

@test "unscanned-bind: a DPRC that no driver has scanned, and that VFIO refuses" {
	board_start no-iommu
	needs_virtual_board
	survive
	[ -z "$(driver_of dprc.2)" ]
	board timeout 20 sh -c 'cd /sys/bus/fsl-mc &&
		echo vfio-fsl-mc >devices/dprc.2/driver_override && echo dprc.2 >drivers/vfio-fsl-mc/bind'
	[ "$status" -ne 0 ]
	agrees unscanned-bind
}

@test "irq-count-0: VFIO_DEVICE_SET_IRQS that disables what was never enabled" {
	board_start small --layer python --append vfio_iommu_type1.allow_unsafe_interrupts=1
	needs_virtual_board
	survive
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board timeout 20 python3 - "/dev/vfio/$(group_of dprc.2)" dpni.2 <<-'PYTHON'
		import fcntl, os, struct, sys
		SET_CONTAINER, SET_IOMMU, GET_DEVICE_FD, SET_IRQS, TYPE1V2 = 0x3b68, 0x3b66, 0x3b6a, 0x3b6e, 3
		NONE_TRIGGER = 1 | 1 << 5
		container = os.open("/dev/vfio/vfio", os.O_RDWR)
		group = os.open(sys.argv[1], os.O_RDWR)
		fcntl.ioctl(group, SET_CONTAINER, struct.pack("i", container))
		fcntl.ioctl(container, SET_IOMMU, TYPE1V2)
		device = fcntl.ioctl(group, GET_DEVICE_FD, bytearray(sys.argv[2].encode() + b"\0"), True)
		fcntl.ioctl(device, SET_IRQS, struct.pack("IIIII", 20, NONE_TRIGGER, 0, 0, 0))
	PYTHON
	crashed || { echo "$output$stderr"; return 1; }
	agrees irq-count-0
}
