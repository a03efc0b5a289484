/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that bears on whether one object may be assigned. */
#include <errno.h>
#include <stdlib.h>

#include "base/util.h"
#include "model/bus.h"
#include "model/device_links.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/vfio_use.h"
#include "rules/candidate.h"

static void load_netdevs(struct candidate *candidate, const struct object *object)
{
	struct netdevs netdevs = { 0 };
	const bool is_known = netdevs_load(candidate->bus, object, &netdevs) >= 0;

	candidate->carriers = xrealloc(candidate->carriers, candidate->n_carriers + 1,
				       sizeof(*candidate->carriers));
	candidate->carriers[candidate->n_carriers++] =
		(struct carried_netdevs){ object, netdevs, is_known };
}

static void append_consumer(struct candidate *candidate, const struct object *supplier,
			    const struct object *consumer, int error)
{
	candidate->consumers = xrealloc(candidate->consumers, candidate->n_consumers + 1,
					sizeof(*candidate->consumers));
	candidate->consumers[candidate->n_consumers++] =
		(struct outside_consumer){ supplier, consumer, error };
}

static void add_consumer(struct candidate *candidate, const struct object *object,
			 const struct name *consumer)
{
	const struct object *outside = bus_find(candidate->bus, consumer);

	if (outside && outside != candidate->object && !dprc_contains(candidate->dprc, outside))
		append_consumer(candidate, object, outside, 0);
}

/* Only objects with a host driver can carry interfaces or serve others. */
static bool has_host_driver(const struct candidate *candidate, const struct object *object)
{
	return object->driver && dprc_contains(candidate->dprc, object);
}

static void load_consumers(struct candidate *candidate)
{
	for (size_t i = 0; i < candidate->bus->n_objects; i++) {
		const struct object *object = &candidate->bus->objects[i];
		_cleanup_device_links_ struct device_links links = { 0 };
		struct name name;
		int r;

		if (!has_host_driver(candidate, object))
			continue;
		r = device_links_load(candidate->bus, object, &links);
		/* One that vanished meanwhile serves nobody any more. */
		if (r < 0 && r != -ENOENT)
			append_consumer(candidate, object, NULL, r);
		for (size_t n = 0; n < links.consumers.n_texts; n++)
			if (name_parse(links.consumers.texts[n], &name) == 0)
				add_consumer(candidate, object, &name);
	}
}

static void load_carriers(struct candidate *candidate)
{
	for (size_t i = 0; i < candidate->bus->n_objects; i++)
		if (has_host_driver(candidate, &candidate->bus->objects[i]))
			load_netdevs(candidate, &candidate->bus->objects[i]);
}

static void load_holders(const struct bus *bus, struct part *part)
{
	int r = vfio_use_load(bus, part->dprc, &part->holders);

	part->has_holders = r < 0 ? r : vfio_is_used(&part->holders);
}

static void add_part(struct candidate *candidate, const struct name *name)
{
	const struct bus *bus = candidate->bus;
	const struct mc_container *mc = bus->mc ? mc_inventory_find(bus->mc, name) : NULL;
	struct part part = {
		.name = *name,
		.dprc = bus_find_dprc(bus, name),
		.mc = mc && !mc->error ? mc : NULL,
		.iommu_covers = -ENOENT,
		.has_msi = -ENOENT,
	};

	/* One that Linux does not have gets the root of the DPRC it is in. */
	if (part.mc) {
		part.iommu_covers = host_iommu_covers(bus, candidate->dprc, part.mc->icid);
		part.has_msi = host_gives_msi(bus, candidate->dprc, part.mc->icid);
	}
	if (part.dprc) {
		const int group = part.dprc->object->group;

		if (group >= 0)
			part.group_error = iommu_group_load(bus->sysfs, group, &part.group);
		part.has_group = group >= 0 && !part.group_error;
		load_holders(bus, &part);
	}
	candidate->parts =
		xrealloc(candidate->parts, candidate->n_parts + 1, sizeof(*candidate->parts));
	candidate->parts[candidate->n_parts++] = part;
}

/* In a container that no driver has scanned, only the MC has the DPRCs. */
static void load_parts(struct candidate *candidate)
{
	const struct bus *bus = candidate->bus;
	const struct name *name = &candidate->object->name;

	add_part(candidate, name);
	for (size_t i = 0; i < bus->n_dprcs; i++)
		if (dprc_contains(candidate->dprc, bus->dprcs[i].object) &&
		    !dprc_is_gone(&bus->dprcs[i]))
			add_part(candidate, &bus->dprcs[i].object->name);
	for (size_t i = 0; bus->mc && i < bus->mc->n_containers; i++) {
		const struct mc_container *container = &bus->mc->containers[i];

		if (mc_container_is_in(container, candidate->dprc->mc) &&
		    !candidate_part(candidate, &container->name))
			add_part(candidate, &container->name);
	}
}

void candidate_load(const struct bus *bus, const struct host *host, const struct object *object,
		    struct candidate *ret_candidate)
{
	struct candidate candidate = {
		.bus = bus,
		.host = host,
		.object = object,
		.dprc = bus_find_dprc(bus, &object->name),
		.smmu_is_coherent = -ENOENT,
	};

	if (candidate.dprc && !candidate.dprc->is_root) {
		candidate.smmu_is_coherent = host_smmu_is_coherent(bus, candidate.dprc);
		load_parts(&candidate);
		load_carriers(&candidate);
		load_consumers(&candidate);
		if (str_same(object->driver, VFIO_DRIVER))
			verify_assigned(bus, candidate.dprc, &candidate.verdict);
		if (!bus->mc || bus->mc->detail == MC_ENDPOINTS)
			switch_ports_load(bus, candidate.dprc, &candidate.ports);
	}
	*ret_candidate = candidate;
}

struct candidate candidate_of_host(const struct bus *bus, const struct host *host)
{
	return (struct candidate){
		.bus = bus,
		.host = host,
		.smmu_is_coherent = host->smmu_is_coherent,
	};
}

void candidate_goes_with(struct candidate *candidate, const struct dprc *dprc)
{
	size_t n_left = 0;

	for (size_t i = 0; i < candidate->n_consumers; i++) {
		const struct outside_consumer *outside = &candidate->consumers[i];

		if (!dprc || !outside->consumer || !dprc_contains(dprc, outside->consumer))
			candidate->consumers[n_left++] = *outside;
	}
	candidate->n_consumers = n_left;
}

const struct part *candidate_part(const struct candidate *candidate, const struct name *name)
{
	for (size_t i = 0; i < candidate->n_parts; i++)
		if (name_equal(&candidate->parts[i].name, name))
			return &candidate->parts[i];
	return NULL;
}

void candidate_done(struct candidate *candidate)
{
	for (size_t i = 0; i < candidate->n_parts; i++) {
		if (candidate->parts[i].has_group)
			iommu_group_done(&candidate->parts[i].group);
		holders_done(&candidate->parts[i].holders);
	}
	for (size_t i = 0; i < candidate->n_carriers; i++)
		netdevs_done(&candidate->carriers[i].netdevs);
	switch_ports_done(&candidate->ports);
	verdict_done(&candidate->verdict);
	free(candidate->parts);
	free(candidate->carriers);
	free(candidate->consumers);
	*candidate = (struct candidate){ 0 };
}
