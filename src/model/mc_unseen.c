/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/mc_unseen.h"

const struct mc_object *mc_unseen_dprc(const struct bus *bus, size_t i)
{
	for (size_t c = 0; bus->mc && c < bus->mc->n_containers; c++) {
		const struct mc_container *container = &bus->mc->containers[c];
		const struct dprc *dprc = bus_find_dprc(bus, &container->name);

		/* The others are scanned only when they are bound. */
		for (size_t o = 0; dprc && dprc->is_root && o < container->n_objects; o++)
			if (name_is_dprc(&container->objects[o].name) &&
			    !bus_find(bus, &container->objects[o].name) && i-- == 0)
				return &container->objects[o];
	}
	return NULL;
}

char *mc_unseen_remedy(const struct bus *bus, const struct mc_object *object)
{
	const struct name_text inside = name_text(&object->container->name);
	const struct dprc *dprc = bus_find_dprc(bus, &object->container->name);

	if (!dprc)
		return xasprintf("Linux does not have %s, which it is in, either", inside.text);
	if (dprc->is_root)
		return xstrdup("echo 1 > /sys/bus/fsl-mc/rescan");
	if (!dprc->object->driver)
		return xasprintf("no driver has scanned %s yet, which it is in", inside.text);
	if (streq(dprc->object->driver, VFIO_DRIVER))
		return xasprintf("'fslmc-vfio rebind %s'", inside.text);
	return xasprintf("unbind %s from %s and bind it again", inside.text, dprc->object->driver);
}
