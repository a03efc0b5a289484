/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a DPRC is wholly on VFIO. */
#include <stdlib.h>

#include "base/listing.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/iommu_group.h"
#include "model/mc_inventory.h"
#include "rules/verify.h"

#define NOT_IN_MC "not in the MC"
#define NOT_IN_LINUX "not in Linux"

static void add_fault(struct verdict *verdict, struct listing *kind, const struct name *name,
		      const char *what)
{
	char *text = xasprintf("%s (%s)", name_text(name).text, what);

	if (kind)
		listing_add(kind, streq(what, NOT_IN_MC) || streq(what, NOT_IN_LINUX)
					  ? name_text(name).text /* the kind says it all */
					  : text);
	listing_take(&verdict->faults, text);
}

static void check_object(struct verdict *verdict, const struct object *object, int group)
{
	verdict->n_objects++;
	if (!object->driver)
		add_fault(verdict, &verdict->unbound, &object->name, "no driver");
	else if (!streq(object->driver, VFIO_DRIVER))
		add_fault(verdict, &verdict->unbound, &object->name, object->driver);
	else if (object->group != group)
		add_fault(verdict, &verdict->unbound, &object->name, "another IOMMU group");
}

/*
 * vfio-fsl-mc looks into a container once, so Linux keeps what was destroyed since or moved away,
 * and who counts on it finds out when it answers no more.
 */
static bool check_is_in_mc(struct verdict *verdict, const struct dprc *dprc,
			   const struct object *object)
{
	const struct mc_object *mc = object->mc;
	_cleanup_free_ char *elsewhere = NULL;

	if (!dprc->mc || !dprc->mc->is_complete || (mc && mc->container == dprc->mc))
		return true;
	verdict->n_objects++;
	if (mc)
		elsewhere = xasprintf("in %s by the MC", name_text(&mc->container->name).text);
	add_fault(verdict, &verdict->gone, &object->name, elsewhere ? elsewhere : NOT_IN_MC);
	return false;
}

static void check_linux_objects(struct verdict *verdict, const struct bus *bus,
				const struct dprc *dprc)
{
	for (size_t i = 0; i < bus->n_objects; i++) {
		const struct object *object = &bus->objects[i];

		if (!dprc_contains(dprc, object) ||
		    !check_is_in_mc(verdict, object->container, object))
			continue;
		check_object(verdict, object,
			     name_is_dprc(&object->name) ? object->group
							 : object->container->object->group);
	}
}

/* Types Linux has no device for (obj_type_is_known in fsl_mc_obj_device_add()) cannot appear. */
static void check_mc_objects(struct verdict *verdict, const struct bus *bus,
			     const struct mc_container *container)
{
	const struct dprc *dprc = bus_find_dprc(bus, &container->name);

	if (!container->error && !container->is_complete)
		add_fault(verdict, &verdict->missing, &container->name,
			  "the MC did not list all that is in it");
	for (size_t i = 0; i < container->n_objects; i++) {
		const struct mc_object *wanted = &container->objects[i];
		const struct object *object = bus_find(bus, &wanted->name);

		if (!object && object_type_is_known(wanted->name.type)) {
			verdict->n_objects++;
			add_fault(verdict, &verdict->missing, &wanted->name, NOT_IN_LINUX);
		} else if (object && dprc && object->container != dprc) {
			verdict->n_objects++;
			add_fault(verdict, &verdict->missing, &wanted->name, "elsewhere in Linux");
		}
	}
}

/*
 * Before Linux 6.15 the group comes with the bind, so this is the first time that it can be seen
 * who else is in it.
 */
static void check_group(struct verdict *verdict, const struct bus *bus, const struct dprc *around,
			const struct object *object)
{
	_cleanup_iommu_group_ struct iommu_group group = { 0 };
	_cleanup_free_ char *what = NULL;
	struct listing others = { 0 };
	int r;

	if (object->group < 0) {
		add_fault(verdict, &verdict->unbound, &object->name, "no IOMMU group");
		return;
	}
	r = iommu_group_load(bus->sysfs, object->group, &group);
	if (r < 0)
		add_fault(verdict, NULL, &object->name,
			  "the members of its IOMMU group cannot be read");
	else if (group.is_noiommu)
		add_fault(verdict, NULL, &object->name, "its IOMMU group isolates nothing");
	for (size_t i = 0; i < group.devices.n_texts; i++)
		if (!dprc_has_device(bus, around, group.devices.texts[i]))
			listing_add(&others, group.devices.texts[i]);
	if (!others.n)
		return;
	what = xasprintf("its IOMMU group also has %s", others.text);
	free(others.text);
	add_fault(verdict, NULL, &object->name, what);
}

void verify_assigned(const struct bus *bus, const struct dprc *dprc, struct verdict *ret_verdict)
{
	struct verdict verdict = { 0 };

	check_object(&verdict, dprc->object, dprc->object->group);
	check_linux_objects(&verdict, bus, dprc);
	for (size_t i = 0; i < bus->n_dprcs; i++)
		if (&bus->dprcs[i] == dprc || dprc_contains(dprc, bus->dprcs[i].object))
			check_group(&verdict, bus, dprc, bus->dprcs[i].object);
	for (size_t i = 0; dprc->mc && i < bus->mc->n_containers; i++)
		if (mc_container_is_in(&bus->mc->containers[i], dprc->mc))
			check_mc_objects(&verdict, bus, &bus->mc->containers[i]);
	*ret_verdict = verdict;
}

void verdict_done(struct verdict *verdict)
{
	free(verdict->faults.text);
	free(verdict->unbound.text);
	free(verdict->missing.text);
	free(verdict->gone.text);
	*verdict = (struct verdict){ 0 };
}
