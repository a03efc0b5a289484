/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the regions of an object lie, as GET_OBJ_REG tells. */
#ifndef FIRMWARE_REGION_H
#define FIRMWARE_REGION_H

#include <stdint.h>

struct model;
struct object;

enum region_type {
	REGION_MC_PORTAL,
	REGION_QBMAN_PORTAL,
	REGION_QBMAN_MEM_BACKED,
};

enum region_flag {
	REGION_CACHEABLE = 0x1,
	REGION_SHAREABLE = 0x2,
};

struct region {
	uint64_t base, offset; /* guest physical, and from there */
	uint32_t size, flags;
	enum region_type type;
};

/* -EINVAL: the object has no such region. */
int region_of(const struct model *model, const struct object *object, unsigned int index,
	      struct region *ret_region);

#endif
