# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernels the board tests run on, and which of the tests on which.  Sourced by tests/run and tests/matrix.
#
# Read by the scripts that source this file.
# shellcheck disable=SC2034

# Debian's by the start of their versions; then those tests/vm/kernel-iommufd builds; then Debian's on a board
# that boots by ACPI.
kernels=(6.1 6.12 7 iommufd iommufd-only 6.1+acpi 7+acpi)
default_kernel=6.1
newest_kernel=7

# In a run of all tests these run on the newest kernel, too: a whole transaction, every ioctl, a large container.
short_files=(board/bind/bind.bats board/bind/lx2160a.bats board/probe/probe.bats)

# What runs by ACPI, too: a whole transaction, its undo, create, what VFIO shows, definitions at boot, and DPDK.
acpi_files=(
	board/bind/bind.bats board/bind/dpdk.bats board/bind/nested.bats board/boot/apply.bats board/boot/systemd.bats
	board/create/create-dpdk.bats board/create/create-firmware.bats board/probe/probe.bats board/recovery/undo.bats
)

is_kernel() { [[ " ${kernels[*]} " == *" $1 "* ]]; }
is_short_file() { [[ " ${short_files[*]} " == *" ${1##*/tests/} "* ]]; }

# Whole transactions also run where VFIO has device files, beside groups and alone.
iommufd_files=(
	board/bind/bind.bats board/bind/nested.bats board/bind/owner.bats board/bind/rebind.bats board/boot/apply.bats
	board/create/create-firmware.bats board/create/layouts.bats
	board/recovery/recover.bats board/recovery/undo.bats board/rules/holders.bats
)

# A file is for Debian's kernels and, if it is in that list, those with iommufd, unless it asks for another one.
is_for_kernel() {
	local own
	if [[ $2 == *+acpi ]]; then
		[[ " ${acpi_files[*]} " == *" ${1##*/tests/} "* ]]
		return
	fi
	# No program of a layout can use it where there are no groups; board/create/layouts-devices.bats says so.
	[[ $2 != iommufd-only || $1 != */board/create/layouts.bats ]] || return
	own=$(sed -nE 's/^[^#]*board_start .*--kernel ([a-z0-9.-]+).*/\1/p' "$1" | head -n 1)
	[[ -n $own || $2 == iommufd* && " ${iommufd_files[*]} " != *" ${1##*/tests/} "* ]] || return 0
	[[ $own == "$2" ]]
}
