# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernels the board tests run on, and which of the tests on which.  Sourced by tests/run and tests/matrix.
#
# Read by the scripts that source this file.
# shellcheck disable=SC2034

# Debian's by the start of their versions; then those tests/board/kernel-iommufd builds; then Debian's on a board
# that boots by ACPI.
kernels=(6.1 6.12 7 iommufd iommufd-only 6.1+acpi 7+acpi)
default_kernel=6.1
newest_kernel=7

# In a run of all tests these run on the newest kernel, too: a whole transaction, every ioctl, a large container.
short_files=(bind.bats lx2160a.bats probe.bats)

# What runs by ACPI, too: a whole transaction, its undo, what VFIO shows, definitions at boot, and DPDK.
acpi_files=(apply.bats bind.bats dpdk.bats nested.bats probe.bats systemd.bats undo.bats)

is_kernel() { [[ " ${kernels[*]} " == *" $1 "* ]]; }
is_short_file() { [[ " ${short_files[*]} " == *" ${1##*/} "* ]]; }

# Whole transactions also run where VFIO has device files, beside groups and alone.
iommufd_files=(apply.bats bind.bats holders.bats nested.bats owner.bats rebind.bats recover.bats undo.bats)

# A file is for Debian's kernels and, if it is in that list, those with iommufd, unless it asks for another one.
is_for_kernel() {
	local own
	if [[ $2 == *+acpi ]]; then
		[[ " ${acpi_files[*]} " == *" ${1##*/} "* ]]
		return
	fi
	own=$(sed -nE 's/^[^#]*board_start .*--kernel ([a-z0-9.-]+).*/\1/p' "$1" | head -n 1)
	[[ -n $own || $2 == iommufd* && " ${iommufd_files[*]} " != *" ${1##*/} "* ]] || return 0
	[[ $own == "$2" ]]
}
