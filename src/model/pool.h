/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pool of MC resources: what is left of it for new objects, and who has the objects that took the
 * rest.
 */
#ifndef MODEL_POOL_H
#define MODEL_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/strings.h"
#include "kernel/mc.h"

struct bus;

struct pool {
	char name[MC_TYPE_SIZE]; /* untrusted */
	int64_t n_free;		 /* in the root DPRC; negative: not known */
	/* The type of object that takes one each; NULL: there is no such type, several take some.
	 */
	const char *type;
	int64_t n_objects;	/* of that type, in all DPRCs; negative: not known */
	struct strings holders; /* DPRCs that have some of them, by name */
};

struct pools {
	struct pool *pools; /* in the MC's order */
	size_t n_pools;
};

/*
 * All pools.  The objects are those of bus->mc, which has to have been loaded over the same mc.
 * Errors of mc_dprc_get_pool_count().
 */
int pools_load(const struct bus *bus, struct mc *mc, struct pools *ret_pools);
void pools_done(struct pools *pools);
#define _cleanup_pools_ __attribute__((cleanup(pools_done)))

#endif
