/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests of the control socket.  Each does what the software of another container could
 * do to the MC, or what only a test can: faults, interrupts, looking inside.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "connection.h"
#include "field.h"
#include "firmware.h"
#include "irq.h"
#include "request.h"
#include "state.h"
#include "util.h"

/* A handler returns NULL or the reason why not; it may add to the answer. */
typedef const char *request_handler(struct firmware *firmware, struct json_object *request,
				    struct json_object *answer);

static struct object *object_named(struct firmware *firmware, struct json_object *request,
				   const char *key)
{
	const char *name = field_string(request, key);

	return name ? model_find_name(&firmware->model, name) : NULL;
}

/* Containers may be given as a number or as "dprc.N". */
static struct object *dprc_named(struct firmware *firmware, struct json_object *request,
				 const char *key)
{
	struct object *object = object_named(firmware, request, key);

	if (field_string(request, key))
		return object && object_is_dprc(object) ? object : NULL;
	return model_find(&firmware->model, "dprc", field_number(request, key, ANY_ID));
}

static const char *status_reason(enum mc_status status)
{
	return status == MC_OK ? NULL : mc_status_name(status);
}

static const char *create(struct firmware *firmware, struct json_object *request,
			  struct json_object *answer)
{
	struct object *parent = dprc_named(firmware, request, "parent");
	uint8_t label[NAME_FIELD] = { 0 };
	struct object *dprc;
	enum mc_status status;
	uint32_t options;

	if (!parent)
		return "no such parent";
	if (field_options(request, &options) < 0 || field_label(request, label) < 0)
		return "unknown option or unfit label";
	status = model_create_dprc(&firmware->model, parent, field_number(request, "id", ANY_ID),
				   field_number(request, "icid", ICID_FROM_POOL), options, &dprc);
	if (status != MC_OK)
		return mc_status_name(status);
	memcpy(dprc->label, label, sizeof(label));
	model_set_plugged(&firmware->model, dprc, field_flag(request, "plugged", false));
	json_object_object_add(answer, "object", json_object_new_string(dprc->name));
	return NULL;
}

static const char *destroy(struct firmware *firmware, struct json_object *request,
			   struct json_object *answer)
{
	struct object *object = object_named(firmware, request, "object");

	(void)answer;
	if (!object)
		return "no such object";
	if (object_is_dprc(object))
		return status_reason(model_destroy_dprc(&firmware->model, object));
	return status_reason(model_destroy(&firmware->model, object));
}

static const char *add(struct firmware *firmware, struct json_object *request,
		       struct json_object *answer)
{
	struct object *dprc = dprc_named(firmware, request, "container");
	const char *type = field_string(request, "type");
	uint8_t label[NAME_FIELD] = { 0 };
	struct object *object;
	enum mc_status status;

	if (!dprc || !type || strcmp(type, "dprc") == 0)
		return "no such container or type";
	if (field_label(request, label) < 0)
		return "unfit label";
	status = model_create(&firmware->model, dprc, type, field_number(request, "id", ANY_ID),
			      &object);
	if (status != MC_OK)
		return mc_status_name(status);
	memcpy(object->label, label, sizeof(label));
	model_set_plugged(&firmware->model, object, field_flag(request, "plugged", true));
	json_object_object_add(answer, "object", json_object_new_string(object->name));
	return NULL;
}

static const char *assign(struct firmware *firmware, struct json_object *request,
			  struct json_object *answer)
{
	struct object *object = object_named(firmware, request, "object");
	struct object *dprc = dprc_named(firmware, request, "container");

	(void)answer;
	if (!object || !dprc)
		return "no such object or container";
	return status_reason(
		model_assign(&firmware->model, object, dprc, field_flag(request, "plugged", true)));
}

static const char *unassign(struct firmware *firmware, struct json_object *request,
			    struct json_object *answer)
{
	struct object *object = object_named(firmware, request, "object");

	(void)answer;
	if (!object || !object->parent || !object->parent->parent)
		return "no such object, or nowhere to go";
	return status_reason(model_assign(&firmware->model, object, object->parent->parent,
					  field_flag(request, "plugged", false)));
}

static const char *set_plugged(struct firmware *firmware, struct json_object *request, bool plugged)
{
	struct object *object = object_named(firmware, request, "object");

	if (!object)
		return "no such object";
	model_set_plugged(&firmware->model, object, plugged);
	return NULL;
}

static const char *plug(struct firmware *firmware, struct json_object *request,
			struct json_object *answer)
{
	(void)answer;
	return set_plugged(firmware, request, true);
}

static const char *unplug(struct firmware *firmware, struct json_object *request,
			  struct json_object *answer)
{
	(void)answer;
	return set_plugged(firmware, request, false);
}

static const char *label(struct firmware *firmware, struct json_object *request,
			 struct json_object *answer)
{
	struct object *object = object_named(firmware, request, "object");

	(void)answer;
	if (!object)
		return "no such object";
	return field_label(request, object->label) < 0 ? "unfit label" : NULL;
}

static const char *connect_pair(struct firmware *firmware, struct json_object *request,
				struct json_object *answer)
{
	struct endpoint a = { object_named(firmware, request, "a"),
			      (uint16_t)field_number(request, "a_interface", 0) };
	struct endpoint b = { object_named(firmware, request, "b"),
			      (uint16_t)field_number(request, "b_interface", 0) };

	(void)answer;
	if (!a.object || !b.object)
		return "no such object";
	return status_reason(connection_make(&firmware->model, a, b));
}

static const char *disconnect(struct firmware *firmware, struct json_object *request,
			      struct json_object *answer)
{
	struct object *object = object_named(firmware, request, "object");

