/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the reasons apply that are about the container and what the MC reports about it. */
#include <stdlib.h>

#include "base/listing.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "rules/candidate.h"
#include "rules/evidence.h"
#include "rules/mc_trouble.h"

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

/* Of all DPRCs that are assigned together, those that have the option: "" is the candidate itself.
 */
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

/*
 * Before MC 10.20 OBJ_CREATE and SPAWN are what lets software create objects, and ALLOC only feeds
 * that.  Since then every DPRC may that is not locked, and that cannot be read.  Connections are
 * not among what a lock is known to forbid.
 */
char *evidence_contents_changeable(const struct candidate *candidate)
{
	const struct mc_inventory *mc = candidate->bus->mc;
	const bool is_locked = candidate->is_locked || candidate->gets_lock;
	struct listing listing = { 0 };

	if (!mc_decides_by_lock(mc) && !is_locked) {
		add_option(&listing, candidate, MC_DPRC_SPAWN, "SPAWN");
		add_option(&listing, candidate, MC_DPRC_OBJ_CREATE, "OBJ_CREATE");
	}
	add_option(&listing, candidate, MC_DPRC_TOPOLOGY_CHANGES, "TOPOLOGY_CHANGES");
	if (candidate->n_parts && !is_locked &&
	    (mc_decides_by_lock(mc) || (mc && mc_version_is_unknown(mc))))
		listing_add(&listing, "whether it is locked is unknown");
	return listing.text;
}

char *evidence_lock_unsupported(const struct candidate *candidate)
{
	const struct mc_inventory *mc = candidate->bus->mc;

	if (!candidate->gets_lock || candidate->is_locked || mc_decides_by_lock(mc))
		return NULL;
	if (mc_version_is_unknown(mc))
		return xstrdup("its version is unknown");
	return xasprintf("MC %u.%u.%u", mc->version.major, mc->version.minor, mc->version.revision);
}

static char *list_options(uint32_t options)
{
	static const struct {
		uint32_t option;
		const char *word;
	} words[] = {
		{ MC_DPRC_SPAWN, "SPAWN" },
		{ MC_DPRC_ALLOC, "ALLOC" },
		{ MC_DPRC_OBJ_CREATE, "OBJ_CREATE" },
		{ MC_DPRC_TOPOLOGY_CHANGES, "TOPOLOGY_CHANGES" },
		{ MC_DPRC_AIOP, "AIOP" },
		{ MC_DPRC_PL, "PL_ALLOWED" },
	};
	struct listing listing = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (options & words[i].option)
			listing_add(&listing, words[i].word);
	return listing.text ? listing.text : xstrdup("none");
}

/* The MC refuses the commands by which the kernel sets the address of an interrupt. */
char *evidence_irq_cfg_denied(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];
		_cleanup_free_ char *options = NULL;

		if (!part->mc || part->mc->options & MC_DPRC_IRQ_CFG)
			continue;
		options = list_options(part->mc->options);
		listing_take(&listing, xasprintf("%s has no IRQ_CFG (options: %s)",
						 name_text(&part->name).text, options));
	}
	return listing.text;
}

/* What was queried and not reported. */
static void add_unknown(struct listing *listing, const struct candidate *candidate,
			const struct mc_container *mc)
{
	const enum mc_detail detail = candidate->bus->mc->detail;

	if (!mc->is_complete)
		listing_take(listing,
			     xasprintf("not all objects of %s", name_text(&mc->name).text));
	for (size_t i = 0; detail == MC_ENDPOINTS && i < mc->n_objects; i++)
		if (mc->objects[i].endpoint.knowledge == ENDPOINT_UNKNOWN)
			listing_take(listing, xasprintf("the peer of %s",
							name_text(&mc->objects[i].name).text));
}

char *evidence_mc_unknown(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	/* Without its root's driver there is no way to the MC; of that more is said. */
	if (!candidate->object &&
	    (!bus_root(candidate->bus) || !bus_root(candidate->bus)->object->driver))
		return NULL;
	/* Of the host, or of a container. */
	if (!candidate->bus->mc && (!candidate->object || candidate->n_parts)) {
		const char *why = mc_trouble_of_bus(candidate->bus).why;

		return xstrdup(why ? why : error_text(candidate->bus->mc_error));
	}
	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];

		if (part->mc)
			add_unknown(&listing, candidate, part->mc);
		else
			listing_add(&listing, name_text(&part->name).text);
	}
	/* A DPRC of which nothing is known may have its ICID, and a switch may lead to it.  One
	 * that did not answer is in another IOMMU group, or icid-shared; what is in it need not be.
	 */
	for (size_t i = 0; candidate->bus->mc && i < candidate->bus->mc->n_containers; i++) {
		const struct mc_container *other = &candidate->bus->mc->containers[i];

		if (!other->is_complete && !candidate_part(candidate, &other->name))
			listing_take(&listing, xasprintf("not all objects of %s",
							 name_text(&other->name).text));
	}
	return listing.text;
}

char *evidence_unplugged(const struct candidate *candidate)
{
	const struct mc_object *mc = candidate->object->mc;

	return mc && !(mc->state & MC_OBJ_PLUGGED) ? xstrdup("") : NULL;
}

