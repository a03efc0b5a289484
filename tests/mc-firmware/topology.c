/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Topology files into the model. */
#include <errno.h>
#include <error.h>
#include <string.h>

#include "connection.h"
#include "field.h"
#include "model.h"
#include "topology.h"
#include "util.h"
#include "version.h"

#define DEFAULT_MSI_CONTAINER 2
/* FSL_DPAA2_STREAM_ID_START of U-Boot, arch-fsl-layerscape/stream_id_lsch3.h. */
#define FIRST_ICID 23

static int wrong(const char *what, const char *which)
{
	error(0, 0, "topology: %s: %s", which, what);
	return -EINVAL;
}

/* What an object may say of itself, one by one or for a whole series. */
static int object_describe(struct object *object, struct json_object *json)
{
	object->plugged = field_flag(json, "plugged", true);
	object->settings.queues = field_number(json, "queues", object->settings.queues);
	object->settings.tcs = object->settings.rx_tcs =
		field_number(json, "tcs", object->settings.tcs);
	object->n_irqs = (uint8_t)field_number(json, "irqs", object->n_irqs);
	object->n_regions = (uint8_t)field_number(json, "regions", object->n_regions);
	if (object->n_irqs > MAX_IRQS)
		return wrong("too many irqs", object->name);
	if (field_label(json, object->label) < 0)
		return wrong("label does not fit", object->name);
	return 0;
}

static int add_object(struct model *model, struct object *dprc, struct json_object *json,
		      uint32_t id)
{
	const char *type = field_string(json, "type");
	struct object *object;

	if (!type)
		return wrong("an object without a type", dprc->name);
	if (model_create(model, dprc, type, id, NULL, &object) != MC_OK)
		return wrong("unknown type, id taken, or no portal left", type);
	return object_describe(object, json);
}

/* One entry is one object ("id"), some ("ids") or a series ("first" and "count"). */
static int add_objects(struct model *model, struct object *dprc, struct json_object *json)
{
	struct json_object *ids = json_object_object_get(json, "ids");
	uint32_t first = field_number(json, "first", field_number(json, "id", 0));
	uint32_t count = field_number(json, "count", 1);
	int r = 0;

	if (!ids) {
		for (uint32_t i = 0; i < count && r == 0; i++)
			r = add_object(model, dprc, json, first + i);
		return r;
	}
	for (size_t i = 0; i < json_object_array_length(ids) && r == 0; i++)
		r = add_object(model, dprc, json,
			       (uint32_t)json_object_get_int64(json_object_array_get_idx(ids, i)));
	return r;
}

static int add_container(struct model *model, struct json_object *json)
{
	uint32_t id = field_number(json, "id", ANY_ID);
	struct object *parent = NULL;
	struct json_object *objects;
	struct object *dprc;
	uint32_t options;
	int r = 0;

	if (field_options(json, &options) < 0)
		return wrong("unknown option", "container");
	if (model->root) {
		parent = model_find(model, "dprc", field_number(json, "parent", ANY_ID));
		if (!parent)
			return wrong("parents come before their children", "container");
	}
	if (model_create_dprc(model, parent, id, field_number(json, "icid", ICID_FROM_POOL),
			      options, NULL, &dprc) != MC_OK)
		return wrong("id taken, or no portal left", "container");
	r = object_describe(dprc, json);
	objects = json_object_object_get(json, "objects");
	for (size_t i = 0; objects && i < json_object_array_length(objects) && r == 0; i++)
		r = add_objects(model, dprc, json_object_array_get_idx(objects, i));
	return r;
}

static int add_connection(struct model *model, struct json_object *pair)
{
	struct endpoint ends[2] = { { NULL, 0 }, { NULL, 0 } };

	for (size_t i = 0; i < 2; i++) {
		struct json_object *name = json_object_array_get_idx(pair, i);

		if (name)
			ends[i].object = model_find_name(model, json_object_get_string(name));
		if (!ends[i].object)
			return wrong("no such object", name ? json_object_get_string(name) : "end");
	}
	if (connection_make(model, ends[0], ends[1]) != MC_OK)
		return wrong("cannot be connected", ends[0].object->name);
	return 0;
}

static int set_versions(struct model *model, struct json_object *versions)
{
	json_object_object_foreach (versions, name, pair) {
		int index = type_by_name(name);

		if (index < 0 || json_object_array_length(pair) != 2)
			return wrong("not a type with [major, minor]", name);
		model->types[index].version_major =
			(uint16_t)json_object_get_int(json_object_array_get_idx(pair, 0));
		model->types[index].version_minor =
			(uint16_t)json_object_get_int(json_object_array_get_idx(pair, 1));
	}
	return 0;
}

