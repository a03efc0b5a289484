/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads from the MC firmware what each container has. */
#include <errno.h>
#include <stdlib.h>

#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/object.h"

#define N_PASSES 2

/* More than any MC can have: each DPRC has an ICID of its own, and a SoC has fewer. */
#define CONTAINERS_MAX 1024

static int object_by_name(const void *a, const void *b)
{
	const struct mc_object *first = a, *second = b;

	return name_compare(&first->name, &second->name);
}

static int container_by_name(const void *a, const void *b)
{
	const struct mc_container *first = a, *second = b;

	return name_compare(&first->name, &second->name);
}

static bool has_endpoint(const char *type)
{
	static const char *const types[] = { "dpni", "dpmac", "dpsw", "dpdmux", "dpci" };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (streq(type, types[i]))
			return true;
	return false;
}

bool mc_version_is_unknown(const struct mc_inventory *inventory)
{
	return !inventory || !inventory->version.major;
}

bool mc_decides_by_lock(const struct mc_inventory *inventory)
{
	return !mc_version_is_unknown(inventory) &&
	       (inventory->version.major > 10 ||
		(inventory->version.major == 10 && inventory->version.minor >= 20));
}

/* What is not connected has a peer that says nothing, or is an error to the MC. */
static struct mc_endpoint load_endpoint(struct mc *mc, uint16_t token, const struct name *name)
{
	struct mc_endpoint endpoint = { .knowledge = ENDPOINT_UNKNOWN };
	struct mc_end end = { .id = name->id }, peer;
	int state, r;

	memcpy(end.type, name->type, sizeof(name->type));
	r = mc_dprc_get_connection(mc, token, &end, &peer, &state);
	if (r == -ENXIO || r == -ENAVAIL || (r == 0 && state == MC_NOT_CONNECTED)) {
		endpoint.knowledge = ENDPOINT_NONE;
	} else if (r == 0 && name_make(peer.type, peer.id, &endpoint.name) == 0) {
		endpoint.knowledge = ENDPOINT_CONNECTED;
		endpoint.interface = peer.interface;
		endpoint.link = state;
	}
	return endpoint;
}

static int add_object(struct mc_container *container, uint32_t index,
		      const struct mc_descriptor *descriptor)
{
	struct mc_object *object = &container->objects[container->n_objects];

	*object = (struct mc_object){
		.index = index,
		.state = descriptor->state,
		.vendor = descriptor->vendor,
		.ver_major = descriptor->ver_major,
		.ver_minor = descriptor->ver_minor,
		.flags = descriptor->flags,
		.n_irqs = descriptor->n_irqs,
		.n_regions = descriptor->n_regions,
	};
	if (name_make(descriptor->type, descriptor->id, &object->name) < 0)
		return -EBADMSG;
	memcpy(object->label, descriptor->label, sizeof(object->label));
	object->endpoint.knowledge =
		has_endpoint(object->name.type) ? ENDPOINT_UNKNOWN : ENDPOINT_NONE;
	container->n_objects++;
	return 0;
}

static bool has_duplicates(const struct mc_container *container)
{
	for (size_t i = 1; i < container->n_objects; i++)
		if (name_equal(&container->objects[i - 1].name, &container->objects[i].name))
			return true;
	return false;
}

/*
 * Count and objects are separate commands, and indices shift when objects come and go.  So a pass
 * stands only if every index answered, no object came twice and the count is still the same.
 * n_left: how many may still be loaded, of all containers together.
 */
static int load_objects_once(struct mc *mc, struct mc_dprc_look *look, uint32_t *n_left,
			     struct mc_container *container)
{
	const uint32_t count = look->n_objects;
	const uint32_t n = count < *n_left ? count : *n_left;
	_cleanup_free_ struct mc_answered *answered = xcalloc(n + 1, sizeof(*answered));
	const uint32_t n_answered = mc_dprc_get_objs(mc, look->token, n, answered);
	int r = 0;

	*n_left -= n_answered;
	container->n_objects = 0;
	container->is_complete = n == count;
	container->objects =
		xrealloc(container->objects, n_answered + 1, sizeof(*container->objects));
	for (uint32_t i = 0; i < n_answered; i++) {
		r = answered[i].result;
		if (r == -ETIMEDOUT || r == -EPIPE)
			return r;
		if (r < 0 || add_object(container, i, &answered[i].descriptor) < 0)
			container->is_complete = false;
	}
	if (container->n_objects)
		qsort(container->objects, container->n_objects, sizeof(*container->objects),
		      object_by_name);
	r = mc_dprc_get_obj_count(mc, look->token, &look->n_objects);
	if (r < 0)
		return r;
	if (look->n_objects != count || has_duplicates(container))
		container->is_complete = false;
	return 0;
}

