/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole model as JSON. */
#include <stdio.h>

#include "connection.h"
#include "field.h"
#include "firmware.h"
#include "region.h"
#include "state.h"
#include "util.h"

static void add_string(struct json_object *json, const char *key, const char *value)
{
	json_object_object_add(json, key, value ? json_object_new_string(value) : NULL);
}

static void add_number(struct json_object *json, const char *key, uint64_t value)
{
	json_object_object_add(json, key, json_object_new_uint64(value));
}

static void add_flag(struct json_object *json, const char *key, bool value)
{
	json_object_object_add(json, key, json_object_new_boolean(value));
}

static struct json_object *irqs_to_json(const struct object *object)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < object->n_irqs; i++) {
		const struct irq *irq = &object->irqs[i];
		struct json_object *json = json_object_new_object();

		add_number(json, "index", i);
		add_flag(json, "programmed", irq->address != 0);
		add_number(json, "address", irq->address);
		add_number(json, "event", irq->event);
		add_flag(json, "enabled", irq->enabled);
		add_number(json, "mask", irq->mask);
		add_number(json, "status", irq->status);
		add_number(json, "raised", irq->n_raised);
		json_object_array_add(array, json);
	}
	return array;
}

static struct json_object *regions_to_json(const struct model *model, const struct object *object)
{
	static const char *const types[] = {
		[REGION_MC_PORTAL] = "mc_portal",
		[REGION_QBMAN_PORTAL] = "qbman_portal",
		[REGION_QBMAN_MEM_BACKED] = "qbman_mem_backed",
	};
	struct json_object *array = json_object_new_array();
	struct region region;

	for (unsigned int i = 0; region_of(model, object, i, &region) == 0; i++) {
		struct json_object *json = json_object_new_object();

		add_number(json, "index", i);
		add_number(json, "address", region.base + region.offset);
		add_number(json, "size", region.size);
		add_string(json, "type", types[region.type]);
		add_flag(json, "cacheable", region.flags & REGION_CACHEABLE);
		add_flag(json, "shareable", region.flags & REGION_SHAREABLE);
		json_object_array_add(array, json);
	}
	return array;
}

/* Those that the type does not use are 0 and left out. */
static struct json_object *settings_to_json(const struct settings *settings)
{
	const struct {
		const char *key;
		uint64_t value;
	} fields[] = {
		{ "options", settings->options },
		{ "queues", settings->queues },
		{ "rx_queues", settings->rx_queues },
		{ "tcs", settings->tcs },
		{ "rx_tcs", settings->rx_tcs },
		{ "macs", settings->macs },
		{ "vlans", settings->vlans },
		{ "qos", settings->qos },
		{ "fs", settings->fs },
		{ "groups", settings->groups },
		{ "oprs", settings->oprs },
		{ "channels", settings->channels },
		{ "key_size", settings->key_size },
		{ "mode", settings->mode },
		{ "priorities", settings->priorities },
		{ "method", settings->method },
		{ "interfaces", settings->interfaces },
	};
	struct json_object *json = json_object_new_object();

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (fields[i].value)
			add_number(json, fields[i].key, fields[i].value);
	return json;
}

static struct json_object *object_to_json(const struct model *model, const struct object *object)
{
	struct json_object *json = json_object_new_object();

	add_string(json, "object", object->name);
	add_string(json, "type", object->type->name);
	add_number(json, "id", object->id);
	add_string(json, "container", object->parent ? object->parent->name : NULL);
	add_string(json, "creator", object->home ? object->home->name : NULL);
	json_object_object_add(json, "label", label_to_json(object->label));
	json_object_object_add(json, "label_bytes", label_bytes_to_json(object->label));
	add_flag(json, "plugged", object->plugged);
	add_number(json, "opens", object->n_opens);
	add_flag(json, "enabled", object->enabled);
	json_object_object_add(json, "settings", settings_to_json(&object->settings));
	json_object_object_add(json, "regions", regions_to_json(model, object));
	json_object_object_add(json, "irqs", irqs_to_json(object));
	if (object_is_dprc(object)) {
		add_number(json, "icid", object->icid);
		add_number(json, "portal", object->portal);
		add_flag(json, "locked", object->locked);
		json_object_object_add(json, "options", options_to_json(object->options));
	}
	return json;
}

static struct json_object *pools_to_json(const struct pools *pools)
{
	struct json_object *json = json_object_new_object();

	for (unsigned int i = 0; i < pools->n_pools; i++)
		add_number(json, pools->pools[i].name, pools->pools[i].n_free);
	return json;
}

static struct json_object *connection_to_json(const struct connection *connection)
{
	static const char *const keys[] = { "a", "b" };
	struct json_object *json = json_object_new_object();

	for (int i = 0; i < 2; i++) {
		add_string(json, keys[i], connection->ends[i].object->name);
		add_number(json, i == 0 ? "a_interface" : "b_interface",
			   connection->ends[i].interface);
	}
	add_flag(json, "cable", connection->cable_up);
	add_flag(json, "up", connection_is_up(connection));
	return json;
}

static struct json_object *token_to_json(const struct token *token)
{
	struct json_object *json = json_object_new_object();

	add_number(json, "token", token->value);
	add_string(json, "object", token->object->name);
	add_string(json, "opener", token->opener->name);
	return json;
}

static struct json_object *held_to_json(const struct firmware *firmware)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < firmware->model.n_mc_portals; i++) {
		const struct portal *portal = &firmware->portals[i];
		struct json_object *json;

		if (!portal_is_held(firmware, i))
			continue;
		json = json_object_new_object();
		add_number(json, "portal", i);
		add_string(json, "command", portal->held_command);
		add_string(json, "from", portal->held_from[0] ? portal->held_from : NULL);
		json_object_array_add(array, json);
	}
	return array;
}

void state_add(const struct firmware *firmware, struct json_object *answer)
{
	const struct model *model = &firmware->model;
	struct json_object *objects = json_object_new_array();
	struct json_object *connections = json_object_new_array();
	struct json_object *tokens = json_object_new_array();
	const struct connection *connection;
	const struct object *object;
	const struct token *token;

	TAILQ_FOREACH(object, &model->objects, next)
	json_object_array_add(objects, object_to_json(model, object));
	TAILQ_FOREACH(connection, &model->connections, next)
	json_object_array_add(connections, connection_to_json(connection));
	TAILQ_FOREACH(token, &model->tokens, next)
	json_object_array_add(tokens, token_to_json(token));
	add_string(answer, "root", model->root->name);
	json_object_object_add(answer, "objects", objects);
	json_object_object_add(answer, "connections", connections);
	json_object_object_add(answer, "tokens", tokens);
	json_object_object_add(answer, "pools", pools_to_json(&model->pools));
	json_object_object_add(answer, "held", held_to_json(firmware));
}
