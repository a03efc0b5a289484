/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that every type of object has: opening, enabling, resetting, interrupts. */
#include <string.h>

#include "command.h"
#include "connection.h"
#include "firmware.h"
#include "token.h"
#include "util.h"
#include "version.h"

/* A container can open what is in it and below it, and itself; nothing else is there for it. */
static enum mc_status open_object(struct call *call)
{
	if (!call_module(call))
		return MC_UNSUPPORTED_OP;
	if (!call->subject || !object_is_within(call->subject, call->context))
		return MC_CONFIG_ERR;
	call->token = token_open(&call->firmware->model, call->subject, call->context);
	return call->token ? MC_OK : MC_NO_RESOURCE;
}

static enum mc_status close_object(struct call *call)
{
	struct model *model = &call->firmware->model;

	token_close(model, token_find(model, call->token, call->context));
	return MC_OK;
}

/* One per system, and so many dpnis, whatever the pools have; a shared FS table does not count. */
static bool is_one_too_many(const struct model *model, const struct object_type *type,
			    const struct settings *settings)
{
	const struct object *object;
	unsigned int n = 0;

	TAILQ_FOREACH(object, &model->objects, next)
	if (object->type == type && !(object->settings.options & DPNI_SHARED_FS))
		n++;
	if (strcmp(type->name, "dpni") == 0)
		return !(settings->options & DPNI_SHARED_FS) &&
		       n >= pools_most_dpnis(&model->pools);
	return n > 0 && (strcmp(type->name, "dprtc") == 0 || strcmp(type->name, "dpdbg") == 0);
}

/* Since 10.20 every container may create objects, as long as it is not locked. */
static bool may_create(const struct call *call)
{
	return model_has_dprc_api(&call->firmware->model, 6, 4) || !call->context->parent ||
	       (call->context->options & DPRC_OBJ_CREATE_ALLOWED);
}

static enum mc_status create_object(struct call *call)
{
	const struct object_type *type = call_module(call);
	struct model *model = &call->firmware->model;
	struct settings settings;
	struct object *object;
	enum mc_status status;
	uint32_t id = ANY_ID;

	if (!type || strcmp(type->name, "dprc") == 0 || !version_can_create(type, call->version))
		return MC_UNSUPPORTED_OP;
	if (!object_is_dprc(call->target))
		return MC_AUTH_ERR;
	if (call_is_locked(call) || !may_create(call))
		return MC_NO_PRIVILEGE;
	status = settings_read(model, type, call->version, &call->request, &settings);
	if (status != MC_OK)
		return status;
	if (is_one_too_many(model, type, &settings))
		return MC_NO_RESOURCE;
	if (strcmp(type->name, "dpmac") == 0)
		id = (uint32_t)frame_get(&call->request, 8, 4);
	status = model_create(model, call->target, type->name, id, &settings, &object);
	if (status == MC_OK)
		frame_put(&call->response, 8, 4, object->id);
	return status;
}

/* Only with the token of the container it was created in. */
static enum mc_status destroy_object(struct call *call)
{
	if (!object_is_dprc(call->target))
		return MC_AUTH_ERR;
	if (call_is_locked(call))
		return MC_NO_PRIVILEGE;
	if (!call->subject)
		return MC_CONFIG_ERR;
	if (call->subject->home != call->target)
		return MC_NO_PRIVILEGE;
	return model_destroy(&call->firmware->model, call->subject);
}

static enum mc_status get_api_version(struct call *call)
{
	const struct object_type *type = call_module(call);

	if (!type)
		return MC_UNSUPPORTED_OP;
	frame_put(&call->response, 8, 2, type->version_major);
	frame_put(&call->response, 10, 2, type->version_minor);
	return MC_OK;
}

/* What only carries commands (dprc, dpmcp) has nothing to enable. */
static enum mc_status set_enabled(struct call *call, bool enabled)
{
	if (call->target->type->portal == PORTAL_MC)
		return MC_UNSUPPORTED_OP;
	connection_set_enabled(&call->firmware->model, call->target, enabled);
	return MC_OK;
}

static enum mc_status enable(struct call *call) { return set_enabled(call, true); }

static enum mc_status disable(struct call *call) { return set_enabled(call, false); }

static enum mc_status is_enabled(struct call *call)
{
	if (call->target->type->portal == PORTAL_MC)
		return MC_UNSUPPORTED_OP;
	frame_put(&call->response, 8, 1, call->target->enabled);
	return MC_OK;
}

static enum mc_status reset(struct call *call)
{
	object_reset(&call->firmware->model, call->target);
	return MC_OK;
}

static enum mc_status set_irq(struct call *call)
{
	struct irq *irq = call_irq(call, call->target, 12);

