/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the reasons apply that are about the container and what the MC says of it. */
#include <stdlib.h>

#include "assign/candidate.h"
#include "assign/evidence.h"
#include "base/listing.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"

#define IRQ_POOL 256 /* FSL_MC_IRQ_POOL_MAX_TOTAL_IRQS */

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
	return candidate->dprc->is_root ? xstrdup("") : NULL;
}

/* Of all DPRCs that would go, those that have the option: "" is the candidate itself. */
static void add_option(struct listing *listing, const struct candidate *candidate, uint32_t option,
		       const char *word)
{
	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];

		if (!part->mc || !(part->mc->options & option))
			continue;
		if (i == 0)
			listing_add(listing, word);
		else
			listing_take(listing,
				     xasprintf("%s of %s", word, name_text(&part->name).text));
	}
}

char *evidence_aiop(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	add_option(&listing, candidate, MC_DPRC_AIOP, "option AIOP");
	return listing.text;
}

char *evidence_privileged_dma(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	add_option(&listing, candidate, MC_DPRC_PL, "option PL_ALLOWED");
	return listing.text;
}

char *evidence_contents_changeable(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	add_option(&listing, candidate, MC_DPRC_SPAWN, "SPAWN");
	add_option(&listing, candidate, MC_DPRC_ALLOC, "ALLOC");
	add_option(&listing, candidate, MC_DPRC_OBJ_CREATE, "OBJ_CREATE");
	add_option(&listing, candidate, MC_DPRC_TOPOLOGY_CHANGES, "TOPOLOGY_CHANGES");
	return listing.text;
}

char *evidence_mc_unknown(const struct candidate *candidate)
{
	for (size_t i = 0; i < candidate->n_parts; i++)
		if (!candidate->parts[i].mc)
			return xstrdup(i == 0 ? "" : name_text(&candidate->parts[i].name).text);
	return NULL;
}

char *evidence_unplugged(const struct candidate *candidate)
{
	const struct mc_object *mc = candidate->object->mc;

	return mc && !(mc->state & MC_OBJ_PLUGGED) ? xstrdup("") : NULL;
}

/* A container no driver has scanned yet shows none of its objects; that says nothing. */
char *evidence_objects_missing(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];

		if (!part->mc || !part->dprc || !part->dprc->object->driver)
			continue;
		for (size_t j = 0; j < part->mc->n_objects; j++) {
			const struct name *name = &part->mc->objects[j].name;

			if (object_type_is_known(name->type) && !bus_find(candidate->bus, name))
				listing_add(&listing, name_text(name).text);
		}
	}
	return listing.text;
}

static bool goes_along(const struct candidate *candidate, const struct name *name)
{
	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct mc_container *mc = candidate->parts[i].mc;

		for (size_t j = 0; mc && j < mc->n_objects; j++)
			if (name_equal(&mc->objects[j].name, name))
				return true;
	}
	return false;
}

char *evidence_endpoint_outside(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct mc_container *mc = candidate->parts[i].mc;

		for (size_t j = 0; mc && j < mc->n_objects; j++) {
			const struct mc_object *object = &mc->objects[j];
			const struct mc_endpoint *peer = &object->endpoint;

			if (peer->knowledge == ENDPOINT_CONNECTED &&
			    !goes_along(candidate, &peer->name))
				listing_take(&listing, xasprintf("%s is connected to %s",
								 name_text(&object->name).text,
								 name_text(&peer->name).text));
		}
	}
	return listing.text;
}

/* Each container has a pool of its own, see fsl_mc_populate_irq_pool(). */
char *evidence_irq_pool(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];
		const struct mc_object *mc = part->dprc ? part->dprc->object->mc : NULL;
		size_t n = mc ? mc->n_irqs : 0;

		for (size_t j = 0; part->mc && j < part->mc->n_objects; j++)
			n += part->mc->objects[j].n_irqs;
		if (n > IRQ_POOL)
			listing_take(&listing,
				     xasprintf("%s has %zu", name_text(&part->name).text, n));
	}
	return listing.text;
}
