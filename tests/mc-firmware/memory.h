/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest RAM shared with QEMU, and where the board's registers lie in it: 64 MiB from a base
 * address on, which the board's device tree or ACPI tables name to the kernel
 * (tests/vm/machine.bash).
 */
#ifndef FIRMWARE_MEMORY_H
#define FIRMWARE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#define RAM_BASE 0x40000000UL

/* Offsets from the base address, which is a multiple of DPAA2_SIZE. */
#define PORTAL_STRIDE 0x10000UL
#define MC_PORTALS 0UL
#define MC_PORTAL_COUNT 448 /* up to the SMMU registers */
#define SMMU_REGISTERS 0x1c00000UL
#define MC_CONTROL 0x1ff0000UL
#define QBMAN_PORTALS 0x2000000UL
#define QBMAN_PORTAL_COUNT 512 /* up to the end */
#define DPAA2_SIZE 0x4000000UL

struct memory {
	uint8_t *bytes;
	size_t size;   /* of the whole RAM */
	uint64_t base; /* guest physical */
};

/*
 * Creates or empties the file, sizes it and presets the registers a kernel reads first.
 * -EINVAL: the base is no multiple of DPAA2_SIZE, or not all of it lies in RAM.
 */
int memory_open(const char *path, size_t size, uint64_t base, struct memory *ret_memory);
void memory_close(struct memory *memory);
void *memory_at(const struct memory *memory, uint64_t offset);

#endif