	if (!(call->context->options & DPRC_IRQ_CFG_ALLOWED))
		return MC_NO_PRIVILEGE;
	if (!irq)
		return MC_CONFIG_ERR;
	irq->event = (uint32_t)frame_get(&call->request, 8, 4);
	irq->address = frame_get(&call->request, 16, 8);
	return MC_OK;
}

static enum mc_status get_irq(struct call *call)
{
	const struct irq *irq = call_irq(call, call->target, 12);

	if (!irq)
		return MC_CONFIG_ERR;
	frame_put(&call->response, 8, 4, irq->event);
	frame_put(&call->response, 16, 8, irq->address);
	return MC_OK;
}

static enum mc_status set_irq_enable(struct call *call)
{
	struct irq *irq = call_irq(call, call->target, 12);

	if (!irq)
		return MC_CONFIG_ERR;
	irq->enabled = frame_get(&call->request, 8, 1) & 0x1;
	return MC_OK;
}

static enum mc_status get_irq_enable(struct call *call)
{
	const struct irq *irq = call_irq(call, call->target, 12);

	if (!irq)
		return MC_CONFIG_ERR;
	frame_put(&call->response, 8, 1, irq->enabled);
	return MC_OK;
}

static enum mc_status set_irq_mask(struct call *call)
{
	struct irq *irq = call_irq(call, call->target, 12);

	if (!irq)
		return MC_CONFIG_ERR;
	irq->mask = (uint32_t)frame_get(&call->request, 8, 4);
	return MC_OK;
}

static enum mc_status get_irq_mask(struct call *call)
{
	const struct irq *irq = call_irq(call, call->target, 12);

	if (!irq)
		return MC_CONFIG_ERR;
	frame_put(&call->response, 8, 4, irq->mask);
	return MC_OK;
}

static enum mc_status get_irq_status(struct call *call)
{
	const struct irq *irq = call_irq(call, call->target, 12);

	if (!irq)
		return MC_CONFIG_ERR;
	frame_put(&call->response, 8, 4, irq->status);
	return MC_OK;
}

static enum mc_status clear_irq_status(struct call *call)
{
	struct irq *irq = call_irq(call, call->target, 12);

	if (!irq)
		return MC_CONFIG_ERR;
	irq->status &= ~(uint32_t)frame_get(&call->request, 8, 4);
	return MC_OK;
}

/* CLOSE has the OPEN id of module 0, so it comes first. */
static const struct command commands[] = {
	{ 0x800, 0xfff, NULL, TOKEN_OBJECT, "close", close_object, NO_SUBJECT },
	{ 0x800, MODULE_MASK, NULL, TOKEN_NONE, "open", open_object, MODULE_SUBJECT },
	{ 0x900, MODULE_MASK, NULL, TOKEN_OBJECT, "create", create_object, NO_SUBJECT },
	{ 0x980, MODULE_MASK, NULL, TOKEN_OBJECT, "destroy", destroy_object, MODULE_SUBJECT },
	{ 0xa00, MODULE_MASK, NULL, TOKEN_NONE, "get_api_version", get_api_version, NO_SUBJECT },
	{ 0x002, 0xfff, NULL, TOKEN_OBJECT, "enable", enable, NO_SUBJECT },
	{ 0x003, 0xfff, NULL, TOKEN_OBJECT, "disable", disable, NO_SUBJECT },
	{ 0x005, 0xfff, NULL, TOKEN_OBJECT, "reset", reset, NO_SUBJECT },
	{ 0x006, 0xfff, NULL, TOKEN_OBJECT, "is_enabled", is_enabled, NO_SUBJECT },
	{ 0x010, 0xfff, NULL, TOKEN_OBJECT, "set_irq", set_irq, NO_SUBJECT },
	{ 0x011, 0xfff, NULL, TOKEN_OBJECT, "get_irq", get_irq, NO_SUBJECT },
	{ 0x012, 0xfff, NULL, TOKEN_OBJECT, "set_irq_enable", set_irq_enable, NO_SUBJECT },
	{ 0x013, 0xfff, NULL, TOKEN_OBJECT, "get_irq_enable", get_irq_enable, NO_SUBJECT },
	{ 0x014, 0xfff, NULL, TOKEN_OBJECT, "set_irq_mask", set_irq_mask, NO_SUBJECT },
	{ 0x015, 0xfff, NULL, TOKEN_OBJECT, "get_irq_mask", get_irq_mask, NO_SUBJECT },
	{ 0x016, 0xfff, NULL, TOKEN_OBJECT, "get_irq_status", get_irq_status, NO_SUBJECT },
	{ 0x017, 0xfff, NULL, TOKEN_OBJECT, "clear_irq_status", clear_irq_status, NO_SUBJECT },
};

const struct command_table object_commands = { commands, ARRAY_SIZE(commands) };