static int load_contents(struct mc *mc, struct mc_dprc_look *look, enum mc_detail detail,
			 uint32_t *n_left, struct mc_container *container)
{
	int r = 0;

	for (int pass = 0; pass < N_PASSES && !container->is_complete && r >= 0; pass++)
		r = load_objects_once(mc, look, n_left, container);
	for (size_t i = 0; r >= 0 && detail == MC_ENDPOINTS && i < container->n_objects; i++) {
		struct mc_object *object = &container->objects[i];

		if (has_endpoint(object->name.type))
			object->endpoint = load_endpoint(mc, look->token, &object->name);
	}
	return r;
}

static void load_container(struct mc *mc, enum mc_detail detail, uint32_t *n_left,
			   struct mc_container *container)
{
	struct mc_dprc_look look;

	container->error = mc_dprc_look(mc, container->name.id, true, &look);
	if (container->error < 0)
		return;
	container->icid = look.attributes.icid;
	container->options = look.attributes.options;
	container->portal_id = look.attributes.portal_id;
	container->error = load_contents(mc, &look, detail, n_left, container);
	if (container->error < 0)
		container->is_complete = false;
}

/* A DPRC that was requested by name, until another DPRC is found to list it. */
#define ABOVE_UNKNOWN SIZE_MAX

static size_t place_of(const struct mc_inventory *inventory, const struct name *name)
{
	size_t at = 0;

	while (at < inventory->n_containers && !name_equal(&inventory->containers[at].name, name))
		at++;
	return at;
}

static void add_container(struct mc_inventory *inventory, const struct name *name, size_t above)
{
	inventory->containers = xrealloc(inventory->containers, inventory->n_containers + 1,
					 sizeof(*inventory->containers));
	inventory->containers[inventory->n_containers++] =
		(struct mc_container){ .name = *name, .above = above };
}

/* The root is above itself. */
static bool is_at_or_above(const struct mc_inventory *inventory, size_t above, size_t at)
{
	while (at != above && at && at != ABOVE_UNKNOWN)
		at = inventory->containers[at].above;
	return at == above;
}

/*
 * Takes a DPRC for one inside that container, which lists it.  False: it cannot be, for it is the
 * root, or another lists it too, or it is around that container itself, or there are too many.
 */
static bool adopt(struct mc_inventory *inventory, size_t container, const struct name *name)
{
	const size_t at = place_of(inventory, name);

	if (at == inventory->n_containers && at >= CONTAINERS_MAX)
		return false;
	if (at == inventory->n_containers)
		add_container(inventory, name, container);
	else if (inventory->containers[at].above != ABOVE_UNKNOWN ||
		 is_at_or_above(inventory, at, container))
		return false;
	inventory->containers[at].above = container;
	return true;
}

/* Whoever walks down the DPRCs must get to an end, whatever the MC lists. */
static void adopt_inner(struct mc_inventory *inventory, size_t at)
{
	const struct mc_container listed = inventory->containers[at];
	size_t n_kept = 0;

	for (size_t i = 0; i < listed.n_objects; i++)
		if (!name_is_dprc(&listed.objects[i].name) ||
		    adopt(inventory, at, &listed.objects[i].name))
			listed.objects[n_kept++] = listed.objects[i];
	if (n_kept == listed.n_objects)
		return;
	inventory->containers[at].n_objects = n_kept;
	inventory->containers[at].is_complete = false;
}

/*
 * Those from first on, one after the other; those found inside join the queue.  A captured MC can
 * list the same objects in each container, so there is a limit to all of them together.
 */
static void load_containers(struct mc *mc, enum mc_detail detail, size_t first,
			    struct mc_inventory *inventory)
{
	uint32_t n_left = MC_OBJECTS_MAX;

	for (size_t i = first; i < inventory->n_containers; i++) {
		load_container(mc, detail, &n_left, &inventory->containers[i]);
		adopt_inner(inventory, i);
		inventory->n_objects += inventory->containers[i].n_objects;
	}
	qsort(inventory->containers, inventory->n_containers, sizeof(*inventory->containers),
	      container_by_name);
}

const struct mc_container *mc_inventory_find(const struct mc_inventory *inventory,
					     const struct name *name)
{
	const struct mc_container key = { .name = *name };

	return bsearch(&key, inventory->containers, inventory->n_containers, sizeof(key),
		       container_by_name);
}

bool mc_container_is_in(const struct mc_container *container, const struct mc_container *outer)
{
	while (container && container != outer)
		container = container->parent;
	return container;
}

