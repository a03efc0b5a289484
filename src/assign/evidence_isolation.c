/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the reasons apply that are about isolation. */
#include <inttypes.h>
#include <stdlib.h>

#include "assign/candidate.h"
#include "assign/evidence.h"
#include "base/listing.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"

/* What the MC says of the container's attributes; NULL: not known. */
static const struct mc_container *known_container(const struct candidate *candidate)
{
	const struct mc_container *container = candidate->dprc ? candidate->dprc->mc : NULL;

	return container && !container->error ? container : NULL;
}

char *evidence_not_a_dprc(const struct candidate *candidate)
{
	if (candidate->dprc)
		return NULL;
	if (!candidate->object->container)
		return xstrdup("");
	return xasprintf("it is in %s",
			 name_text(&candidate->object->container->object->name).text);
}

char *evidence_root_dprc(const struct candidate *candidate)
{
	return candidate->dprc && candidate->dprc->is_root ? xstrdup("") : NULL;
}

char *evidence_aiop(const struct candidate *candidate)
{
	const struct mc_container *container = known_container(candidate);

	return container && (container->options & MC_DPRC_AIOP) ? xstrdup("option AIOP") : NULL;
}

/*
 * Before Linux 6.15 a DPRC gets its group only when a driver first probes it.  Until then the
 * iommu-map tells; without that, too, a bind may crash the kernel
 * (fsl_mc_cleanup_all_resource_pools() before 6.16), so not knowing is a refusal.
 */
char *evidence_no_group(const struct candidate *candidate)
{
	const struct mc_container *container = known_container(candidate);
	const struct dprc *root = bus_root(candidate->bus);

	if (!candidate->dprc || candidate->object->group >= 0)
		return NULL;
	if (candidate->object->driver)
		return xasprintf("%s probed it and it got none", candidate->object->driver);
	if (root && root->object->driver && root->object->group < 0)
		return xstrdup("the root DPRC has none either, so no IOMMU is at work");
	if (!container)
		return xstrdup(
			"it cannot be seen before a driver probes it, and its ICID is not known");
	if (candidate->iommu_map < 0)
		return xasprintf(
			"it cannot be seen before a driver probes it, and no iommu-map tells "
			"about ICID %" PRIu32,
			container->icid);
	if (!candidate->iommu_map)
		return xasprintf("the iommu-map does not cover its ICID %" PRIu32, container->icid);
	return NULL;
}

char *evidence_noiommu_group(const struct candidate *candidate)
{
	if (!candidate->has_group || !candidate->group.is_noiommu)
		return NULL;
	return xasprintf("group %d", candidate->group.number);
}

static bool is_member_inside(const struct candidate *candidate, const char *text)
{
	const struct object *object;
	struct name name;

	if (name_parse(text, &name) < 0)
		return false;
	object = bus_find(candidate->bus, &name);
	return object && (object == candidate->object || dprc_contains(candidate->dprc, object));
}

char *evidence_group_shared(const struct candidate *candidate)
{
	struct listing strangers = { 0 };

	for (size_t i = 0; candidate->has_group && i < candidate->group.devices.n_texts; i++)
		if (!is_member_inside(candidate, candidate->group.devices.texts[i]))
			listing_add(&strangers, candidate->group.devices.texts[i]);
	return strangers.text;
}

char *evidence_icid_shared(const struct candidate *candidate)
{
	const struct mc_container *container = known_container(candidate);
	const struct mc_inventory *mc = candidate->bus->mc;
	struct listing others = { 0 };
	char *evidence;

	for (size_t i = 0; container && mc && i < mc->n_containers; i++) {
		const struct mc_container *other = &mc->containers[i];

		if (other != container && !other->error && other->icid == container->icid)
			listing_add(&others, name_text(&other->name).text);
	}
	if (!others.n)
		return NULL;
	evidence = xasprintf("ICID %" PRIu32 " of %s", container->icid, others.text);
	free(others.text);
	return evidence;
}

char *evidence_contents_changeable(const struct candidate *candidate)
{
	static const struct {
		uint32_t option;
		const char *name;
	} options[] = {
		{ MC_DPRC_SPAWN, "SPAWN" },
		{ MC_DPRC_ALLOC, "ALLOC" },
		{ MC_DPRC_OBJ_CREATE, "OBJ_CREATE" },
		{ MC_DPRC_TOPOLOGY_CHANGES, "TOPOLOGY_CHANGES" },
	};
	const struct mc_container *container = known_container(candidate);
	struct listing names = { 0 };

	for (size_t i = 0; container && i < ARRAY_SIZE(options); i++)
		if (container->options & options[i].option)
			listing_add(&names, options[i].name);
	return names.text;
}

char *evidence_privileged_dma(const struct candidate *candidate)
{
	const struct mc_container *container = known_container(candidate);

	return container && (container->options & MC_DPRC_PL) ? xstrdup("option PL_ALLOWED") : NULL;
}

char *evidence_nested(const struct candidate *candidate)
{
	struct listing nested = { 0 };

	for (size_t i = 0; candidate->dprc && i < candidate->bus->n_dprcs; i++)
		if (dprc_contains(candidate->dprc, candidate->bus->dprcs[i].object))
			listing_add(&nested,
				    name_text(&candidate->bus->dprcs[i].object->name).text);
	return nested.text;
}

char *evidence_passthrough(const struct candidate *candidate)
{
	if (!candidate->has_group || !str_same(candidate->group.type, "identity"))
		return NULL;
	return xasprintf("group %d", candidate->group.number);
}