/* SVRs of the first revision, as in drivers/soc/fsl/guts.c. */
static int set_soc(struct model *model, const char *name)
{
	static const struct {
		const char *name;
		uint32_t version;
	} socs[] = {
		{ "LS1088A", 0x87030010 },
		{ "LS2088A", 0x87090010 },
		{ "LX2160A", 0x87360010 },
	};

	for (size_t i = 0; name && i < ARRAY_SIZE(socs); i++) {
		if (strcmp(socs[i].name, name) == 0) {
			model->system_version = socs[i].version;
			return 0;
		}
	}
	return wrong("not LS1088A, LS2088A or LX2160A", "soc");
}

static int for_each(struct model *model, struct json_object *array,
		    int (*add)(struct model *model, struct json_object *json))
{
	int r = 0;

	for (size_t i = 0; array && i < json_object_array_length(array) && r == 0; i++)
		r = add(model, json_object_array_get_idx(array, i));
	return r;
}

/* What is left after a boot, so it is set last: the objects of the boot layout take none of it. */
static int set_pools(struct model *model, struct json_object *json)
{
	struct json_object *pools = json_object_object_get(json, "pools");
	const struct pool *mcp;

	model->pools.seed = field_number(json, "seed", 0);
	if (pools && pools_set(&model->pools, pools) < 0)
		return wrong("too many, or a name too long", "pools");
	mcp = pools_find(&model->pools, "mcp");
	if (mcp && mcp->n_free > MC_PORTAL_COUNT - model->n_mc_portals)
		return wrong("more than there is memory for", "mcp");
	return 0;
}

static int set_unmeasured(struct model *model, struct json_object *json)
{
	struct unmeasured *unmeasured = &model->unmeasured;
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{ "lock_has_no_effect", &unmeasured->lock_has_no_effect },
		{ "lock_forbids_connections", &unmeasured->lock_forbids_connections },
		{ "options_count_by_token", &unmeasured->options_count_by_token },
		{ "plugged_resist_destroy", &unmeasured->plugged_resist_destroy },
		{ "moves_need_privilege", &unmeasured->moves_need_privilege },
		{ "container_portals_return", &unmeasured->container_portals_return },
		{ "reset_restores_mac", &unmeasured->reset_restores_mac },
	};

	if (!json)
		return 0;
	json_object_object_foreach (json, name, value) {
		size_t i = 0;

		while (i < ARRAY_SIZE(flags) && strcmp(flags[i].name, name) != 0)
			i++;
		if (i == ARRAY_SIZE(flags))
			return wrong("no such switch", name);
		*flags[i].flag = json_object_get_boolean(value);
	}
	return 0;
}

static int fill(struct model *model, struct json_object *json)
{
	struct json_object *version = json_object_object_get(json, "mc_version");
	struct json_object *versions = json_object_object_get(json, "api_versions");
	int r;

	model->mc_major = field_number(version, "major", 10);
	model->mc_minor = field_number(version, "minor", 39);
	model->mc_revision = field_number(version, "revision", 0);
	version_set(model->types, model->mc_minor);
	model->first_icid = field_number(json, "first_icid", FIRST_ICID);
	model->qbman_version = field_number(json, "qbman_version", 0x05000001);
	model->msi_container = field_number(json, "msi_container", DEFAULT_MSI_CONTAINER);
	r = set_soc(model, field_string(json, "soc"));
	if (r == 0 && versions)
		r = set_versions(model, versions);
	if (r == 0)
		r = for_each(model, json_object_object_get(json, "containers"), add_container);
	if (r == 0 && !model->root)
		r = wrong("no container", "containers");
	if (r == 0)
		r = for_each(model, json_object_object_get(json, "connections"), add_connection);
	if (r == 0)
		r = set_pools(model, json);
	if (r == 0)
		r = set_unmeasured(model, json_object_object_get(json, "unmeasured"));
	return r;
}

/* What building the board has caused is nothing that its software could have seen. */
static void forget_events(struct model *model)
{
	struct object *object;

	TAILQ_FOREACH(object, &model->objects, next)
	memset(object->irqs, 0, sizeof(object->irqs));
}

int topology_load(struct model *model, const char *path)
{
	struct json_object *json = json_object_from_file(path);
	int r;

	if (!json)
		return wrong(json_util_get_last_err(), path);
	r = fill(model, json);
	json_object_put(json);
	forget_events(model);
	return r;
}
