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

struct exchange {
	struct firmware *firmware;
	struct model *model;
	struct json_object *request, *answer;
};

/* Returns NULL or the reason why not; it may add to the answer. */
typedef const char *request_handler(struct exchange *exchange);

static struct object *object_named(const struct exchange *exchange, const char *key)
{
	const char *name = field_string(exchange->request, key);

	return name ? model_find_name(exchange->model, name) : NULL;
}

/* Containers may be given as a number or as "dprc.N". */
static struct object *dprc_named(const struct exchange *exchange, const char *key)
{
	struct object *object = object_named(exchange, key);

	if (field_string(exchange->request, key))
		return object && object_is_dprc(object) ? object : NULL;
	return model_find(exchange->model, "dprc", field_number(exchange->request, key, ANY_ID));
}

static const char *status_reason(enum mc_status status)
{
	return status == MC_OK ? NULL : mc_status_name(status);
}

static const char *create(struct exchange *exchange)
{
	struct object *parent = dprc_named(exchange, "parent");
	uint8_t label[NAME_FIELD] = { 0 };
	struct object *dprc;
	enum mc_status status;
	uint32_t options;

	if (!parent)
		return "no such parent";
	if (field_options(exchange->request, &options) < 0 ||
	    field_label(exchange->request, label) < 0)
		return "unknown option or unfit label";
	status = model_create_dprc(exchange->model, parent,
				   field_number(exchange->request, "id", ANY_ID),
				   field_number(exchange->request, "icid", ICID_FROM_POOL), options,
				   NULL, &dprc);
	if (status != MC_OK)
		return mc_status_name(status);
	memcpy(dprc->label, label, sizeof(label));
	model_set_plugged(exchange->model, dprc, field_flag(exchange->request, "plugged", false));
	json_object_object_add(exchange->answer, "object", json_object_new_string(dprc->name));
	return NULL;
}

static const char *destroy(struct exchange *exchange)
{
	struct object *object = object_named(exchange, "object");

	if (!object)
		return "no such object";
	if (object_is_dprc(object))
		return status_reason(model_destroy_dprc(exchange->model, object));
	return status_reason(model_destroy(exchange->model, object));
}

static const char *add(struct exchange *exchange)
{
	struct object *dprc = dprc_named(exchange, "container");
	const char *type = field_string(exchange->request, "type");
	uint8_t label[NAME_FIELD] = { 0 };
	struct object *object;
	enum mc_status status;

	if (!dprc || !type || strcmp(type, "dprc") == 0)
		return "no such container or type";
	if (field_label(exchange->request, label) < 0)
		return "unfit label";
	status = model_create(exchange->model, dprc, type,
			      field_number(exchange->request, "id", ANY_ID), NULL, &object);
	if (status != MC_OK)
		return mc_status_name(status);
	memcpy(object->label, label, sizeof(label));
	model_set_plugged(exchange->model, object, field_flag(exchange->request, "plugged", true));
	json_object_object_add(exchange->answer, "object", json_object_new_string(object->name));
	return NULL;
}

static const char *assign(struct exchange *exchange)
{
	struct object *object = object_named(exchange, "object");
	struct object *dprc = dprc_named(exchange, "container");

	if (!object || !dprc)
		return "no such object or container";
	return status_reason(model_assign(exchange->model, object, dprc,
					  field_flag(exchange->request, "plugged", true)));
}

static const char *unassign(struct exchange *exchange)
{
	struct object *object = object_named(exchange, "object");

	if (!object || !object->parent || !object->parent->parent)
		return "no such object, or nowhere to go";
	return status_reason(model_assign(exchange->model, object, object->parent->parent,
					  field_flag(exchange->request, "plugged", false)));
}

static const char *set_plugged(const struct exchange *exchange, bool plugged)
{
	struct object *object = object_named(exchange, "object");

	if (!object)
		return "no such object";
	model_set_plugged(exchange->model, object, plugged);
	return NULL;
}

static const char *plug(struct exchange *exchange) { return set_plugged(exchange, true); }

static const char *unplug(struct exchange *exchange) { return set_plugged(exchange, false); }

static const char *label(struct exchange *exchange)
{
	struct object *object = object_named(exchange, "object");

	if (!object)
		return "no such object";
	return field_label(exchange->request, object->label) < 0 ? "unfit label" : NULL;
}

static const char *connect_pair(struct exchange *exchange)
{
	struct endpoint a = { object_named(exchange, "a"),
			      (uint16_t)field_number(exchange->request, "a_interface", 0) };
	struct endpoint b = { object_named(exchange, "b"),
			      (uint16_t)field_number(exchange->request, "b_interface", 0) };

	if (!a.object || !b.object)
		return "no such object";
	return status_reason(connection_make(exchange->model, a, b));
}

static const char *disconnect(struct exchange *exchange)
{
	struct object *object = object_named(exchange, "object");

	if (!object)
		return "no such object";
	return status_reason(
		connection_break(exchange->model, object,
				 (uint16_t)field_number(exchange->request, "interface", 0)));
}

static const char *set_link(struct exchange *exchange)
{
	struct object *object = object_named(exchange, "object");
	const char *state = field_string(exchange->request, "state");
	struct connection *connection = NULL;

	if (object)
		connection =
			connection_find(exchange->model, object,
					(uint16_t)field_number(exchange->request, "interface", 0),
					NULL);
	if (!connection)
		return "no such object, or not connected";
	if (!state || (strcmp(state, "up") != 0 && strcmp(state, "down") != 0))
		return "state is up or down";
	connection_set_cable(exchange->model, connection, strcmp(state, "up") == 0);
	return NULL;
}

