/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the reasons apply that are about the IOMMU. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/listing.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/mc_inventory.h"
#include "rules/candidate.h"
#include "rules/evidence.h"
#include "rules/mc_trouble.h"

/* With its name before it, unless it is the candidate itself.  Takes the text, which may be NULL.
 */
static void add_of_part(struct listing *listing, const struct candidate *candidate,
			const struct part *part, char *text)
{
	_cleanup_free_ char *owned _unused_ = text;

	if (!text)
		return;
	if (part == candidate->parts)
		listing_add(listing, text);
	else
		listing_take(listing, xasprintf("%s in it: %s", name_text(&part->name).text, text));
}

static const struct host_terms *terms_of(const struct candidate *candidate)
{
	return host_terms(candidate->bus,
			  candidate->dprc ? candidate->dprc : bus_root(candidate->bus));
}

/* Why what the firmware says of an ICID is not known. */
static const char *unread(known_bool error)
{
	switch (error) {
	case -ENOENT:
		return "is missing";
	case -EACCES:
	case -EPERM:
		return "is readable by root only";
	case -EBADMSG:
	case -ELOOP:
	case -E2BIG:
		return "is malformed";
	case -ENXIO:
		return "leads to another IOMMU than the root DPRC's, or to none";
	default:
		return "cannot be read";
	}
}

enum group_state {
	GROUP_EXPECTED,
	GROUP_REFUSED,
	GROUP_NOWHERE,
	GROUP_UNKNOWN,
	GROUP_UNMAPPED,
	GROUP_MISSED,
};

/* Since Linux 6.15 a device gets its group when it is added (iommu_init_device()). */
static bool gives_groups_at_once(const struct kernel_version *kernel)
{
	return kernel->major > 6 || (kernel->major == 6 && kernel->minor >= 15);
}

/*
 * Before Linux 6.15 a DPRC gets its group only when a driver first probes it.  Until then the
 * machine's firmware tells whether it will; without that, too, a bind may crash the kernel
 * (fsl_mc_cleanup_all_resource_pools() before 6.16), so not knowing is a refusal.
 */
static enum group_state group_state(const struct candidate *candidate, const struct part *part)
{
	const struct object *object = part->dprc ? part->dprc->object : NULL;
	const struct dprc *root = dprc_root(candidate->dprc);

	if (object && object->group >= 0)
		return GROUP_EXPECTED;
	if (object && object->driver)
		return GROUP_REFUSED;
	if (root && root->object->driver && root->object->group < 0)
		return GROUP_NOWHERE;
	if (part->mc && part->iommu_covers == 0)
		return GROUP_UNMAPPED;
	if (object && gives_groups_at_once(&candidate->host->kernel))
		return GROUP_MISSED;
	return part->mc && part->iommu_covers > 0 ? GROUP_EXPECTED : GROUP_UNKNOWN;
}

static char *missing_group(const struct candidate *candidate, const struct part *part)
{
	const char *map = terms_of(candidate)->iommu_map;

	switch (group_state(candidate, part)) {
	case GROUP_REFUSED:
		return xasprintf("%s probed it and it got none", part->dprc->object->driver);
	case GROUP_NOWHERE:
		return xstrdup("the root DPRC does not have one either: no IOMMU is active");
	case GROUP_UNKNOWN:
		return part->mc ? xasprintf("it cannot be seen before a driver probes it, and for "
					    "its ICID %" PRIu32 " %s %s",
					    part->mc->icid, map, unread(part->iommu_covers))
				: xstrdup("it cannot be seen before a driver probes it, and its "
					  "ICID is not known");
	case GROUP_UNMAPPED:
		return xasprintf("%s does not cover its ICID %" PRIu32, map, part->mc->icid);
	case GROUP_MISSED:
		return xstrdup("Linux gives it one when it is added, since 6.15, and it got none");
	default:
		return NULL;
	}
}

/*
 * Nested DPRCs count the same: vfio_fsl_mc_probe() creates and binds them again, whatever scanned
 * them before.
 */
char *evidence_no_group(const struct candidate *candidate)
{
	const struct dprc *root = bus_root(candidate->bus);
	struct listing listing = { 0 };

	if (!candidate->object && root && root->object->driver && !candidate->host->has_root_group)
		return xstrdup("the root DPRC has none");
	for (size_t i = 0; i < candidate->n_parts; i++)
		add_of_part(&listing, candidate, &candidate->parts[i],
			    missing_group(candidate, &candidate->parts[i]));
	return listing.text;
}

/* A probe by fsl_mc_dprc fails without a crash where a bind to vfio-fsl-mc might not. */
char *advise_no_group(const struct candidate *candidate)
{
	for (size_t i = 0; i < candidate->n_parts; i++) {
		const enum group_state state = group_state(candidate, &candidate->parts[i]);

		if (state == GROUP_MISSED)
			return xstrdup("see what the IOMMU's driver reports in the kernel's log");
		if (state == GROUP_UNKNOWN)
			return xstrdup(
				"let fsl_mc_dprc probe it once, which shows its group: write "
				"fsl_mc_dprc to its driver_override, its name to "
				"/sys/bus/fsl-mc/drivers_probe, and clear driver_override "
				"with 'echo'");
	}
	return xstrdup(terms_of(candidate)->map_icid);
}

/*
 * vfio_register_group_dev() fails, which crashes the kernel as a missing group does.  The SMMU
 * driver goes by what the firmware says, not by the hardware (arm_smmu_device_cfg_probe()).
 */
