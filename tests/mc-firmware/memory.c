/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest RAM shared with QEMU: mapping it, and the registers that are plain memory. */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory.h"

/* General status register; fsl_mc_firmware_check() wants "boot done" and no error. */
#define MC_GSR 0x8
#define MC_GSR_BOOT_DONE 0x1

/*
 * Identification registers of an Arm MMU-500 that nothing uses for DMA (Arm IHI 0062, and
 * drivers/iommu/arm/arm-smmu/arm-smmu.h for the names): stage 1 and 2 and nested translation,
 * stream matching with 64 groups, coherent table walks, 16 context banks, 48-bit addresses,
 * all granules, register block 256 KiB.  NUMCB bounds the containers bound to host drivers.
 */
#define SMMU_ID0 0x20
#define SMMU_ID0_VALUE (7U << 28 | 1U << 27 | 1U << 26 | 15U << 16 | 1U << 14 | 15U << 9 | 64U)
#define SMMU_ID1 0x24
#define SMMU_ID1_VALUE (4U << 28 | 16U)
#define SMMU_ID2 0x28
#define SMMU_ID2_VALUE (7U << 12 | 5U << 8 | 5U << 4 | 5U)
#define SMMU_ID7 0x3c
#define SMMU_ID7_VALUE (2U << 4)

static void preset(const struct memory *memory, uint64_t offset, uint32_t value)
{
	*(uint32_t *)memory_at(memory, offset) = htole32(value);
}

static bool is_in_ram(size_t size, uint64_t base)
{
	return base % DPAA2_SIZE == 0 && base >= RAM_BASE && size >= DPAA2_SIZE &&
	       base - RAM_BASE <= size - DPAA2_SIZE;
}

int memory_open(const char *path, size_t size, uint64_t base, struct memory *ret_memory)
{
	struct memory memory = { .bytes = MAP_FAILED, .size = size, .base = base };
	int fd, r = 0;

	if (!is_in_ram(size, base))
		return -EINVAL;
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) == 0)
		memory.bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory.bytes == MAP_FAILED)
		r = -errno;
	close(fd);
	if (r < 0)
		return r;

	preset(&memory, MC_CONTROL + MC_GSR, MC_GSR_BOOT_DONE);
	preset(&memory, SMMU_REGISTERS + SMMU_ID0, SMMU_ID0_VALUE);
	preset(&memory, SMMU_REGISTERS + SMMU_ID1, SMMU_ID1_VALUE);
	preset(&memory, SMMU_REGISTERS + SMMU_ID2, SMMU_ID2_VALUE);
	preset(&memory, SMMU_REGISTERS + SMMU_ID7, SMMU_ID7_VALUE);
	*ret_memory = memory;
	return 0;
}

void memory_close(struct memory *memory)
{
	if (memory->bytes)
		munmap(memory->bytes, memory->size);
	memory->bytes = NULL;
}

void *memory_at(const struct memory *memory, uint64_t offset)
{
	return memory->bytes + (memory->base - RAM_BASE) + offset;
}