	(void)answer;
	if (!object)
		return "no such object";
	return status_reason(connection_break(&firmware->model, object,
					      (uint16_t)field_number(request, "interface", 0)));
}

static const char *set_link(struct firmware *firmware, struct json_object *request,
			    struct json_object *answer)
{
	struct object *object = object_named(firmware, request, "object");
	const char *state = field_string(request, "state");
	struct connection *connection = NULL;

	(void)answer;
	if (object)
		connection = connection_find(&firmware->model, object,
					     (uint16_t)field_number(request, "interface", 0), NULL);
	if (!connection)
		return "no such object, or not connected";
	if (!state || (strcmp(state, "up") != 0 && strcmp(state, "down") != 0))
		return "state is up or down";
	connection_set_cable(&firmware->model, connection, strcmp(state, "up") == 0);
	return NULL;
}

static const char *add_fault(struct firmware *firmware, struct json_object *request,
			     struct fault *fault)
{
	const char *command = field_string(request, "command");
	const char *object = field_string(request, "object");

	if (!command || !command_exists(command))
		return "no such command";
	snprintf(fault->command, sizeof(fault->command), "%s", command);
	snprintf(fault->object, sizeof(fault->object), "%s", object ? object : "");
	fault->n_to_skip = field_number(request, "after", 0);
	fault->n_left = field_number(request, "times", 1);
	fault->for_ever = fault->n_left == 0;
	fault_add(&firmware->faults, fault);
	return NULL;
}

static const char *fail(struct firmware *firmware, struct json_object *request,
			struct json_object *answer)
{
	struct fault fault = { .kind = FAULT_STATUS };
	const char *word = field_string(request, "status");

	(void)answer;
	if (!word)
		fault.status = (enum mc_status)field_number(request, "status", MC_CONFIG_ERR);
	else if (mc_status_from_name(word, &fault.status) < 0)
		return "unknown status";
	return add_fault(firmware, request, &fault);
}

static const char *delay(struct firmware *firmware, struct json_object *request,
			 struct json_object *answer)
{
	struct fault fault = { .kind = FAULT_DELAY, .delay_ms = field_number(request, "ms", 1000) };

	(void)answer;
	return add_fault(firmware, request, &fault);
}

static const char *mute(struct firmware *firmware, struct json_object *request,
			struct json_object *answer)
{
	struct fault fault = { .kind = FAULT_MUTE };

	(void)answer;
	return add_fault(firmware, request, &fault);
}

static const char *unmute(struct firmware *firmware, struct json_object *request,
			  struct json_object *answer)
{
	(void)request;
	(void)answer;
	fault_clear(&firmware->faults, true);
	portal_unmute(firmware);
	return NULL;
}

static const char *clear(struct firmware *firmware, struct json_object *request,
			 struct json_object *answer)
{
	(void)request;
	(void)answer;
	fault_clear(&firmware->faults, false);
	portal_unmute(firmware);
	return NULL;
}

/* "force": send it even if the software has not enabled or unmasked it in the object. */
static const char *raise_irq(struct firmware *firmware, struct json_object *request,
			     struct json_object *answer)
{
	struct object *object = object_named(firmware, request, "object");
	uint32_t index = field_number(request, "index", 0);

	(void)answer;
	if (!object)
		return "no such object";
	if (field_flag(request, "force", false))
		return irq_send(&firmware->model, object, index);
	return irq_event(&firmware->model, object, index, field_number(request, "events", 1));
}

static const char *state(struct firmware *firmware, struct json_object *request,
			 struct json_object *answer)
{
	(void)request;
	state_add(&firmware->model, answer);
	return NULL;
}

static const char *served(struct firmware *firmware, struct json_object *request,
			  struct json_object *answer)
{
	json_object_object_add(answer, "log",
			       trace_to_json(&firmware->trace, field_number(request, "since", 0)));
	return NULL;
}

static const char *counts(struct firmware *firmware, struct json_object *request,
			  struct json_object *answer)
{
	(void)request;
	json_object_object_add(answer, "total", json_object_new_uint64(firmware->trace.n_served));
	json_object_object_add(answer, "counts", json_object_get(firmware->trace.counts));
	return NULL;
}

static const struct {
	const char *name;
	request_handler *run;
} requests[] = {
	{ "create", create },
	{ "destroy", destroy },
	{ "add", add },
	{ "assign", assign },
	{ "unassign", unassign },
	{ "plug", plug },
	{ "unplug", unplug },
	{ "label", label },
	{ "connect", connect_pair },
	{ "disconnect", disconnect },
	{ "link", set_link },
	{ "fail", fail },
	{ "delay", delay },
	{ "mute", mute },
	{ "unmute", unmute },
	{ "clear", clear },
	{ "irq", raise_irq },
	{ "state", state },
	{ "log", served },
	{ "counts", counts },
};

static const char *dispatch(struct firmware *firmware, struct json_object *request,
			    struct json_object *answer)
{
	const char *name =
		json_object_is_type(request, json_type_object) ? field_string(request, "do") : NULL;

	if (!name)
		return "not a JSON object with \"do\"";
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		if (strcmp(requests[i].name, name) == 0)
			return requests[i].run(firmware, request, answer);
	return "no such request";
}

struct json_object *request_run(struct firmware *firmware, const char *line)
{
	struct json_object *request = json_tokener_parse(line);
	struct json_object *answer = json_object_new_object();
	const char *reason = dispatch(firmware, request, answer);

	json_object_object_add(answer, "ok", json_object_new_boolean(!reason));
	if (reason)
		json_object_object_add(answer, "error", json_object_new_string(reason));
	json_object_put(request);
	return answer;
}
