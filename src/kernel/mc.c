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
	int r = mc_send(mc, &command, 1);

	if (r < 0)
		return r;
	*ret_version = (struct mc_version){
		.revision = get32(&command, 8),
		.major = get32(&command, 12),
		.minor = get32(&command, 16),
	};
	return 0;
}

/* Closes the n that were opened first. */
static void close_first(struct mc *mc, size_t n)
{
	struct mc_command commands[MC_KEPT_MAX];

	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		commands[i] = mc_command_new(MC_CLOSE, mc->kept[i].token);
	mc_send(mc, commands, n);
	mc->n_kept -= n;
	memmove(&mc->kept[0], &mc->kept[n], mc->n_kept * sizeof(mc->kept[0]));
}

void mc_release(struct mc *mc) { close_first(mc, mc->n_kept); }

/* 0: it is not open. */
static uint16_t kept_token(const struct mc *mc, uint32_t id)
{
	for (size_t i = 0; i < mc->n_kept; i++)
		if (mc->kept[i].id == id)
			return mc->kept[i].token;
	return 0;
}

/* The commands that follow it are about the object that it opens. */
static int open_and_send(struct mc *mc, uint32_t id, struct mc_command *commands, size_t n)
{
	uint16_t token;
	int r;

	if (mc->n_kept == MC_KEPT_MAX)
		close_first(mc, 1);
	commands[0] = mc_command_new(OPEN_DPRC, 0);
	mc_put(&commands[0], 8, 4, id);
	r = mc_send(mc, commands, n);
	/* Also when another one failed it is open. */
	token = get16(&commands[0], MC_AT_TOKEN);
	if (token) {
		mc->kept[mc->n_kept].token = token;
		mc->kept[mc->n_kept++].id = id;
	}
	return r;
}

int mc_dprc_open(struct mc *mc, uint32_t id, uint16_t *ret_token)
{
	struct mc_command command;
	int r = kept_token(mc, id) ? 0 : open_and_send(mc, id, &command, 1);

	if (r < 0)
		return r;
	*ret_token = kept_token(mc, id);
	return 0;
}

static struct mc_dprc_attributes read_attributes(const struct mc_command *answer)
{
	return (struct mc_dprc_attributes){
		.id = get32(answer, 8),
		.icid = get32(answer, 12),
		.options = get32(answer, 16),
		.portal_id = get32(answer, 20),
	};
}

static uint32_t read_obj_count(const struct mc_command *answer) { return get32(answer, 12); }

int mc_dprc_look(struct mc *mc, uint32_t id, bool with_attributes, struct mc_dprc_look *ret_look)
{
	enum { OPEN, COUNT, ATTRIBUTES, N };
	const uint16_t token = kept_token(mc, id);
	const size_t n = with_attributes ? N : ATTRIBUTES;
	struct mc_command commands[N] = {
		[COUNT] = mc_command_new(GET_OBJ_COUNT, token),
		[ATTRIBUTES] = mc_command_new(GET_ATTRIBUTES, token),
	};
	int r = token ? mc_send(mc, commands + COUNT, n - COUNT)
		      : open_and_send(mc, id, commands, n);

	if (r < 0)
		return r;
	*ret_look = (struct mc_dprc_look){
		.token = kept_token(mc, id),
		.attributes = with_attributes ? read_attributes(&commands[ATTRIBUTES])
					      : (struct mc_dprc_attributes){ 0 },
		.n_objects = read_obj_count(&commands[COUNT]),
	};
	return 0;
}

int mc_dprc_get_obj_count(struct mc *mc, uint16_t token, uint32_t *ret_count)
{
	struct mc_command command = mc_command_new(GET_OBJ_COUNT, token);
	int r = mc_send(mc, &command, 1);

	if (r < 0)
		return r;
	*ret_count = read_obj_count(&command);
	return 0;
}

static struct mc_command get_obj(uint16_t token, uint32_t index)
{
	struct mc_command command = mc_command_new(GET_OBJ, token);

	mc_put(&command, 8, 4, index);
	return command;
}

static struct mc_descriptor read_descriptor(const struct mc_command *answer)
{
	struct mc_descriptor descriptor = {
		.id = get32(answer, 12),
		.vendor = get16(answer, 16),
		.n_irqs = answer->bytes[18],
		.n_regions = answer->bytes[19],
		.state = get32(answer, 20),
		.ver_major = get16(answer, 24),
		.ver_minor = get16(answer, 26),
		.flags = get16(answer, 28),
	};

	get_text(answer, 32, descriptor.type);
	get_text(answer, 48, descriptor.label);
	return descriptor;
}

int mc_dprc_get_obj(struct mc *mc, uint16_t token, uint32_t index,
		    struct mc_descriptor *ret_descriptor)
{
	struct mc_command command = get_obj(token, index);
	int r = mc_send(mc, &command, 1);

	if (r < 0)
		return r;
	*ret_descriptor = read_descriptor(&command);
	return 0;
}

int mc_dprc_recognize(struct mc *mc, uint16_t parent, uint32_t index, uint16_t token,
		      struct mc_descriptor *ret_descriptor,
		      struct mc_dprc_attributes *ret_attributes)
{
	struct mc_command commands[] = {
		get_obj(parent, index),
		mc_command_new(GET_ATTRIBUTES, token),
	};
	int r = mc_send(mc, commands, ARRAY_SIZE(commands));

	if (r < 0)
		return r;
	*ret_descriptor = read_descriptor(&commands[0]);
	*ret_attributes = read_attributes(&commands[1]);
	return 0;
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
	r = mc_send(mc, &command, 1);
	if (r < 0)
		return r;
	peer.id = get32(&command, 32);
	peer.interface = get16(&command, 36);
	get_text(&command, 40, peer.type);
	*ret_peer = peer;
	*ret_state = (int32_t)get32(&command, 56);
	return 0;
}
