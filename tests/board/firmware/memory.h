/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest RAM shared with QEMU, and where the board's registers lie in it.
 * The device tree of the board (tests/board/device-tree) says the same addresses to the kernel.
 */
#ifndef FIRMWARE_MEMORY_H
#define FIRMWARE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#define RAM_BASE 0x40000000UL
#define RAM_SIZE 0x40000000UL

#define PORTAL_STRIDE 0x10000UL
#define MC_PORTAL_BASE 0x7c000000UL
#define MC_PORTAL_COUNT 448 /* up to the SMMU registers */
#define SMMU_BASE 0x7dc00000UL
#define MC_CONTROL_BASE 0x7dff0000UL
#define QBMAN_PORTAL_BASE 0x7e000000UL
#define QBMAN_PORTAL_COUNT 512 /* up to the end of RAM */

struct memory {
	uint8_t *bytes;
};

/* Creates or empties the file, sizes it and presets the registers a kernel reads first. */
int memory_open(struct memory *memory, const char *path);
void memory_close(struct memory *memory);
/* address: guest physical, within the RAM. */
void *memory_at(const struct memory *memory, uint64_t address);

#endif