static char *copy(const struct listing *listing)
{
	return listing->text ? xstrdup(listing->text) : NULL;
}

char *evidence_objects_unbound(const struct candidate *candidate)
{
	return copy(&candidate->verdict.unbound);
}

/* A container no driver has scanned yet shows none of its objects; that says nothing. */
char *evidence_objects_missing(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	if (candidate->n_parts && str_same(candidate->object->driver, VFIO_DRIVER))
		return copy(&candidate->verdict.missing);

	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];

		if (!part->mc || !part->dprc || !part->dprc->object->driver)
			continue;
		for (size_t j = 0; j < part->mc->n_objects; j++) {
			const struct name *name = &part->mc->objects[j].name;
			const struct object *object = bus_find(candidate->bus, name);

			if (object ? object->container != part->dprc
				   : object_type_is_known(name->type))
				listing_add(&listing, name_text(name).text);
		}
	}
	return listing.text;
}

/* With the host's driver it is the next bind that finds out, and all is well. */
char *evidence_objects_gone(const struct candidate *candidate)
{
	return copy(&candidate->verdict.gone);
}

static const struct mc_object *find_inside(const struct candidate *candidate,
					   const struct name *name)
{
	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct mc_container *mc = candidate->parts[i].mc;

		for (size_t j = 0; mc && j < mc->n_objects; j++)
			if (name_equal(&mc->objects[j].name, name))
				return &mc->objects[j];
	}
	return NULL;
}

/* What create made in the root for it; labels there are the host's to give. */
static bool is_made_for(const struct candidate *candidate, const struct object *outside)
{
	const struct mc_object *mc = outside ? outside->mc : NULL;
	const struct mc_object *dprc = candidate->object->mc;

	return mc && dprc && *dprc->label && !mc->container->parent &&
	       streq(mc->label, dprc->label);
}

/* A port is always connected to a DPMAC of the root; netdev-in-use covers those with an interface.
 */
static bool is_told(const struct candidate *candidate, const struct name *outside)
{
	const struct object *object = bus_find(candidate->bus, outside);
	const struct mc_container *mc = object && object->mc ? object->mc->container : NULL;

	if (evidence_has_port(candidate, outside) || is_made_for(candidate, object))
		return true;
	return streq(outside->type, "dpmac") &&
	       (mc ? !mc->parent : !object || !object->container || object->container->is_root);
}

static void add_connection(struct listing *listing, const struct name *inside,
			   const struct name *outside)
{
	listing_take(listing, xasprintf("%s is connected to %s", name_text(inside).text,
					name_text(outside).text));
}

static void add_own_peers(struct listing *listing, const struct candidate *candidate,
			  const struct mc_container *mc)
{
	for (size_t i = 0; mc && i < mc->n_objects; i++) {
		const struct mc_endpoint *peer = &mc->objects[i].endpoint;

		if (peer->knowledge == ENDPOINT_CONNECTED && !find_inside(candidate, &peer->name) &&
		    !is_told(candidate, &peer->name))
			add_connection(listing, &mc->objects[i].name, &peer->name);
	}
}

/*
 * A dpsw or dpdmux has many interfaces, of which the MC was asked about the first alone; whoever
 * is connected to another says so.
 */
static void add_peers_of_others(struct listing *listing, const struct candidate *candidate,
				const struct mc_container *mc)
{
	for (size_t i = 0; i < mc->n_objects; i++) {
		const struct mc_endpoint *peer = &mc->objects[i].endpoint;
		const struct mc_object *inside = peer->knowledge == ENDPOINT_CONNECTED
							 ? find_inside(candidate, &peer->name)
							 : NULL;

		if (inside && !is_told(candidate, &mc->objects[i].name) &&
		    !(inside->endpoint.knowledge == ENDPOINT_CONNECTED &&
		      name_equal(&inside->endpoint.name, &mc->objects[i].name)))
			add_connection(listing, &inside->name, &mc->objects[i].name);
	}
}

char *evidence_endpoint_outside(const struct candidate *candidate)
{
	const struct mc_inventory *mc = candidate->bus->mc;
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_parts; i++)
		add_own_peers(&listing, candidate, candidate->parts[i].mc);
	for (size_t i = 0; candidate->n_parts && mc && i < mc->n_containers; i++)
		if (!candidate_part(candidate, &mc->containers[i].name))
			add_peers_of_others(&listing, candidate, &mc->containers[i]);
	return listing.text;
}

/*
 * Each container has a pool of its own, see fsl_mc_populate_irq_pool(), and a DPRC takes from its
 * own (fsl_mc_allocate_irqs()).
 */
char *evidence_irq_pool(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];
		const struct mc_object *mc = part->dprc ? part->dprc->object->mc : NULL;
		size_t n = mc ? mc->n_irqs : 0;

		for (size_t j = 0; part->mc && j < part->mc->n_objects; j++)
			if (!name_is_dprc(&part->mc->objects[j].name))
				n += part->mc->objects[j].n_irqs;
		if (n > IRQ_POOL)
			listing_take(&listing,
				     xasprintf("%s has %zu", name_text(&part->name).text, n));
	}
	return listing.text;
}
