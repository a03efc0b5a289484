/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the reasons apply that are about who uses what, and what is there to use. */
#include <stdlib.h>

#include "assign/candidate.h"
#include "assign/evidence.h"
#include "assign/policy.h"
#include "base/listing.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"

#define IRQ_POOL 256 /* FSL_MC_IRQ_POOL_MAX_TOTAL_IRQS */

char *evidence_in_use(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->holders.n_holders; i++) {
		const struct holder *holder = &candidate->holders.holders[i];

		if (holder->is_sure)
			listing_take(&listing, xasprintf("process %d (%s) has %s", (int)holder->pid,
							 holder->command, holder->file));
	}
	return listing.text;
}

char *evidence_driver_missing(const struct candidate *candidate)
{
	if (bus_has_driver(candidate->bus, VFIO_DRIVER))
		return NULL;
	switch (candidate->host->vfio_fsl_mc) {
	case MODULE_ABSENT:
		return xstrdup("this kernel was built without it, or the module is not installed");
	case MODULE_AVAILABLE:
		return xstrdup("the module is installed but not loaded");
	case MODULE_LOADED:
	case MODULE_BUILT_IN:
		return xstrdup("it is loaded, but did not register with the bus");
	default:
		return xstrdup("not registered with the bus");
	}
}

char *evidence_autoprobe_off(const struct candidate *candidate)
{
	return candidate->dprc && candidate->host->drivers_autoprobe == 0
		       ? xstrdup("drivers_autoprobe is 0")
		       : NULL;
}

/* An interface that is down, without address and master, is lost by nobody. */
static char *interface_use(const struct netdev *netdev, const struct object *object)
{
	const char *up = netdev->is_up ? " up" : "";
	_cleanup_free_ char *addresses = NULL, *routes = NULL, *master = NULL;

	if (netdev->n_addresses > 0)
		addresses = xasprintf(" addresses:%d", netdev->n_addresses);
	if (netdev->n_routes > 0)
		routes = xasprintf(" routes:%d", netdev->n_routes);
	if (netdev->master)
		master = xasprintf(" master:%s", netdev->master);
	if (!*up && !addresses && !routes && !master)
		return NULL;
	return xasprintf("%s of %s is%s%s%s%s", netdev->name, name_text(&object->name).text, up,
			 addresses ? addresses : "", routes ? routes : "", master ? master : "");
}

char *evidence_netdev_in_use(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_carriers; i++) {
		const struct carried_netdevs *carrier = &candidate->carriers[i];

		for (size_t j = 0; j < carrier->netdevs.n_netdevs; j++) {
			char *use = interface_use(&carrier->netdevs.netdevs[j], carrier->object);

			if (use)
				listing_take(&listing, use);
		}
	}
	return listing.text;
}

char *evidence_outside_consumer(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_consumers; i++)
		listing_take(&listing,
			     xasprintf("%s uses %s", candidate->consumers[i].consumer,
				       name_text(&candidate->consumers[i].supplier->name).text));
	return listing.text;
}

char *evidence_unplugged(const struct candidate *candidate)
{
	const struct mc_object *mc = candidate->object->mc;

	if (!candidate->dprc || candidate->dprc->is_root)
		return NULL;
	return mc && !(mc->state & MC_OBJ_PLUGGED) ? xstrdup("") : NULL;
}

/* A container no driver has scanned yet shows none of its objects; that says nothing. */
char *evidence_objects_missing(const struct candidate *candidate)
{
	const struct mc_container *container = candidate->dprc ? candidate->dprc->mc : NULL;
	struct listing listing = { 0 };

	for (size_t i = 0; container && candidate->object->driver && i < container->n_objects;
	     i++) {
		const struct name *name = &container->objects[i].name;

		if (object_type_is_known(name->type) && !bus_find(candidate->bus, name))
			listing_add(&listing, name_text(name).text);
	}
	return listing.text;
}

static bool has_object(const struct mc_container *container, const struct name *name)
{
	for (size_t i = 0; i < container->n_objects; i++)
		if (name_equal(&container->objects[i].name, name))
			return true;
	return false;
}

char *evidence_endpoint_outside(const struct candidate *candidate)
{
	const struct mc_container *container = candidate->dprc ? candidate->dprc->mc : NULL;
	struct listing listing = { 0 };

	for (size_t i = 0; container && i < container->n_objects; i++) {
		const struct mc_object *object = &container->objects[i];
		const struct mc_endpoint *peer = &object->endpoint;

		if (peer->knowledge == ENDPOINT_CONNECTED && !has_object(container, &peer->name))
			listing_take(&listing, xasprintf("%s is connected to %s",
							 name_text(&object->name).text,
							 name_text(&peer->name).text));
	}
	return listing.text;
}

char *evidence_irq_pool(const struct candidate *candidate)
{
	const struct mc_container *container = candidate->dprc ? candidate->dprc->mc : NULL;
	size_t n = candidate->object->mc ? candidate->object->mc->n_irqs : 0;

	for (size_t i = 0; container && i < container->n_objects; i++)
		n += container->objects[i].n_irqs;
	return n > IRQ_POOL ? xasprintf("%zu", n) : NULL;
}

char *evidence_type1_missing(const struct candidate *candidate)
{
	const struct host *host = candidate->host;

	if (host->has_iommufd_node > 0)
		return NULL;
	if (host->vfio_iommu_type1 == MODULE_AVAILABLE)
		return xstrdup("vfio_iommu_type1 is installed but not loaded");
	if (host->vfio_iommu_type1 == MODULE_ABSENT)
		return xstrdup("neither vfio_iommu_type1 nor iommufd is in this kernel");
	return NULL;
}
