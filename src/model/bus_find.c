/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking up in the bus once it is loaded. */
#include <stdlib.h>

#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"

static int object_by_name(const void *a, const void *b)
{
	return name_compare(&((const struct object *)a)->name, &((const struct object *)b)->name);
}

static int dprc_by_name(const void *a, const void *b)
{
	return object_by_name(((const struct dprc *)a)->object, ((const struct dprc *)b)->object);
}

struct object *bus_find(const struct bus *bus, const struct name *name)
{
	const struct object key = { .name = *name };

	return bus->n_objects
		       ? bsearch(&key, bus->objects, bus->n_objects, sizeof(key), object_by_name)
		       : NULL;
}

struct dprc *bus_find_dprc(const struct bus *bus, const struct name *name)
{
	struct object object = { .name = *name };
	const struct dprc key = { .object = &object };

	return bus->n_dprcs ? bsearch(&key, bus->dprcs, bus->n_dprcs, sizeof(key), dprc_by_name)
			    : NULL;
}

const struct mc_object *bus_find_mc(const struct bus *bus, const struct name *name)
{
	for (size_t i = 0; bus->mc && i < bus->mc->n_containers; i++)
		for (size_t n = 0; n < bus->mc->containers[i].n_objects; n++)
			if (name_equal(&bus->mc->containers[i].objects[n].name, name))
				return &bus->mc->containers[i].objects[n];
	return NULL;
}

struct dprc *bus_root(const struct bus *bus)
{
	for (size_t i = 0; i < bus->n_dprcs; i++)
		if (bus->dprcs[i].is_root)
			return &bus->dprcs[i];
	return NULL;
}

bool bus_has_driver(const struct bus *bus, const char *driver)
{
	for (size_t i = 0; i < bus->n_drivers; i++)
		if (streq(bus->drivers[i], driver))
			return true;
	return false;
}
