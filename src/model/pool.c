/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pool of MC resources. */
#include <errno.h>
#include <stdlib.h>

#include "base/util.h"
#include "kernel/mc_resource.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/object.h"
#include "model/pool.h"

/*
 * Which object takes one of which pool: dpaa2-controlplane, docs/baseline (LX2160A, MC 10.39.0).  A
 * DPMCP's portal stays taken when it is destroyed.
 */
static const struct {
	const char *pool, *type;
} takers[] = {
	{ "mcp", "dpmcp" },
	{ "bp", "dpbp" },
	{ "swp", "dpio" },
};

static const char *taker(const char *pool)
{
	for (size_t i = 0; i < ARRAY_SIZE(takers); i++)
		if (streq(takers[i].pool, pool))
			return takers[i].type;
	return NULL;
}

static size_t count(const struct mc_container *container, const char *type)
{
	size_t n = 0;

	for (size_t i = 0; i < container->n_objects; i++)
		n += streq(container->objects[i].name.type, type);
	return n;
}

/* A container that did not tell all may have more, so then the sum is not known. */
static void count_objects(const struct mc_inventory *mc, struct pool *pool)
{
	bool is_known = true;

	for (size_t i = 0; i < mc->n_containers; i++) {
		const struct mc_container *container = &mc->containers[i];
		const size_t n = count(container, pool->type);

		is_known &= container->is_complete;
		pool->n_objects += (int64_t)n;
		if (n)
			strings_add(&pool->holders, name_text(&container->name).text);
	}
	if (!is_known)
		pool->n_objects = -1;
}

static int load_pool(const struct bus *bus, struct mc *mc, uint16_t token, uint32_t index,
		     struct pool *ret_pool)
{
	struct pool pool = { .n_free = -1 };
	uint32_t n_free;
	int r = mc_dprc_get_pool(mc, token, index, pool.name);

	if (r < 0)
		return r;
	if (mc_dprc_get_res_count(mc, token, pool.name, &n_free) >= 0)
		pool.n_free = n_free;
	pool.type = taker(pool.name);
	if (pool.type)
		count_objects(bus->mc, &pool);
	*ret_pool = pool;
	return 0;
}

int pools_load(const struct bus *bus, struct mc *mc, struct pools *ret_pools)
{
	_cleanup_pools_ struct pools pools = { 0 };
	uint32_t n_pools;
	uint16_t token;
	int r = bus->mc ? mc_dprc_open(mc, bus_root(bus)->object->name.id, &token) : -ENODATA;

	if (r >= 0)
		r = mc_dprc_get_pool_count(mc, token, &n_pools);
	if (r >= 0 && n_pools > MC_POOLS_MAX)
		r = -EBADMSG;
	if (r < 0)
		return r;
	pools.pools = xcalloc(n_pools, sizeof(*pools.pools));
	for (uint32_t i = 0; i < n_pools; i++) {
		r = load_pool(bus, mc, token, i, &pools.pools[i]);
		if (r < 0)
			return r;
		pools.n_pools++;
	}
	*ret_pools = pools;
	pools = (struct pools){ 0 };
	return 0;
}

void pools_done(struct pools *pools)
{
	for (size_t i = 0; i < pools->n_pools; i++)
		strings_done(&pools->pools[i].holders);
	free(pools->pools);
	*pools = (struct pools){ 0 };
}
