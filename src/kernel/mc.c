/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of the MC firmware: which bytes ask, and what the answer's bytes mean. */
#include <errno.h>

#include "base/util.h"
#include "kernel/mc.h"
#include "kernel/mc_channel.h"

/* Numbers and layouts: drivers/bus/fsl-mc/fsl-mc-private.h, and fsl-mc-uapi.c for which pass. */
enum {
	GET_ATTRIBUTES = 0x0041,
	GET_OBJ_COUNT = 0x1591,
	GET_OBJ = 0x15a1,
	GET_CONNECTION = 0x16c1,
	OPEN_DPRC = 0x8051,
	GET_VERSION = 0x8311,
};

#define FIELD_SIZE 16 /* of a type or a label; full ones have no NUL */

static uint16_t get16(const struct mc_command *command, size_t at)
{
	return (uint16_t)mc_get(command, at, 2);
}

static uint32_t get32(const struct mc_command *command, size_t at)
{
	return (uint32_t)mc_get(command, at, 4);
}

/* text has room for FIELD_SIZE + 1 and was zeroed. */
static void get_text(const struct mc_command *command, size_t at, char *text)
{
	memcpy(text, command->bytes + at, strnlen((const char *)command->bytes + at, FIELD_SIZE));
}

int mc_get_version(struct mc *mc, struct mc_version *ret_version)
{
	struct mc_command command = mc_command_new(GET_VERSION, 0);
	int r = mc_send(mc, &command);

	if (r < 0)
		return r;
	*ret_version = (struct mc_version){
		.revision = get32(&command, 8),
		.major = get32(&command, 12),
		.minor = get32(&command, 16),
	};
	return 0;
}

/* 0: it is not open. */
static uint16_t open_token(const struct mc *mc, uint32_t id)
{
	for (size_t i = 0; i < mc->n_open; i++)
		if (mc->open_dprcs[i].id == id)
			return mc->open_dprcs[i].token;
	return 0;
}

static void close_first(struct mc *mc)
{
	struct mc_command command = mc_command_new(MC_CLOSE, mc->open_dprcs[0].token);

	mc_send(mc, &command);
	mc->n_open--;
	memmove(&mc->open_dprcs[0], &mc->open_dprcs[1], mc->n_open * sizeof(mc->open_dprcs[0]));
}

void mc_release(struct mc *mc)
{
	while (mc->n_open)
		close_first(mc);
}

int mc_dprc_open(struct mc *mc, uint32_t id, uint16_t *ret_token)
{
	struct mc_command command = mc_command_new(OPEN_DPRC, 0);
	uint16_t token = open_token(mc, id);
	int r;

	if (token) {
		*ret_token = token;
		return 0;
	}
	if (mc->n_open == MC_OPEN_MAX)
		close_first(mc);
	mc_put(&command, 8, 4, id);
	r = mc_send(mc, &command);
	if (r < 0)
		return r;
	token = get16(&command, MC_AT_TOKEN);
	mc->open_dprcs[mc->n_open].token = token;
	mc->open_dprcs[mc->n_open++].id = id;
	*ret_token = token;
	return 0;
}

int mc_dprc_get_obj_count(struct mc *mc, uint16_t token, uint32_t *ret_count)
{
	struct mc_command command = mc_command_new(GET_OBJ_COUNT, token);
	int r = mc_send(mc, &command);

	if (r < 0)
		return r;
	*ret_count = get32(&command, 12);
	return 0;
}

int mc_dprc_get_attributes(struct mc *mc, uint16_t token, struct mc_dprc_attributes *ret_attributes)
{
	struct mc_command command = mc_command_new(GET_ATTRIBUTES, token);
	int r = mc_send(mc, &command);

	if (r < 0)
		return r;
	*ret_attributes = (struct mc_dprc_attributes){
		.id = get32(&command, 8),
		.icid = get32(&command, 12),
		.options = get32(&command, 16),
		.portal_id = get32(&command, 20),
	};
	return 0;
}

int mc_dprc_look(struct mc *mc, uint32_t id, bool with_attributes, struct mc_dprc_look *ret_look)
{
	struct mc_dprc_look look = { 0 };
	int r = mc_dprc_open(mc, id, &look.token);

	if (r >= 0)
		r = mc_dprc_get_obj_count(mc, look.token, &look.n_objects);
	if (r >= 0 && with_attributes)
		r = mc_dprc_get_attributes(mc, look.token, &look.attributes);
	if (r >= 0)
		*ret_look = look;
	return r;
}

/* Past the end is all that follows, too, however many the MC says there are. */
static bool is_last(int result)
{
	return result == -ENAVAIL || result == -ETIMEDOUT || result == -EPIPE;
}

static struct mc_descriptor read_descriptor(const struct mc_command *command)
{
	struct mc_descriptor descriptor = {
		.id = get32(command, 12),
		.vendor = get16(command, 16),
		.n_irqs = command->bytes[18],
		.n_regions = command->bytes[19],
		.state = get32(command, 20),
		.ver_major = get16(command, 24),
		.ver_minor = get16(command, 26),
		.flags = get16(command, 28),
	};

	get_text(command, 32, descriptor.type);
	get_text(command, 48, descriptor.label);
	return descriptor;
}

/* How many have a result: the first, and maybe more. */
static uint32_t get_some(struct mc *mc, uint16_t token, uint32_t first, uint32_t n,
			 struct mc_answered *ret_objects)
{
	struct mc_command commands[MC_AT_ONCE];
	int results[MC_AT_ONCE];
	uint32_t n_sent = 0, n_done;

	for (; n_sent < n && n_sent < MC_AT_ONCE; n_sent++) {
		commands[n_sent] = mc_command_new(GET_OBJ, token);
		mc_put(&commands[n_sent], 8, 4, first + n_sent);
	}
	n_done = (uint32_t)mc_send_some(mc, commands, n_sent, results);
	for (uint32_t i = 0; i < n_done; i++) {
		ret_objects[i].result = results[i];
		if (results[i] == 0)
			ret_objects[i].descriptor = read_descriptor(&commands[i]);
	}
	return n_done;
}

uint32_t mc_dprc_get_objs(struct mc *mc, uint16_t token, uint32_t n,
			  struct mc_answered *ret_objects)
{
	uint32_t i = 0, end = 0;

	while (i < n) {
		end += get_some(mc, token, i, n - i, ret_objects + i);
		for (; i < end; i++)
			if (is_last(ret_objects[i].result))
				return i + 1;
	}
	return n;
}

int mc_dprc_get_obj(struct mc *mc, uint16_t token, uint32_t index,
		    struct mc_descriptor *ret_descriptor)
{
	struct mc_answered object;

	get_some(mc, token, index, 1, &object);
	if (object.result == 0)
		*ret_descriptor = object.descriptor;
	return object.result;
}

int mc_dprc_get_connection(struct mc *mc, uint16_t token, const struct mc_end *end,
			   struct mc_end *ret_peer, int *ret_state)
{
	struct mc_command command = mc_command_new(GET_CONNECTION, token);
	struct mc_end peer = { 0 };
	int r;

	mc_put(&command, 8, 4, end->id);
	mc_put(&command, 12, 2, end->interface);
	memcpy(command.bytes + 16, end->type, strnlen(end->type, FIELD_SIZE));
	r = mc_send(mc, &command);
	if (r < 0)
		return r;
	peer.id = get32(&command, 32);
	peer.interface = get16(&command, 36);
	get_text(&command, 40, peer.type);
	*ret_peer = peer;
	*ret_state = (int32_t)get32(&command, 56);
	return 0;
}
