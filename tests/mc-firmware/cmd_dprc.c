/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DPRC commands that ask, and those on the interrupts of the objects inside. */
#include <string.h>

#include "command.h"
#include "connection.h"
#include "firmware.h"
#include "region.h"
#include "util.h"

#define VENDOR_FREESCALE 0x1957
#define NO_CONNECTION UINT32_MAX /* state -1 of GET_CONNECTION */

static enum mc_status get_version(struct call *call)
{
	const struct model *model = &call->firmware->model;

	frame_put(&call->response, 8, 4, model->mc_revision);
	frame_put(&call->response, 12, 4, model->mc_major);
	frame_put(&call->response, 16, 4, model->mc_minor);
	return MC_OK;
}

static enum mc_status get_soc_version(struct call *call)
{
	frame_put(&call->response, 8, 4, call->firmware->model.system_version);
	return MC_OK;
}

static enum mc_status get_container_id(struct call *call)
{
	frame_put(&call->response, 8, 4, call->context->id);
	return MC_OK;
}

static enum mc_status get_attributes(struct call *call)
{
	frame_put(&call->response, 8, 4, call->target->id);
	frame_put(&call->response, 12, 4, call->target->icid);
	frame_put(&call->response, 16, 4, call->target->options);
	frame_put(&call->response, 20, 4, call->target->portal);
	return MC_OK;
}

static enum mc_status get_obj_count(struct call *call)
{
	frame_put(&call->response, 12, 4, model_count(&call->firmware->model, call->target, NULL));
	return MC_OK;
}

static enum mc_status put_descriptor(struct call *call, const struct object *object)
{
	uint32_t state = object->plugged ? OBJECT_STATE_PLUGGED : 0;

	if (object->n_opens > 0)
		state |= OBJECT_STATE_OPEN;
	frame_put(&call->response, 12, 4, object->id);
	frame_put(&call->response, 16, 2, VENDOR_FREESCALE);
	frame_put(&call->response, 18, 1, object->n_irqs);
	frame_put(&call->response, 19, 1, object->n_regions);
	frame_put(&call->response, 20, 4, state);
	frame_put(&call->response, 24, 2, object->type->version_major);
	frame_put(&call->response, 26, 2, object->type->version_minor);
	frame_put_name(&call->response, 32, object->type->name);
	memcpy(call->response.bytes + 48, object->label, NAME_FIELD);
	return MC_OK;
}

/* Past the end: seen as "dprc_get_obj(i=110) failed: -119" on a Clearfog CX (netdev, 2019-12-19).
 */
static enum mc_status get_obj(struct call *call)
{
	return call->subject ? put_descriptor(call, call->subject) : MC_NO_RESOURCE;
}

static enum mc_status get_obj_desc(struct call *call)
{
	if (!call->subject || call->subject->parent != call->target)
		return MC_CONFIG_ERR;
	return put_descriptor(call, call->subject);
}

/* What dprc_get_obj_region() of Linux takes for granted. */
static unsigned int newest_get_obj_region(const struct model *model)
{
	if (model_has_dprc_api(model, 6, 6))
		return 3;
	return model_has_dprc_api(model, 6, 3) ? 2 : 1;
}

/* Version 1 has no field for the base address; with 0 in it Linux translates through "ranges". */
static enum mc_status get_obj_region(struct call *call)
{
	unsigned int index = (unsigned int)frame_get(&call->request, 14, 1);
	struct region region;

	if (call->version > newest_get_obj_region(&call->firmware->model))
		return MC_UNSUPPORTED_OP;
	if (!call->subject || call->subject->parent != call->target)
		return MC_CONFIG_ERR;
	if (region_of(&call->firmware->model, call->subject, index, &region) < 0)
		return MC_CONFIG_ERR;
	frame_put(&call->response, 16, 8, region.offset);
	frame_put(&call->response, 24, 4, region.size);
	frame_put(&call->response, 28, 1, region.type);
	frame_put(&call->response, 32, 4, region.flags);
	if (call->version > 1)
		frame_put(&call->response, 40, 8, region.base);
	return MC_OK;
}

static enum mc_status set_obj_irq(struct call *call)
{
	struct irq *irq;

	if (!(call->context->options & DPRC_IRQ_CFG_ALLOWED))
		return MC_NO_PRIVILEGE;
	if (!call->subject || call->subject->parent != call->target)
		return MC_CONFIG_ERR;
	irq = call_irq(call, call->subject, 12);
	if (!irq)
		return MC_CONFIG_ERR;
	irq->event = (uint32_t)frame_get(&call->request, 8, 4);
	irq->address = frame_get(&call->request, 16, 8);
	return MC_OK;
}

static enum mc_status get_connection(struct call *call)
{
	uint16_t interface = (uint16_t)frame_get(&call->request, 12, 2);
	const struct connection *connection;
	struct endpoint *peer;

	if (!call->subject || !object_is_within(call->subject, call->target) ||
	    interface >= call->subject->settings.interfaces)
		return MC_CONFIG_ERR;
	connection = connection_find(&call->firmware->model, call->subject, interface, &peer);
	/* Only the state tells: the kernel calls the rest irrelevant then, so it is junk here. */
	if (!connection) {
		frame_put(&call->response, 32, 4, 77);
		frame_put_name(&call->response, 40, "dpmac");
		frame_put(&call->response, 56, 4, NO_CONNECTION);
		return MC_OK;
	}
	frame_put(&call->response, 32, 4, peer->object->id);
	frame_put(&call->response, 36, 2, peer->interface);
	frame_put_name(&call->response, 40, peer->object->type->name);
	frame_put(&call->response, 56, 4, connection_is_up(connection));
	return MC_OK;
}

static const struct command commands[] = {
	{ 0x831, 0xfff, NULL, TOKEN_NONE, "get_version", get_version, NO_SUBJECT },
	{ 0x832, 0xfff, NULL, TOKEN_NONE, "get_soc_version", get_soc_version, NO_SUBJECT },
	{ 0x830, 0xfff, NULL, TOKEN_NONE, "get_container_id", get_container_id, NO_SUBJECT },
	{ 0x004, 0xfff, "dprc", TOKEN_OBJECT, "get_attributes", get_attributes, NO_SUBJECT },
	{ 0x159, 0xfff, "dprc", TOKEN_OBJECT, "get_obj_count", get_obj_count, NO_SUBJECT },
	{ 0x15a, 0xfff, "dprc", TOKEN_OBJECT, "get_obj", get_obj, INDEX_SUBJECT },
	{ 0x162, 0xfff, "dprc", TOKEN_OBJECT, "get_obj_desc", get_obj_desc, NAMED_AT(8, 16) },
	{ 0x15e, 0xfff, "dprc", TOKEN_OBJECT, "get_obj_region", get_obj_region, NAMED_AT(8, 32) },
	{ 0x15f, 0xfff, "dprc", TOKEN_OBJECT, "set_obj_irq", set_obj_irq, NAMED_AT(28, 32) },
	{ 0x16c, 0xfff, "dprc", TOKEN_OBJECT, "get_connection", get_connection, NAMED_AT(8, 16) },
};

const struct command_table dprc_commands = { commands, ARRAY_SIZE(commands) };
