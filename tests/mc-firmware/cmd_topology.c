/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DPRC commands that change who has what. */
#include <string.h>

#include "command.h"
#include "connection.h"
#include "firmware.h"
#include "util.h"
#include "version.h"

#define ASSIGN_EXPLICIT 0x1
#define ASSIGN_PLUGGED 0x4

/*
 * The options of a container limit what its software sends through its own portals, and none what
 * comes through those of the root (dpaa2-controlplane, docs/baseline).
 */
static bool is_allowed(const struct call *call, uint32_t option)
{
	const struct object *dprc = call->firmware->model.unmeasured.options_count_by_token
					    ? call->target
					    : call->context;

	return !dprc->parent || (dprc->options & option);
}

/* Version 1 cannot say recursive or not and means recursive. */
static enum mc_status reset_container(struct call *call)
{
	bool recursive = call->version < 2 || !(frame_get(&call->request, 12, 4) & 0x1);

	/* dprc_reset_container() of Linux */
	if (call->version > (model_has_dprc_api(&call->firmware->model, 6, 5) ? 2 : 1))
		return MC_UNSUPPORTED_OP;
	if (!call->subject || !object_is_within(call->subject, call->target))
		return MC_CONFIG_ERR;
	model_reset_dprc(&call->firmware->model, call->subject, recursive);
	return MC_OK;
}

static enum mc_status create_container(struct call *call)
{
	const struct settings none = { 0 };
	struct model *model = &call->firmware->model;
	struct object *dprc;
	enum mc_status status;

	if (!version_can_create(&model->types[type_by_name("dprc")], call->version))
		return MC_UNSUPPORTED_OP;
	if (call_is_locked(call))
		return MC_NO_PRIVILEGE;
	if (!is_allowed(call, DPRC_SPAWN_ALLOWED) ||
	    (frame_get(&call->request, 8, 4) & ~(uint64_t)DPRC_ALL_OPTIONS))
		return MC_CONFIG_ERR;
	status = model_create_dprc(model, call->target, ANY_ID,
				   (uint32_t)frame_get(&call->request, 12, 4),
				   (uint32_t)frame_get(&call->request, 8, 4), &none, &dprc);
	if (status != MC_OK)
		return status;
	memcpy(dprc->label, call->request.bytes + 24, NAME_FIELD);
	frame_put(&call->response, 16, 4, dprc->id);
	frame_put(&call->response, 24, 8, dprc->portal * PORTAL_STRIDE);
	return MC_OK;
}

static enum mc_status destroy_container(struct call *call)
{
	if (call_is_locked(call))
		return MC_NO_PRIVILEGE;
	if (!call->subject || call->subject->parent != call->target)
		return MC_CONFIG_ERR;
	return model_destroy_dprc(&call->firmware->model, call->subject);
}

/* Only objects: resources in their own right (frame queues, ...) have no effect on this board. */
static enum mc_status assign(struct call *call)
{
	uint32_t options = (uint32_t)frame_get(&call->request, 12, 4);
	struct object *dprc = call_dprc_at(call, 8);

	if (!dprc || !call->subject || !(options & ASSIGN_EXPLICIT))
		return MC_CONFIG_ERR;
	if (call_is_locked(call))
		return MC_NO_PRIVILEGE;
	if (call->subject->parent != call->target)
		return MC_CONFIG_ERR;
	/* One hop: a sibling was answered so. */
	if (dprc != call->target && dprc->parent != call->target)
		return MC_NO_PRIVILEGE;
	return model_assign(&call->firmware->model, call->subject, dprc, options & ASSIGN_PLUGGED);
}

static enum mc_status unassign(struct call *call)
{
	struct object *dprc = call_dprc_at(call, 8);

	if (call_is_locked(call))
		return MC_NO_PRIVILEGE;
	if (!dprc || dprc->parent != call->target || !call->subject ||
	    call->subject->parent != dprc)
		return MC_CONFIG_ERR;
	return model_assign(&call->firmware->model, call->subject, call->target, false);
}

static enum mc_status set_obj_label(struct call *call)
{
	if (!call->subject || call->subject->parent != call->target)
		return MC_CONFIG_ERR;
	memcpy(call->subject->label, call->request.bytes + 16, NAME_FIELD);
	return MC_OK;
}

static enum mc_status set_locked(struct call *call)
{
	if (!model_has_dprc_api(&call->firmware->model, 6, 4))
		return MC_UNSUPPORTED_OP;
	if (call_is_locked(call))
		return MC_NO_PRIVILEGE;
	if (!call->subject || call->subject->parent != call->target)
		return MC_CONFIG_ERR;
	call->subject->locked = frame_get(&call->request, 8, 1) & 0x1;
	return MC_OK;
}

/* The changelog of 10.20 does not list connections among what a lock forbids. */
static bool is_locked_for_connections(const struct call *call)
{
	return call->firmware->model.unmeasured.lock_forbids_connections && call_is_locked(call);
}

static enum mc_status connect_endpoints(struct call *call)
{
	struct endpoint a = { call->subject, (uint16_t)frame_get(&call->request, 12, 2) };
	struct endpoint b = { call_object_at(call, 16, 48),
			      (uint16_t)frame_get(&call->request, 20, 2) };

	if (!is_allowed(call, DPRC_TOPOLOGY_CHANGES_ALLOWED) || is_locked_for_connections(call))
		return MC_NO_PRIVILEGE;
	if (!a.object || !b.object || !object_is_within(a.object, call->target) ||
	    !object_is_within(b.object, call->target))
		return MC_CONFIG_ERR;
	return connection_make(&call->firmware->model, a, b);
}

static enum mc_status disconnect_endpoint(struct call *call)
{
	uint16_t interface = (uint16_t)frame_get(&call->request, 12, 4);

	if (!is_allowed(call, DPRC_TOPOLOGY_CHANGES_ALLOWED) || is_locked_for_connections(call))
		return MC_NO_PRIVILEGE;
	if (!call->subject || !object_is_within(call->subject, call->target))
		return MC_CONFIG_ERR;
	return connection_break(&call->firmware->model, call->subject, interface);
}

static const struct command commands[] = {
	{ 0x005, 0xfff, "dprc", TOKEN_OBJECT, "reset_container", reset_container, DPRC_AT(8) },
	{ 0x151, 0xfff, "dprc", TOKEN_OBJECT, "create_container", create_container, NO_SUBJECT },
	{ 0x152, 0xfff, "dprc", TOKEN_OBJECT, "destroy_container", destroy_container, DPRC_AT(8) },
	{ 0x157, 0xfff, "dprc", TOKEN_OBJECT, "assign", assign, NAMED_AT(20, 24) },
	{ 0x158, 0xfff, "dprc", TOKEN_OBJECT, "unassign", unassign, NAMED_AT(20, 24) },
	{ 0x161, 0xfff, "dprc", TOKEN_OBJECT, "set_obj_label", set_obj_label, NAMED_AT(8, 32) },
	{ 0x167, 0xfff, "dprc", TOKEN_OBJECT, "connect", connect_endpoints, NAMED_AT(8, 24) },
	{ 0x168, 0xfff, "dprc", TOKEN_OBJECT, "disconnect", disconnect_endpoint, NAMED_AT(8, 16) },
	{ 0x16b, 0xfff, "dprc", TOKEN_OBJECT, "set_locked", set_locked, DPRC_AT(12) },
};

const struct command_table topology_commands = { commands, ARRAY_SIZE(commands) };
