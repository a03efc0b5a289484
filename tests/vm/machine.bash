# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The machine: QEMU's options that its device tree or ACPI tables depend on, and the memory map shared by
# those, the kernel and the emulated MC firmware (tests/mc-firmware).  Sourced, never run.

# shellcheck disable=SC2034,SC2054 # the comma is QEMU's
machine=(-machine virt,gic-version=3 -cpu cortex-a72 -nodefaults -display none)
# The UEFI firmware that gives the kernel ACPI tables, of the package qemu-efi-aarch64.
# shellcheck disable=SC2034
uefi=/usr/share/qemu-efi-aarch64/QEMU_EFI.fd

# machine_map MODEL: guest physical addresses; RAM starts at 0x40000000.  Of a board with a device tree the top
# 64 MiB belong to the DPAA2 hardware.  UEFI itself needs the top of RAM, so there they lie in the middle, and
# the kernel is told to stay below them.
# shellcheck disable=SC2034
machine_map() {
	local base
	case $1 in
	tree) base=0x7c000000 memory_size=1G memory_limit='' ;;
	acpi) base=0xbc000000 memory_size=3G memory_limit=mem=1984M ;;
	esac
	printf -v portals '%#x' "$base"
	printf -v smmu '%#x' $((base + 0x1c00000))
	printf -v mc_registers '%#x' $((base + 0x1ff0000))
	printf -v qbman '%#x' $((base + 0x2000000))
	portals_size=0x1c00000 qbman_size=0x2000000 dpaa2_size=0x4000000
}
