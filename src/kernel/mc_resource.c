/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of the MC that are about pools and ports. */
#include <errno.h>

#include "base/util.h"
#include "kernel/mc_channel.h"
#include "kernel/mc_resource.h"

/* drivers/bus/fsl-mc/fsl-mc-uapi.c lets these pass; layouts: NXP mc-utils, fsl_dprc_cmd.h and
 * fsl_dpmac_cmd.h. */
enum {
	DPMAC_GET_MAC_ADDR = 0x0c51,
	GET_RES_COUNT = 0x15b1,
	GET_POOL = 0x1691,
	GET_POOL_COUNT = 0x16a1,
	OPEN_DPMAC = 0x80c1,
};

#define FIELD_SIZE (MC_TYPE_SIZE - 1)

int mc_dprc_get_pool_count(struct mc *mc, uint16_t token, uint32_t *ret_count)
{
	struct mc_command command = mc_command_new(GET_POOL_COUNT, token);
	int r = mc_send(mc, &command);

	if (r >= 0)
		*ret_count = (uint32_t)mc_get(&command, 8, 4);
	return r;
}

int mc_dprc_get_pool(struct mc *mc, uint16_t token, uint32_t index, char ret_name[MC_TYPE_SIZE])
{
	struct mc_command command = mc_command_new(GET_POOL, token);
	int r;

	mc_put(&command, 8, 4, index);
	r = mc_send(mc, &command);
	if (r < 0)
		return r;
	memcpy(ret_name, command.bytes + 16, FIELD_SIZE);
	ret_name[FIELD_SIZE] = '\0';
	return 0;
}

int mc_dprc_get_res_count(struct mc *mc, uint16_t token, const char *name, uint32_t *ret_count)
{
	struct mc_command command = mc_command_new(GET_RES_COUNT, token);
	int r;

	memcpy(command.bytes + 16, name, strnlen(name, FIELD_SIZE));
	r = mc_send(mc, &command);
	if (r >= 0)
		*ret_count = (uint32_t)mc_get(&command, 8, 4);
	return r;
}

int mc_dpmac_get_address(struct mc *mc, uint32_t id, uint8_t ret_address[MC_ADDRESS_SIZE])
{
	struct mc_command open = mc_command_new(OPEN_DPMAC, 0), get, close;
	uint16_t token;
	int r;

	mc_put(&open, 8, 4, id);
	r = mc_send(mc, &open);
	if (r < 0)
		return r;
	token = (uint16_t)mc_get(&open, MC_AT_TOKEN, 2);
	get = mc_command_new(DPMAC_GET_MAC_ADDR, token);
	r = mc_send(mc, &get);
	close = mc_command_new(MC_CLOSE, token);
	mc_send(mc, &close);
	/* The last byte comes first. */
	for (size_t i = 0; r >= 0 && i < MC_ADDRESS_SIZE; i++)
		ret_address[MC_ADDRESS_SIZE - 1 - i] = get.bytes[10 + i];
	return r;
}
