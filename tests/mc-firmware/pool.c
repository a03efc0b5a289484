/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers and costs: an LX2160A with MC 10.39.0 (dpaa2-controlplane, reference-environment.md and
 * the boards it measured), where the 18th dpni was refused although the listed pools had enough.
 * They are the least that was seen; a seed makes them larger, as another firmware might.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "pool.h"
#include "settings.h"
#include "util.h"

#define MOST_DPNIS 17

void pools_default(struct pools *pools)
{
	static const struct pool defaults[] = {
		{ "mcp", 203 }, { "bp", 63 },  { "swp", 49 }, { "swpch", 49 },
		{ "fq", 1981 }, { "cg", 253 }, { "qd", 253 }, { "opr", 256 },
	};

	memcpy(pools->pools, defaults, sizeof(defaults));
	pools->n_pools = ARRAY_SIZE(defaults);
}

const struct pool *pools_find(const struct pools *pools, const char *name)
{
	for (unsigned int i = 0; i < pools->n_pools; i++)
		if (strcmp(pools->pools[i].name, name) == 0)
			return &pools->pools[i];
	return NULL;
}

int pools_set(struct pools *pools, struct json_object *counts)
{
	pools->n_pools = 0;
	json_object_object_foreach (counts, name, count) {
		struct pool *pool = &pools->pools[pools->n_pools];

		if (pools->n_pools++ == MAX_POOLS || strlen(name) > NAME_FIELD)
			return -EINVAL;
		snprintf(pool->name, sizeof(pool->name), "%s", name);
		pool->n_free = (uint32_t)json_object_get_int64(count);
	}
	return 0;
}

/* Some of 0, 1 and 2, by seed, type and pool; always 0 without a seed. */
static uint32_t surcharge(uint32_t seed, const char *type, const char *pool)
{
	uint32_t hash = 2166136261U ^ seed;

	if (!seed)
		return 0;
	while (*type)
		hash = (hash ^ (uint8_t)*type++) * 16777619U;
	while (*pool)
		hash = (hash ^ (uint8_t)*pool++) * 16777619U;
	return (hash >> 16) % 3;
}

static uint32_t cost_of_dpni(const struct settings *settings, const char *pool)
{
	static const struct {
		const char *pool;
		uint32_t n;
	} fixed[] = { { "kp", 4 }, { "plcye", 3 }, { "qpr", 3 }, { "ifp", 1 }, { "qd", 2 } };

	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		if (strcmp(fixed[i].pool, pool) == 0)
			return fixed[i].n;
	if (strcmp(pool, "fq") == 0)
		return 3 + settings->queues * (settings->rx_tcs + settings->tcs) / 2;
	if (strcmp(pool, "cg") == 0)
		return 2 + settings->groups;
	if (strcmp(pool, "opr") == 0 && (settings->options & DPNI_HAS_OPR))
		return settings->oprs ? settings->oprs : 1;
	return 0;
}

/* The one thing an object is there for; every one of these takes just one. */
static uint32_t cost_of_itself(const struct object_type *type, const struct settings *settings,
			       const char *pool)
{
	if (strcmp(pool, "mcp") == 0)
		return strcmp(type->name, "dpmcp") == 0 || strcmp(type->name, "dprc") == 0;
	if (strcmp(pool, "bp") == 0)
		return strcmp(type->name, "dpbp") == 0;
	if (strcmp(pool, "swp") == 0)
		return strcmp(type->name, "dpio") == 0;
	if (strcmp(pool, "swpch") == 0)
		return strcmp(type->name, "dpio") == 0 && settings->mode;
	return 0;
}

static uint32_t cost_of_queues(const struct object_type *type, const struct settings *settings)
{
	if (strcmp(type->name, "dpseci") == 0)
		return settings->queues + settings->rx_queues;
	if (strcmp(type->name, "dpdmai") == 0)
		return 2 * settings->queues;
	if (strcmp(type->name, "dpci") == 0)
		return settings->priorities;
	return strcmp(type->name, "dpcon") == 0;
}

void pools_cost(const struct pools *pools, const struct object_type *type,
		const struct settings *settings, struct cost *ret_cost)
{
	memset(ret_cost, 0, sizeof(*ret_cost));
	for (unsigned int i = 0; i < pools->n_pools; i++) {
		const char *pool = pools->pools[i].name;
		uint32_t n = strcmp(type->name, "dpni") == 0 ? cost_of_dpni(settings, pool)
							     : cost_of_itself(type, settings, pool);

		if (strcmp(pool, "fq") == 0 && strcmp(type->name, "dpni") != 0)
			n = cost_of_queues(type, settings);
		/* That of mcp, bp and swp is documented. */
		if (n && strcmp(pool, "mcp") != 0 && strcmp(pool, "bp") != 0 &&
		    strcmp(pool, "swp") != 0)
			n += surcharge(pools->seed, type->name, pool);
		ret_cost->n[i] = n;
	}
}

bool pools_take(struct pools *pools, const struct cost *cost)
{
	for (unsigned int i = 0; i < pools->n_pools; i++)
		if (pools->pools[i].n_free < cost->n[i])
			return false;
	for (unsigned int i = 0; i < pools->n_pools; i++)
		pools->pools[i].n_free -= cost->n[i];
	return true;
}

void pools_give(struct pools *pools, const struct cost *cost, bool keep_mcps)
{
	for (unsigned int i = 0; i < pools->n_pools; i++)
		if (!keep_mcps || strcmp(pools->pools[i].name, "mcp") != 0)
			pools->pools[i].n_free += cost->n[i];
}

unsigned int pools_most_dpnis(const struct pools *pools)
{
	return MOST_DPNIS - surcharge(pools->seed, "dpni", "");
}
