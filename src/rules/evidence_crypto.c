/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What makes host-crypto apply.  dpaa2_caam keeps its algorithms and the device behind them in
 * static variables: the probe of a second DPSECI points them at that one and then fails, and the
 * removal of the one that is driven takes them all away (caamalg_qi2.c).
 */
#include "base/listing.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "rules/candidate.h"
#include "rules/evidence.h"

static bool is_dpseci(const struct candidate *candidate, const struct object *object, bool inside)
{
	return streq(object->name.type, "dpseci") &&
	       dprc_contains(candidate->dprc, object) == inside;
}

const struct object *crypto_find_driven(const struct candidate *candidate, bool inside)
{
	const struct bus *bus = candidate->bus;

	for (size_t i = 0; i < bus->n_objects; i++)
		if (is_dpseci(candidate, &bus->objects[i], inside) &&
		    str_same(bus->objects[i].driver, CRYPTO_DRIVER))
			return &bus->objects[i];
	return NULL;
}

/* Of what is unplugged Linux makes a device, but looks for no driver (fsl_mc_bus_match()). */
static void list_probed(const struct candidate *candidate, struct listing *dpsecis)
{
	const struct bus *bus = candidate->bus;

	for (size_t i = 0; i < bus->n_objects; i++) {
		const struct object *object = &bus->objects[i];

		if (is_dpseci(candidate, object, true) &&
		    (!object->mc || object->mc->state & MC_OBJ_PLUGGED))
			listing_add(dpsecis, name_text(&object->name).text);
	}
}

/* The host's drivers look at what is given back. */
char *evidence_host_crypto_at_unbind(const struct candidate *candidate)
{
	const struct object *driven = crypto_find_driven(candidate, false);
	struct listing dpsecis = { 0 };
	char *text = NULL;

	if (!bus_has_driver(candidate->bus, CRYPTO_DRIVER))
		return NULL;
	list_probed(candidate, &dpsecis);
	if (driven && dpsecis.n)
		text = xasprintf("the host uses %s, and giving back %s would break that until the "
				 "next boot",
				 name_text(&driven->name).text, dpsecis.text);
	else if (dpsecis.n > 1)
		text = xasprintf("%s would be bound to it together", dpsecis.text);
	free_pointer(&dpsecis.text);
	return text;
}

char *evidence_host_crypto(const struct candidate *candidate)
{
	const struct object *object = candidate->object, *driven;

	if (!candidate->n_parts || str_same(object->driver, VFIO_DRIVER))
		return NULL;
	driven = crypto_find_driven(candidate, true);
	if (driven)
		return xasprintf("%s serves the host's algorithms, which would go with it",
				 name_text(&driven->name).text);
	/* An unplugged container is not looked into when it is given back. */
	if (!str_same(object->driver, DPRC_DRIVER) &&
	    !(object->mc && object->mc->state & MC_OBJ_PLUGGED))
		return NULL;
	return crypto_find_driven(candidate, false) ? evidence_host_crypto_at_unbind(candidate)
						    : NULL;
}
