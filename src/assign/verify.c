/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a DPRC is wholly on VFIO. */
#include <stdlib.h>

#include "assign/policy.h"
#include "assign/verify.h"
#include "base/listing.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"

static void add_fault(struct verdict *verdict, const struct name *name, const char *what)
{
	listing_take(&verdict->faults, xasprintf("%s (%s)", name_text(name).text, what));
}

static void check_object(struct verdict *verdict, const struct object *object, int group)
{
	verdict->n_objects++;
	if (!object->driver)
		add_fault(verdict, &object->name, "no driver");
	else if (!streq(object->driver, VFIO_DRIVER))
		add_fault(verdict, &object->name, object->driver);
	else if (object->group != group)
		add_fault(verdict, &object->name, "another IOMMU group");
}

/*
 * vfio-fsl-mc looks into a container once, so Linux keeps what was destroyed since or moved away,
 * and who counts on it finds out when it answers no more.
 */
static bool check_is_in_mc(struct verdict *verdict, const struct dprc *dprc,
			   const struct object *object)
{
	const struct mc_object *mc = object->mc;

	if (!dprc->mc || !dprc->mc->is_complete || (mc && mc->container == dprc->mc))
		return true;
	verdict->n_objects++;
	if (!mc)
		add_fault(verdict, &object->name, "not in the MC");
	else
		listing_take(&verdict->faults,
			     xasprintf("%s (in %s by the MC)", name_text(&object->name).text,
				       name_text(&mc->container->name).text));
	return false;
}

static void check_linux_objects(struct verdict *verdict, const struct bus *bus,
				const struct dprc *dprc)
{
	for (size_t i = 0; i < bus->n_objects; i++) {
		const struct object *object = &bus->objects[i];
		const struct dprc *nested;

		if (object->container != dprc || !check_is_in_mc(verdict, dprc, object))
			continue;
		nested = bus_find_dprc(bus, &object->name);
		check_object(verdict, object, nested ? object->group : dprc->object->group);
		if (nested)
			check_linux_objects(verdict, bus, nested);
	}
}

/* Types Linux has no device for (obj_type_is_known in fsl_mc_obj_device_add()) cannot appear. */
static void check_mc_objects(struct verdict *verdict, const struct bus *bus,
			     const struct mc_container *container)
{
	const struct dprc *dprc = bus_find_dprc(bus, &container->name);

	if (container->is_listed && !container->is_complete &&
	    (!dprc || dprc->n_objects != container->n_counted))
		add_fault(verdict, &container->name, "the MC did not tell all that is in it");
	for (size_t i = 0; i < container->n_objects; i++) {
		const struct mc_object *wanted = &container->objects[i];
		const struct object *object = bus_find(bus, &wanted->name);
		const struct mc_container *nested = NULL;

		if (!object && object_type_is_known(wanted->name.type)) {
			verdict->n_objects++;
			add_fault(verdict, &wanted->name, "not in Linux");
		} else if (object && dprc && object->container != dprc) {
			verdict->n_objects++;
			add_fault(verdict, &wanted->name, "elsewhere in Linux");
		}
		if (name_is_dprc(&wanted->name) && bus->mc)
			nested = mc_inventory_find(bus->mc, &wanted->name);
		if (nested && nested != container)
			check_mc_objects(verdict, bus, nested);
	}
}

void verify_assigned(const struct bus *bus, const struct dprc *dprc, struct verdict *ret_verdict)
{
	struct verdict verdict = { 0 };

	check_object(&verdict, dprc->object, dprc->object->group);
	if (dprc->object->group < 0)
		add_fault(&verdict, &dprc->object->name, "no IOMMU group");
	check_linux_objects(&verdict, bus, dprc);
	if (dprc->mc)
		check_mc_objects(&verdict, bus, dprc->mc);
	*ret_verdict = verdict;
}

void verdict_done(struct verdict *verdict)
{
	free(verdict->faults.text);
	*verdict = (struct verdict){ 0 };
}