char *evidence_smmu_not_coherent(const struct candidate *candidate)
{
	return candidate->smmu_is_coherent == 0 && candidate->host->wants_coherent_smmu
		       ? xasprintf("%s is missing", terms_of(candidate)->smmu_coherence)
		       : NULL;
}

char *advise_smmu_not_coherent(const struct candidate *candidate)
{
	return xstrdup(terms_of(candidate)->make_coherent);
}

char *evidence_noiommu_group(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];

		if (part->has_group && part->group.is_noiommu)
			add_of_part(&listing, candidate, part,
				    xasprintf("group %d", part->group.number));
	}
	return listing.text;
}

/* Not every IOMMU driver knows devices of one stream ID, as arm_smmu_device_group() does. */
char *evidence_group_split(const struct candidate *candidate)
{
	const struct bus *bus = candidate->bus;
	struct listing listing = { 0 };

	for (size_t i = 0; i < bus->n_objects; i++) {
		const struct object *object = &bus->objects[i];
		const struct name_text name = name_text(&object->name);

		if ((candidate->object && !dprc_contains(candidate->dprc, object)) ||
		    !dprc_is_split_off(object))
			continue;
		listing_take(&listing, object->group < 0 ? xasprintf("%s (none)", name.text)
							 : xasprintf("%s (group %d)", name.text,
								     object->group));
	}
	return listing.text;
}

static bool is_seen_before(const struct candidate *candidate, const struct part *part)
{
	for (const struct part *before = candidate->parts; before < part; before++)
		if (before->has_group && before->group.number == part->group.number)
			return true;
	return false;
}

/* A group that cannot be read may have any members. */
char *evidence_group_shared(const struct candidate *candidate)
{
	struct listing strangers = { 0 };

	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];
		const struct strings *devices = &part->group.devices;

		if (part->group_error)
			listing_take(&strangers,
				     xasprintf("the members of group %d are unknown: %s",
					       part->dprc->object->group,
					       error_text(part->group_error)));
		if (!part->has_group || is_seen_before(candidate, part))
			continue;
		for (size_t j = 0; j < devices->n_texts; j++)
			if (!dprc_has_device(candidate->bus, candidate->dprc, devices->texts[j]))
				listing_add(&strangers, devices->texts[j]);
	}
	return strangers.text;
}

/* The SMMU gives each ICID a group of its own: two groups are two ICIDs. */
static bool is_in_another_group(const struct bus *bus, const struct part *part,
				const struct name *other)
{
	const struct object *object = bus_find(bus, other);

	return object && object->group >= 0 && part->dprc && part->dprc->object->group >= 0 &&
	       object->group != part->dprc->object->group;
}

static char *sharers_of(const struct candidate *candidate, const struct part *part)
{
	const struct mc_inventory *mc = candidate->bus->mc;
	struct listing others = { 0 };
	char *text;

	for (size_t i = 0; part->mc && i < mc->n_containers; i++) {
		const struct mc_container *other = &mc->containers[i];
		const struct name_text name = name_text(&other->name);

		if (candidate_part(candidate, &other->name))
			continue;
		if (!other->error && other->icid == part->mc->icid)
			listing_add(&others, name.text);
		else if (other->error && !is_in_another_group(candidate->bus, part, &other->name))
			listing_take(&others, xasprintf("possibly %s (ICID unknown: %s)", name.text,
							mc_error_text(other->error)));
	}
	if (!others.n)
		return NULL;
	text = xasprintf("ICID %" PRIu32 " of %s", part->mc->icid, others.text);
	free(others.text);
	return text;
}

char *evidence_icid_shared(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_parts; i++)
		add_of_part(&listing, candidate, &candidate->parts[i],
			    sharers_of(candidate, &candidate->parts[i]));
	return listing.text;
}

char *evidence_nested(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 1; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];
		const struct name_text name = name_text(&part->name);

		listing_take(&listing,
			     part->has_group
				     ? xasprintf("%s (group %d)", name.text, part->group.number)
				     : xasprintf("%s (its group comes with the bind)", name.text));
	}
	return listing.text;
}

/* A group that comes with the first bind has the default that the root's has. */
char *evidence_passthrough(const struct candidate *candidate)
{
	const struct host *host = candidate->host;
	const bool is_default = host->has_root_group && str_same(host->root_group.type, "identity");
	struct listing listing = { 0 };

	if (!candidate->object)
		return is_default ? xasprintf("group %d", host->root_group.number) : NULL;
	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];

		if (part->has_group && str_same(part->group.type, "identity"))
			add_of_part(&listing, candidate, part,
				    xasprintf("group %d", part->group.number));
		else if (!part->has_group && is_default)
			add_of_part(&listing, candidate, part, xstrdup("as the root DPRC's"));
	}
	return listing.text;
}

char *evidence_no_msi(const struct candidate *candidate)
{
	const char *map = terms_of(candidate)->msi_map;
	struct listing listing = { 0 };

	if (!candidate->object)
		return candidate->host->has_msi == 0 ? xasprintf("%s is missing", map) : NULL;
	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];

		if (part->has_msi == 0)
			add_of_part(&listing, candidate, part,
				    xasprintf("%s does not cover its ICID %" PRIu32, map,
					      part->mc->icid));
	}
	return listing.text;
}

char *advise_no_msi(const struct candidate *candidate)
{
	return xstrdup(terms_of(candidate)->give_msi);
}