static const char *add_fault(struct exchange *exchange, struct fault *fault)
{
	const char *command = field_string(exchange->request, "command");
	const char *object = field_string(exchange->request, "object");
	const char *sender = field_string(exchange->request, "from");

	if (!command || !command_exists(command))
		return "no such command";
	snprintf(fault->command, sizeof(fault->command), "%s", command);
	snprintf(fault->object, sizeof(fault->object), "%s", object ? object : "");
	snprintf(fault->sender, sizeof(fault->sender), "%s", sender ? sender : "");
	fault->n_to_skip = field_number(exchange->request, "after", 0);
	fault->n_left = field_number(exchange->request, "times", 1);
	fault->for_ever = fault->n_left == 0;
	fault_add(&exchange->firmware->faults, fault);
	return NULL;
}

static const char *fail(struct exchange *exchange)
{
	struct fault fault = { .kind = FAULT_STATUS };
	const char *word = field_string(exchange->request, "status");

	if (!word)
		fault.status =
			(enum mc_status)field_number(exchange->request, "status", MC_CONFIG_ERR);
	else if (mc_status_from_name(word, &fault.status) < 0)
		return "unknown status";
	return add_fault(exchange, &fault);
}

static const char *delay(struct exchange *exchange)
{
	struct fault fault = { .kind = FAULT_DELAY,
			       .delay_ms = field_number(exchange->request, "ms", 1000) };

	return add_fault(exchange, &fault);
}

static const char *mute(struct exchange *exchange)
{
	struct fault fault = { .kind = FAULT_MUTE };

	return add_fault(exchange, &fault);
}

/* The header is not lied about: the status is for "fail". */
static const char *lie(struct exchange *exchange)
{
	const char *hex = field_string(exchange->request, "bytes");
	struct fault fault = { .kind = FAULT_LIE };
	int length;

	fault.lie_at = field_number(exchange->request, "at", 8);
	if (!hex || fault.lie_at < 8 || fault.lie_at >= COMMAND_SIZE)
		return "no bytes, or not behind the header";
	length = field_bytes(hex, fault.lie, COMMAND_SIZE - fault.lie_at);
	if (length < 0)
		return "no hexadecimal bytes, or too many";
	fault.n_lie_bytes = (unsigned int)length;
	return add_fault(exchange, &fault);
}

/* For what changes between two commands of one client. */
static const char *then(struct exchange *exchange)
{
	struct json_object *request = json_object_object_get(exchange->request, "request");
	struct fault fault = { .kind = FAULT_THEN };
	int length = snprintf(fault.request, sizeof(fault.request), "%s",
			      json_object_to_json_string_ext(request, JSON_C_TO_STRING_PLAIN));

	if (!request || length < 0 || (size_t)length >= sizeof(fault.request))
		return "no request, or a long one";
	return add_fault(exchange, &fault);
}

static const char *unmute(struct exchange *exchange)
{
	fault_clear(&exchange->firmware->faults, true);
	portal_unmute(exchange->firmware);
	return NULL;
}

static const char *clear(struct exchange *exchange)
{
	struct firmware *firmware = exchange->firmware;

	fault_clear(&firmware->faults, false);
	portal_unmute(firmware);
	json_object_object_add(exchange->answer, "hits", json_object_new_int64(firmware->n_hits));
	firmware->n_hits = 0;
	return NULL;
}

/* "force": send it even if the software has not enabled or unmasked it in the object. */
static const char *raise_irq(struct exchange *exchange)
{
	struct object *object = object_named(exchange, "object");
	uint32_t index = field_number(exchange->request, "index", 0);

	if (!object)
		return "no such object";
	if (field_flag(exchange->request, "force", false))
		return irq_send(exchange->model, object, index);
	return irq_event(exchange->model, object, index,
			 field_number(exchange->request, "events", 1));
}

static const char *state(struct exchange *exchange)
{
	state_add(exchange->firmware, exchange->answer);
	return NULL;
}

static const char *served(struct exchange *exchange)
{
	json_object_object_add(exchange->answer, "log",
			       trace_to_json(&exchange->firmware->trace,
					     field_number(exchange->request, "since", 0)));
	return NULL;
}

static const char *counts(struct exchange *exchange)
{
	json_object_object_add(exchange->answer, "total",
			       json_object_new_uint64(exchange->firmware->trace.n_served));
	json_object_object_add(exchange->answer, "counts",
			       json_object_get(exchange->firmware->trace.counts));
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
	{ "then", then },
	{ "lie", lie },
	{ "unmute", unmute },
	{ "clear", clear },
	{ "irq", raise_irq },
	{ "state", state },
	{ "log", served },
	{ "counts", counts },
};

static const char *dispatch(struct exchange *exchange)
{
	const char *name = NULL;

	if (json_object_is_type(exchange->request, json_type_object))
		name = field_string(exchange->request, "do");
	if (!name)
		return "not a JSON object with \"do\"";
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		if (strcmp(requests[i].name, name) == 0)
			return requests[i].run(exchange);
	return "no such request";
}

struct json_object *request_run(struct firmware *firmware, const char *line)
{
	struct exchange exchange = { firmware, &firmware->model, json_tokener_parse(line),
				     json_object_new_object() };
	const char *reason = dispatch(&exchange);

	json_object_object_add(exchange.answer, "ok", json_object_new_boolean(!reason));
	if (reason)
		json_object_object_add(exchange.answer, "error", json_object_new_string(reason));
	json_object_put(exchange.request);
	return exchange.answer;
}
