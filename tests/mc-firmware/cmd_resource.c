/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that ask for what is left of the resources; containers below the root own none. */
#include <string.h>

#include "command.h"
#include "firmware.h"
#include "util.h"

#define ITERATION_LAST (2U << 2) /* DPRC_ITER_STATUS_LAST in the upper six bits */

static uint32_t n_free(const struct call *call, size_t type_offset)
{
	const struct pool *pool;
	char type[NAME_FIELD + 1];

	frame_get_name(&call->request, type_offset, type);
	pool = pools_find(&call->firmware->model.pools, type);
	return pool && !call->target->parent ? pool->n_free : 0;
}

static enum mc_status get_pool_count(struct call *call)
{
	frame_put(&call->response, 8, 4, call->firmware->model.pools.n_pools);
	return MC_OK;
}

static enum mc_status get_pool(struct call *call)
{
	const struct pools *pools = &call->firmware->model.pools;
	uint64_t index = frame_get(&call->request, 8, 4);

	if (index >= pools->n_pools)
		return MC_CONFIG_ERR;
	frame_put_name(&call->response, 16, pools->pools[index].name);
	return MC_OK;
}

static enum mc_status get_res_count(struct call *call)
{
	frame_put(&call->response, 8, 4, n_free(call, 16));
	return MC_OK;
}

static enum mc_status get_res_ids(struct call *call)
{
	uint32_t n = n_free(call, 24);

	if (n == 0)
		return MC_NO_RESOURCE;
	frame_put(&call->response, 13, 1, ITERATION_LAST);
	frame_put(&call->response, 16, 4, 0);
	frame_put(&call->response, 20, 4, n - 1);
	return MC_OK;
}

static const struct command commands[] = {
	{ 0x169, 0xfff, "dprc", TOKEN_OBJECT, "get_pool", get_pool, NO_SUBJECT },
	{ 0x16a, 0xfff, "dprc", TOKEN_OBJECT, "get_pool_count", get_pool_count, NO_SUBJECT },
	{ 0x15b, 0xfff, "dprc", TOKEN_OBJECT, "get_res_count", get_res_count, NO_SUBJECT },
	{ 0x15c, 0xfff, "dprc", TOKEN_OBJECT, "get_res_ids", get_res_ids, NO_SUBJECT },
};

const struct command_table resource_commands = { commands, ARRAY_SIZE(commands) };