/* From here on nothing moves any more, so it can be pointed to. */
static void attach(struct bus *bus, struct mc_inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_containers; i++) {
		struct mc_container *container = &inventory->containers[i];
		struct dprc *dprc = bus_find_dprc(bus, &container->name);

		if (dprc)
			dprc->mc = container;
		for (size_t n = 0; n < container->n_objects; n++) {
			struct mc_object *object = &container->objects[n];
			struct object *known = bus_find(bus, &object->name);

			object->container = container;
			if (known)
				known->mc = object;
			if (name_is_dprc(&object->name))
				((struct mc_container *)mc_inventory_find(inventory, &object->name))
					->parent = container;
		}
	}
	bus->mc = inventory;
}

static void detach(struct bus *bus)
{
	for (size_t i = 0; i < bus->n_dprcs; i++)
		bus->dprcs[i].mc = NULL;
	for (size_t i = 0; i < bus->n_objects; i++)
		bus->objects[i].mc = NULL;
	mc_inventory_free(take_pointer(bus->mc));
}

static bool is_silent(const struct mc_inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_containers; i++)
		if (inventory->containers[i].error == -ETIMEDOUT)
			return true;
	return false;
}

int mc_inventory_load(struct bus *bus, enum mc_detail detail, struct mc *mc)
{
	const struct dprc *root = bus_root(bus);
	struct mc_inventory *inventory;
	struct mc_version version = { 0 };
	size_t n_before;
	int r;

	detach(bus);
	bus->mc_was_opened = false;
	if (!root)
		return bus->mc_error = -ENOENT;
	r = mc_open(bus->sysfs, root->object->name.id, MC_DEADLINE_MS, mc);
	if (r < 0)
		return bus->mc_error = r;
	bus->mc_was_opened = true;
	n_before = mc->n_commands;
	r = mc_get_version(mc, &version);
	if (r < 0)
		return bus->mc_error = r;
	inventory = xcalloc(1, sizeof(*inventory));
	inventory->detail = detail;
	inventory->version = version;
	add_container(inventory, &root->object->name, 0);
	load_containers(mc, detail, 0, inventory);
	inventory->n_commands = mc->n_commands - n_before;
	attach(bus, inventory);
	return is_silent(inventory) ? -ETIMEDOUT : 0;
}

/* The root stands for all containers that were not queried: nothing is known of it. */
int mc_inventory_load_some(struct bus *bus, const struct name *dprcs, size_t n_dprcs, struct mc *mc)
{
	const struct dprc *root = bus_root(bus);
	struct mc_inventory *inventory;
	int r;

	detach(bus);
	if (!root)
		return -ENOENT;
	r = mc_open(bus->sysfs, root->object->name.id, MC_DEADLINE_MS, mc);
	if (r < 0)
		return r;
	inventory = xcalloc(1, sizeof(*inventory));
	add_container(inventory, &root->object->name, 0);
	inventory->containers[0].error = -ENODATA;
	for (size_t i = 0; i < n_dprcs; i++)
		if (place_of(inventory, &dprcs[i]) == inventory->n_containers)
			add_container(inventory, &dprcs[i], ABOVE_UNKNOWN);
	load_containers(mc, MC_OBJECTS, 1, inventory);
	attach(bus, inventory);
	return is_silent(inventory) ? -ETIMEDOUT : 0;
}

int mc_inventory_ask_again(const struct bus *bus, const struct mc_object *dprc, struct mc *mc,
			   struct mc_dprc_attributes *ret_attributes, char ret_label[MC_LABEL_SIZE])
{
	struct mc_descriptor descriptor;
	uint16_t token;
	int r = mc_open(bus->sysfs, bus_root(bus)->object->name.id, MC_DEADLINE_MS, mc);

	if (r >= 0)
		r = mc_dprc_open(mc, dprc->container->name.id, &token);
	if (r >= 0)
		r = mc_dprc_get_obj(mc, token, dprc->index, &descriptor);
	if (r >= 0)
		r = mc_dprc_open(mc, dprc->name.id, &token);
	if (r >= 0)
		r = mc_dprc_get_attributes(mc, token, ret_attributes);
	/* It is not there to be opened; or the index is past the end, for there are fewer now. */
	if (r == -ENXIO || r == -ENAVAIL)
		return -ENOENT;
	if (r < 0)
		return r;
	if (!streq(descriptor.type, dprc->name.type) || descriptor.id != dprc->name.id)
		return -ENOENT;
	memcpy(ret_label, descriptor.label, MC_LABEL_SIZE);
	return 0;
}

void mc_inventory_free(struct mc_inventory *inventory)
{
	if (!inventory)
		return;
	for (size_t i = 0; i < inventory->n_containers; i++)
		free(inventory->containers[i].objects);
	free(inventory->containers);
	free(inventory);
}
