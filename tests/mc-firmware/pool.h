/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pools of the resources below the objects: what the root has left, and what an object takes. */
#ifndef FIRMWARE_POOL_H
#define FIRMWARE_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "abi.h"
#include "type.h"

struct json_object;
struct settings;

#define MAX_POOLS 16

struct pool {
	char name[NAME_FIELD + 1];
	uint32_t n_free;
};

struct pools {
	struct pool pools[MAX_POOLS];
	unsigned int n_pools;
	uint32_t seed; /* of the costs, which no client can know; 0: the least that was measured */
};

/* What one object has taken of each, in the order of the pools. */
struct cost {
	uint32_t n[MAX_POOLS];
};

/* Those of an LX2160A with MC 10.39.0 after a clean boot. */
void pools_default(struct pools *pools);
/* NULL: no such pool. */
const struct pool *pools_find(const struct pools *pools, const char *name);
/* From {"mcp": 203, ...}, instead of the default ones.  -EINVAL: too many, or a name too long. */
int pools_set(struct pools *pools, struct json_object *counts);
void pools_cost(const struct pools *pools, const struct object_type *type,
		const struct settings *settings, struct cost *ret_cost);
/* All or nothing. */
bool pools_take(struct pools *pools, const struct cost *cost);
/* keep_mcps: MC portals do not come back. */
void pools_give(struct pools *pools, const struct cost *cost, bool keep_mcps);
/* How many dpnis there can be, whatever the pools say. */
unsigned int pools_most_dpnis(const struct pools *pools);

#endif
