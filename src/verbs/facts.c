/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts that cost more than loading the bus. */
#include <fcntl.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/netdev.h"
#include "rules/mc_trouble.h"
#include "verbs/facts.h"

#define PATIENCE_MS 500 /* with an attribute that answers at once, or is stuck */

static void say_why_unknown(const struct bus *bus, int r)
{
	const struct dprc *root = bus_root(bus);
	const char *why = mc_trouble_of_bus(bus).why;

	if (!root) {
		warn(NULL, "cannot query the MC: the bus has no root DPRC");
		return;
	}
	/* Every verb says more of that. */
	if (!root->object->driver)
		return;
	warn(name_text(&root->object->name).text, "cannot query the MC through /dev/%s: %s",
	     name_text(&root->object->name).text, why ? why : error_text(r));
}

int facts_load_mc_over(struct bus *bus, enum mc_detail detail, struct mc *mc)
{
	int r = mc_inventory_load(bus, detail, mc);

	if (!bus->mc)
		say_why_unknown(bus, r);
	for (size_t i = 0; bus->mc && i < bus->mc->n_containers; i++) {
		const struct mc_container *container = &bus->mc->containers[i];

		if (container->error)
			warn(name_text(&container->name).text, "cannot query the MC about it: %s",
			     mc_error_text(container->error));
		else if (!container->is_complete)
			warn(name_text(&container->name).text,
			     "the MC did not tell all of its objects, or it changed meanwhile");
	}
	return r;
}

int facts_load_mc(struct bus *bus, enum mc_detail detail)
{
	_cleanup_mc_ struct mc mc = MC_CLOSED;

	return facts_load_mc_over(bus, detail, &mc);
}

bool facts_load_binding(const struct bus *bus, const struct dprc *dprc, struct binding *ret_binding)
{
	_cleanup_close_ int dir = sysfs_open_at(bus->sysfs->fd, dprc->path, O_PATH | O_DIRECTORY);

	return dir >= 0 && binding_load(dir, clock_now_ms() + PATIENCE_MS, ret_binding) == 0;
}

/*
 * Only drivers of the host make network interfaces, and only for these types; for a dpdmux and a
 * dpmac (macN) those of NXP's kernels.
 */
static bool may_carry_netdevs(const struct object *object)
{
	return object->driver && !streq(object->driver, VFIO_DRIVER) &&
	       (streq(object->name.type, "dpni") || streq(object->name.type, "dpsw") ||
		streq(object->name.type, "dpdmux") || streq(object->name.type, "dpmac"));
}

bool facts_load_netdevs(const struct bus *bus, const struct object *object,
			struct netdevs *ret_netdevs)
{
	if (!may_carry_netdevs(object)) {
		*ret_netdevs = (struct netdevs){ 0 };
		return true;
	}
	return netdevs_load(bus, object, ret_netdevs) == 0;
}
