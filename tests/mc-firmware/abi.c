/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading and writing MC commands, and the words for their codes. */
#include <errno.h>
#include <string.h>

#include "abi.h"
#include "util.h"

static const struct {
	enum mc_status status;
	const char *name;
} statuses[] = {
	{ MC_OK, "ok" },
	{ MC_READY, "ready" },
	{ MC_AUTH_ERR, "auth_err" },
	{ MC_NO_PRIVILEGE, "no_privilege" },
	{ MC_DMA_ERR, "dma_err" },
	{ MC_CONFIG_ERR, "config_err" },
	{ MC_TIMEOUT, "timeout" },
	{ MC_NO_RESOURCE, "no_resource" },
	{ MC_NO_MEMORY, "no_memory" },
	{ MC_BUSY, "busy" },
	{ MC_UNSUPPORTED_OP, "unsupported_op" },
	{ MC_INVALID_STATE, "invalid_state" },
};

static const struct {
	uint32_t bit;
	const char *name;
} options[] = {
	{ DPRC_SPAWN_ALLOWED, "SPAWN" },
	{ DPRC_ALLOC_ALLOWED, "ALLOC" },
	{ DPRC_OBJ_CREATE_ALLOWED, "OBJ_CREATE" },
	{ DPRC_TOPOLOGY_CHANGES_ALLOWED, "TOPOLOGY_CHANGES" },
	{ DPRC_AIOP, "AIOP" },
	{ DPRC_IRQ_CFG_ALLOWED, "IRQ_CFG" },
	{ DPRC_PL_ALLOWED, "PL" },
};

uint64_t frame_get(const struct frame *frame, size_t offset, size_t width)
{
	uint64_t value = 0;

	for (size_t i = 0; i < width; i++)
		value |= (uint64_t)frame->bytes[offset + i] << (8 * i);
	return value;
}

void frame_put(struct frame *frame, size_t offset, size_t width, uint64_t value)
{
	for (size_t i = 0; i < width; i++)
		frame->bytes[offset + i] = (uint8_t)(value >> (8 * i));
}

void frame_get_name(const struct frame *frame, size_t offset, char ret_name[NAME_FIELD + 1])
{
	memcpy(ret_name, frame->bytes + offset, NAME_FIELD);
	ret_name[NAME_FIELD] = '\0';
}

void frame_put_name(struct frame *frame, size_t offset, const char *name)
{
	memset(frame->bytes + offset, 0, NAME_FIELD);
	memcpy(frame->bytes + offset, name, strnlen(name, NAME_FIELD));
}

const char *mc_status_name(enum mc_status status)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].name;
	return "other";
}

int mc_status_from_name(const char *name, enum mc_status *ret_status)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
		if (strcmp(statuses[i].name, name) == 0) {
			*ret_status = statuses[i].status;
			return 0;
		}
	}
	return -EINVAL;
}

const char *dprc_option_name(unsigned int index, uint32_t *ret_bit)
{
	if (index >= ARRAY_SIZE(options))
		return NULL;
	*ret_bit = options[index].bit;
	return options[index].name;
}

int dprc_option_from_name(const char *name, uint32_t *ret_bit)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (strcmp(options[i].name, name) == 0) {
			*ret_bit = options[i].bit;
			return 0;
		}
	}
	return -EINVAL;
}
