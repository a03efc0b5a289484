/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MC commands through a portal of our own. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/mc_channel.h"
#include "kernel/mc_portal.h"

/* Numbers and layouts: drivers/bus/fsl-mc/fsl-mc-private.h and obj-api.c. */
enum {
	SET_IRQ_ENABLE = 0x0121,
	GET_IRQ_ENABLE = 0x0131,
	SET_IRQ_MASK = 0x0141,
	GET_IRQ_MASK = 0x0151,
	GET_IRQ_STATUS = 0x0161,
	CLEAR_IRQ_STATUS = 0x0171,
	GET_VERSION = 0x8311,
};

/* The number of a type makes its OPEN command: 0x8011 for the first (fsl_mc_obj_open()). */
static const struct {
	const char *type;
	unsigned int open;
} types[] = {
	{ "dpni", 0x8011 },   { "dpsw", 0x8021 },   { "dpio", 0x8031 },	 { "dpbp", 0x8041 },
	{ "dprc", 0x8051 },   { "dpdmux", 0x8061 }, { "dpci", 0x8071 },	 { "dpcon", 0x8081 },
	{ "dpseci", 0x8091 }, { "dpaiop", 0x80a1 }, { "dpmcp", 0x80b1 }, { "dpmac", 0x80c1 },
	{ "dpdcei", 0x80d1 }, { "dpdmai", 0x80e1 }, { "dpdbg", 0x80f1 }, { "dprtc", 0x8101 },
};

#define AT_FLAGS_SW 3
#define NO_COMPLETION_IRQ 0x01

static struct mc_command new_command(unsigned int id, uint16_t token)
{
	struct mc_command command = { 0 };

	mc_put(&command, MC_AT_STATUS, 1, 0x01); /* READY: it is the MC's turn */
	mc_put(&command, AT_FLAGS_SW, 1, NO_COMPLETION_IRQ);
	mc_put(&command, MC_AT_TOKEN, 2, token);
	mc_put(&command, MC_AT_COMMAND, 2, id);
	return command;
}

static int exchange(const struct mc_portal *portal, struct mc_command *command)
{
	const off_t offset = (off_t)portal->offset;
	ssize_t n = pwrite(portal->device, command->bytes, sizeof(command->bytes), offset);

	if (n == (ssize_t)sizeof(command->bytes))
		n = pread(portal->device, command->bytes, sizeof(command->bytes), offset);
	if (n < 0)
		return -errno;
	if (n != (ssize_t)sizeof(command->bytes))
		return -EIO;
	return mc_status_error(command->bytes[MC_AT_STATUS]);
}

int mc_portal_get_version(const struct mc_portal *portal, struct mc_version *ret_version)
{
	struct mc_command command = new_command(GET_VERSION, 0);
	int r = exchange(portal, &command);

	if (r < 0)
		return r;
	*ret_version = (struct mc_version){
		.revision = (uint32_t)mc_get(&command, 8, 4),
		.major = (uint32_t)mc_get(&command, 12, 4),
		.minor = (uint32_t)mc_get(&command, 16, 4),
	};
	return 0;
}

int mc_portal_open(const struct mc_portal *portal, const char *type, uint32_t id,
		   uint16_t *ret_token)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct mc_command command = new_command(types[i].open, 0);
		int r;

		if (!streq(types[i].type, type))
			continue;
		mc_put(&command, 8, 4, id);
		r = exchange(portal, &command);
		if (r == 0)
			*ret_token = (uint16_t)mc_get(&command, MC_AT_TOKEN, 2);
		return r;
	}
	return -EOPNOTSUPP;
}

int mc_portal_close(const struct mc_portal *portal, uint16_t token)
{
	struct mc_command command = new_command(MC_CLOSE, token);

	return exchange(portal, &command);
}

/* All interrupt commands have a 32-bit value and then the index. */
static int irq_command(const struct mc_portal *portal, unsigned int id, uint16_t token,
		       uint8_t index, uint32_t value, uint32_t *ret_value)
{
	struct mc_command command = new_command(id, token);
	int r;

	mc_put(&command, 8, 4, value);
	mc_put(&command, 12, 1, index);
	r = exchange(portal, &command);
	if (r == 0 && ret_value)
		*ret_value = (uint32_t)mc_get(&command, 8, 4);
	return r;
}

int mc_portal_get_irq(const struct mc_portal *portal, uint16_t token, uint8_t index,
		      struct mc_irq *ret_irq)
{
	uint32_t enable, mask;
	int r = irq_command(portal, GET_IRQ_ENABLE, token, index, 0, &enable);

	if (r == 0)
		r = irq_command(portal, GET_IRQ_MASK, token, index, 0, &mask);
	if (r < 0)
		return r;
	*ret_irq = (struct mc_irq){ .is_enabled = enable & 0x1, .mask = mask };
	return 0;
}

/* Disabled while the mask changes, so that no half-made setting interrupts. */
int mc_portal_set_irq(const struct mc_portal *portal, uint16_t token, uint8_t index,
		      const struct mc_irq *irq)
{
	int r = irq_command(portal, SET_IRQ_ENABLE, token, index, 0, NULL);
	int r_mask = irq_command(portal, SET_IRQ_MASK, token, index, irq->mask, NULL);

	if (r == 0)
		r = r_mask;
	if (r == 0 && irq->is_enabled)
		r = irq_command(portal, SET_IRQ_ENABLE, token, index, 1, NULL);
	return r;
}

int mc_portal_get_irq_status(const struct mc_portal *portal, uint16_t token, uint8_t index,
			     uint32_t *ret_status)
{
	return irq_command(portal, GET_IRQ_STATUS, token, index, 0, ret_status);
}

int mc_portal_clear_irq_status(const struct mc_portal *portal, uint16_t token, uint8_t index,
			       uint32_t status)
{
	return irq_command(portal, CLEAR_IRQ_STATUS, token, index, status, NULL);
}
