# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The machine: QEMU's options that its device tree depends on, and the memory map shared by the device
# tree, the kernel and the emulated MC firmware (tests/board/firmware).  Sourced, never run.

# shellcheck disable=SC2034,SC2054 # the comma is QEMU's
machine=(-machine virt,gic-version=3 -cpu cortex-a72 -nodefaults -display none)
# shellcheck disable=SC2034
memory_size=1G

# Guest physical; RAM starts at 0x40000000.  The top 64 MiB belong to the DPAA2 hardware.
# shellcheck disable=SC2034
portals=0x7c000000 portals_size=0x1c00000
# shellcheck disable=SC2034
smmu=0x7dc00000 mc_registers=0x7dff0000
# shellcheck disable=SC2034
qbman=0x7e000000 qbman_size=0x2000000 dpaa2_size=0x4000000
