/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/util.h"
#include "kernel/mc.h"
#include "kernel/mc_command.h"

#define STATUS_READY 1

uint64_t mc_get(const struct mc_command *command, size_t at, size_t n_bytes)
{
	uint64_t value = 0;

	while (n_bytes--)
		value = value << 8 | command->bytes[at + n_bytes];
	return value;
}

void mc_put(struct mc_command *command, size_t at, size_t n_bytes, uint64_t value)
{
	for (; n_bytes--; at++, value >>= 8)
		command->bytes[at] = (unsigned char)value;
}

struct mc_command mc_command_new(unsigned int id, uint16_t token)
{
	struct mc_command command = { 0 };

	/* The firmware begins when this is written; without it the kernel takes the request for
	 * its answer. */
	mc_put(&command, MC_AT_STATUS, 1, STATUS_READY);
	mc_put(&command, MC_AT_COMMAND, 2, id);
	mc_put(&command, MC_AT_TOKEN, 2, token);
	return command;
}

#define ENOTSUPP 524 /* include/linux/errno.h */

/* mc_status_to_error() in drivers/bus/fsl-mc/mc-sys.c; READY (1) means no answer in time. */
static const struct {
	unsigned int status;
	int error;
	const char *name;
} statuses[] = {
	{ 0x0, 0, "ok" },
	{ STATUS_READY, ETIMEDOUT, "timeout" },
	{ 0x3, EACCES, "auth_err" },
	{ 0x4, EPERM, "no_privilege" },
	{ 0x5, EIO, "dma_err" },
	{ 0x6, ENXIO, "config_err" },
	{ 0x7, ETIMEDOUT, "timeout" },
	{ 0x8, ENAVAIL, "no_resource" },
	{ 0x9, ENOMEM, "no_memory" },
	{ 0xa, EBUSY, "busy" },
	{ 0xb, ENOTSUPP, "unsupported_op" },
	{ 0xc, ENODEV, "invalid_state" },
};

int mc_status_error(unsigned int status)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].status == status)
			return -statuses[i].error;
	return -EINVAL;
}

const char *mc_status_name(int r)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].error == -r)
			return statuses[i].name;
	return NULL;
}
