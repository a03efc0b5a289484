/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding what a command asks for, and refusing it where a real MC does. */
#include <string.h>

#include "command.h"
#include "firmware.h"
#include "token.h"
#include "util.h"

/* The first that fits is taken: what is particular to a type comes before what all have. */
static const struct command_table *const tables[] = {
	&dprc_commands, &topology_commands, &resource_commands,
	&eth_commands,	&queue_commands,    &object_commands,
};

static bool is_for(const struct command *command, uint16_t id, const struct object *target)
{
	if ((id & command->mask) != command->id)
		return false;
	if (!command->type)
		return true;
	return target && strcmp(command->type, target->type->name) == 0;
}

static const struct command *command_find(uint16_t id, const struct object *target)
{
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
		for (size_t i = 0; i < tables[t]->n_commands; i++)
			if (is_for(&tables[t]->commands[i], id, target))
				return &tables[t]->commands[i];
	return NULL;
}

/* Ids of commands on objects mean different things for different types, so the token decides. */
static bool id_is_known(uint16_t id)
{
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
		for (size_t i = 0; i < tables[t]->n_commands; i++)
			if ((id & tables[t]->commands[i].mask) == tables[t]->commands[i].id)
				return true;
	return false;
}

/* NULL: the portal of an object that was destroyed, whose software may not know it yet. */
static struct object *context_of(const struct firmware *firmware, unsigned int portal)
{
	struct object *owner = firmware->model.mc_portals[portal];

	if (owner == &firmware->model.lost_portal)
		return NULL;
	return !owner || object_is_dprc(owner) ? owner : owner->parent;
}

const struct object_type *call_module(const struct call *call)
{
	int index = type_by_module(call->id & ~MODULE_MASK);

	return index < 0 ? NULL : &call->firmware->model.types[index];
}

static struct object *object_at(const struct call *call, const char *type, size_t id_offset)
{
	return model_find(&call->firmware->model, type,
			  (uint32_t)frame_get(&call->request, id_offset, 4));
}

struct object *call_dprc_at(const struct call *call, size_t id_offset)
{
	return object_at(call, "dprc", id_offset);
}

struct object *call_object_at(const struct call *call, size_t id_offset, size_t type_offset)
{
	char type[NAME_FIELD + 1];

	frame_get_name(&call->request, type_offset, type);
	return object_at(call, type, id_offset);
}

static struct object *find_subject(const struct call *call)
{
	const struct subject *subject = &call->command->subject;
	const struct object_type *type = call_module(call);

	switch (subject->kind) {
	case SUBJECT_MODULE:
		return type ? object_at(call, type->name, subject->id_offset) : NULL;
	case SUBJECT_INDEX:
		return model_child(&call->firmware->model, call->target,
				   (uint32_t)frame_get(&call->request, subject->id_offset, 4));
	case SUBJECT_DPRC:
		return call_dprc_at(call, subject->id_offset);
	case SUBJECT_NAMED:
		return call_object_at(call, subject->id_offset, subject->type_offset);
	case SUBJECT_NONE:
		break;
	}
	return NULL;
}

void command_decode(struct firmware *firmware, unsigned int portal, const struct frame *request,
		    struct call *call)
{
	uint16_t id = (uint16_t)frame_get(request, HEADER_ID, 2);
	struct token *token;

	memset(call, 0, sizeof(*call));
	call->firmware = firmware;
	call->portal = portal;
	call->context = context_of(firmware, portal);
	call->id = id >> 4;
	call->version = id & 0xf;
	call->token = (uint16_t)frame_get(request, HEADER_TOKEN, 2);
	call->request = *request;
	memcpy(&call->response, request, 8);

	token = token_find(&firmware->model, call->token, call->context);
	if (token)
		call->target = token->object;
	call->command = command_find(call->id, call->target);
	if (!call->command)
		call->status = token || !id_is_known(call->id) ? MC_UNSUPPORTED_OP : MC_AUTH_ERR;
	else if (!call->context || (call->command->token == TOKEN_OBJECT && !token))
		call->status = MC_AUTH_ERR;
	else
		call->subject = find_subject(call);
	if (call->target)
		memcpy(call->target_name, call->target->name, sizeof(call->target_name));
	if (call->subject)
		memcpy(call->subject_name, call->subject->name, sizeof(call->subject_name));
}

void command_run(struct call *call)
{
	if (call->status == MC_OK)
		call->status = call->command->run(call);
}

int command_exists(const char *name)
{
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
		for (size_t i = 0; i < tables[t]->n_commands; i++)
			if (strcmp(tables[t]->commands[i].name, name) == 0)
				return 1;
	return 0;
}

enum mc_status command_accept(struct call *call)
{
	(void)call;
	return MC_OK;
}

struct irq *call_irq(struct call *call, struct object *object, size_t offset)
{
	uint64_t index = frame_get(&call->request, offset, 1);

	return index < object->n_irqs ? &object->irqs[index] : NULL;
}

bool call_is_locked(const struct call *call)
{
	const struct object *dprc;

	if (call->firmware->model.unmeasured.lock_has_no_effect)
		return false;
	for (dprc = call->target; dprc; dprc = dprc->parent)
		if (dprc->locked)
			return true;
	return false;
}
