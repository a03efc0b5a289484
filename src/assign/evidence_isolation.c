/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the reasons apply that are about the IOMMU. */
#include <inttypes.h>
#include <stdlib.h>

#include "assign/candidate.h"
#include "assign/evidence.h"
#include "base/listing.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"

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

/*
 * Before Linux 6.15 a DPRC gets its group only when a driver first probes it.  Until then the
 * iommu-map tells; without that, too, a bind may crash the kernel
 * (fsl_mc_cleanup_all_resource_pools() before 6.16), so not knowing is a refusal.
 */
static char *missing_group(const struct candidate *candidate, const struct part *part)
{
	const struct object *object = part->dprc ? part->dprc->object : NULL;
	const struct dprc *root = dprc_root(candidate->dprc);

	if (object && object->group >= 0)
		return NULL;
	if (object && object->driver)
		return xasprintf("%s probed it and it got none", object->driver);
	if (root && root->object->driver && root->object->group < 0)
		return xstrdup("the root DPRC has none either, so no IOMMU is at work");
	if (!part->mc)
		return xstrdup(
			"it cannot be seen before a driver probes it, and its ICID is not known");
	if (part->iommu_map < 0)
		return xasprintf(
			"it cannot be seen before a driver probes it, and no iommu-map tells "
			"about ICID %" PRIu32,
			part->mc->icid);
	if (!part->iommu_map)
		return xasprintf("the iommu-map does not cover its ICID %" PRIu32, part->mc->icid);
	return NULL;
}

/*
 * Nested DPRCs count the same: vfio_fsl_mc_probe() makes and binds them anew, whatever scanned them
 * before.
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

/*
 * vfio_register_group_dev() fails, which crashes the kernel as a missing group does.  The SMMU
 * driver goes by the device tree, not by the hardware (arm_smmu_device_cfg_probe()).
 */
char *evidence_smmu_not_coherent(const struct candidate *candidate)
{
	return candidate->smmu_is_coherent == 0 && candidate->host->wants_coherent_smmu
		       ? xstrdup("its device tree has dma-coherent neither in its node nor above")
		       : NULL;
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

static bool is_inside(const struct candidate *candidate, const char *text)
{
	const struct object *object;
	struct name name;

	if (name_parse(text, &name) < 0)
		return false;
	object = bus_find(candidate->bus, &name);
	return object && (object == candidate->object || dprc_contains(candidate->dprc, object));
}

static bool is_seen_before(const struct candidate *candidate, const struct part *part)
{
	for (const struct part *before = candidate->parts; before < part; before++)
		if (before->has_group && before->group.number == part->group.number)
			return true;
	return false;
}

char *evidence_group_shared(const struct candidate *candidate)
{
	struct listing strangers = { 0 };

	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];
		const struct strings *devices = &part->group.devices;

		if (!part->has_group || is_seen_before(candidate, part))
			continue;
		for (size_t j = 0; j < devices->n_texts; j++)
			if (!is_inside(candidate, devices->texts[j]))
				listing_add(&strangers, devices->texts[j]);
	}
	return strangers.text;
}

static char *sharers_of(const struct candidate *candidate, const struct part *part)
{
	const struct mc_inventory *mc = candidate->bus->mc;
	struct listing others = { 0 };
	char *text;

	for (size_t i = 0; part->mc && i < mc->n_containers; i++) {
		const struct mc_container *other = &mc->containers[i];

		if (!other->error && other->icid == part->mc->icid &&
		    !candidate_part(candidate, &other->name))
			listing_add(&others, name_text(&other->name).text);
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
	struct listing listing = { 0 };

	if (!candidate->object)
		return candidate->host->has_msi == 0 ? xstrdup("neither msi-map nor msi-parent")
						     : NULL;
	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];

		if (part->has_msi == 0)
			add_of_part(&listing, candidate, part,
				    xasprintf("neither msi-map nor msi-parent covers ICID %" PRIu32,
					      part->mc->icid));
	}
	return listing.text;
}
