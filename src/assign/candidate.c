/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that bears on whether one object may be assigned. */
#include <errno.h>
#include <stdlib.h>

#include "assign/candidate.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/device_links.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/vfio_use.h"

static void load_netdevs(struct candidate *candidate, const struct object *object)
{
	struct netdevs netdevs = { 0 };

	if (netdevs_load(candidate->bus, object, &netdevs) < 0 || !netdevs.n_netdevs)
		return;
	candidate->carriers = xrealloc(candidate->carriers, candidate->n_carriers + 1,
				       sizeof(*candidate->carriers));
	candidate->carriers[candidate->n_carriers++] = (struct carried_netdevs){ object, netdevs };
}

static bool is_outside(const struct candidate *candidate, const char *text)
{
	const struct object *object;
	struct name name;

	if (name_parse(text, &name) < 0)
		return false;
	object = bus_find(candidate->bus, &name);
	return object && object != candidate->object && !dprc_contains(candidate->dprc, object);
}

static void load_consumers(struct candidate *candidate, const struct object *object)
{
	_cleanup_device_links_ struct device_links links = { 0 };

	if (device_links_load(candidate->bus, object, &links) < 0)
		return;
	for (size_t i = 0; i < links.consumers.n_texts; i++) {
		if (!is_outside(candidate, links.consumers.texts[i]))
			continue;
		candidate->consumers = xrealloc(candidate->consumers, candidate->n_consumers + 1,
						sizeof(*candidate->consumers));
		candidate->consumers[candidate->n_consumers++] =
			(struct outside_consumer){ object, xstrdup(links.consumers.texts[i]) };
	}
}

/* Only objects with a host driver can carry interfaces or serve others. */
static void load_objects(struct candidate *candidate)
{
	for (size_t i = 0; i < candidate->bus->n_objects; i++) {
		const struct object *object = &candidate->bus->objects[i];

		if (!object->driver || !dprc_contains(candidate->dprc, object))
			continue;
		load_netdevs(candidate, object);
		load_consumers(candidate, object);
	}
}

static void load_holders(struct candidate *candidate)
{
	int r = vfio_use_load(candidate->bus, candidate->dprc, &candidate->holders);

	candidate->has_holders = r;
	for (size_t i = 0; r >= 0 && i < candidate->holders.n_holders; i++)
		if (candidate->holders.holders[i].is_sure)
			candidate->has_holders = 1;
	if (candidate->has_holders == 0 && !candidate->holders.is_complete)
		candidate->has_holders = -EACCES;
}

void candidate_load(const struct bus *bus, const struct host *host, const struct object *object,
		    struct candidate *ret_candidate)
{
	struct candidate candidate = {
		.bus = bus,
		.host = host,
		.object = object,
		.dprc = bus_find_dprc(bus, &object->name),
		.iommu_map = -ENOENT,
	};

	if (candidate.dprc) {
		const struct mc_container *mc = candidate.dprc->mc;

		if (mc && !mc->error)
			candidate.iommu_map = host_iommu_map_covers(bus, mc->icid);
		candidate.has_group =
			object->group >= 0 &&
			iommu_group_load(bus->sysfs, object->group, &candidate.group) == 0;
		load_holders(&candidate);
		load_objects(&candidate);
	}
	*ret_candidate = candidate;
}

void candidate_done(struct candidate *candidate)
{
	if (candidate->has_group)
		iommu_group_done(&candidate->group);
	holders_done(&candidate->holders);
	for (size_t i = 0; i < candidate->n_carriers; i++)
		netdevs_done(&candidate->carriers[i].netdevs);
	for (size_t i = 0; i < candidate->n_consumers; i++)
		free(candidate->consumers[i].consumer);
	free(candidate->carriers);
	free(candidate->consumers);
	*candidate = (struct candidate){ 0 };
}
