/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the reasons apply that are about who uses what, and what is there to use. */
#include <stdlib.h>

#include "base/listing.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/vfio_use.h"
#include "rules/candidate.h"
#include "rules/evidence.h"

/* Of all parts, those who are sure, or the suspects. */
static char *list_holders(const struct candidate *candidate, bool are_sure)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_parts; i++) {
		char *text = vfio_use_list(&candidate->parts[i].holders, are_sure);

		if (text)
			listing_take(&listing, text);
	}
	return listing.text;
}

char *evidence_in_use(const struct candidate *candidate) { return list_holders(candidate, true); }

/* It would be unbound with the one around it, and an undo would give it to the host. */
char *evidence_nested_assigned(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 1; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];

		if (!str_same(candidate->object->driver, VFIO_DRIVER) && part->dprc &&
		    str_same(part->dprc->object->driver, VFIO_DRIVER))
			listing_add(&listing, name_text(&part->name).text);
	}
	return listing.text;
}

/* Only what is bound to vfio-fsl-mc can be in use through VFIO. */
char *evidence_holders_unknown(const struct candidate *candidate)
{
	char *suspects;

	if (!candidate->n_parts || !str_same(candidate->object->driver, VFIO_DRIVER))
		return NULL;
	for (size_t i = 0; i < candidate->n_parts; i++)
		if (candidate->parts[i].has_holders < 0) {
			suspects = list_holders(candidate, false);
			return suspects ? suspects : xstrdup("");
		}
	return NULL;
}

/*
 * The driver core takes the link away before vfio_fsl_mc_remove() waits for the last descriptor;
 * the objects are there until that is over.
 */
char *evidence_unbind_unfinished(const struct candidate *candidate)
{
	if (!candidate->n_parts || candidate->object->driver || !candidate->dprc->n_objects)
		return NULL;
	return xasprintf("%zu objects", candidate->dprc->n_objects);
}

char *evidence_assigned(const struct candidate *candidate)
{
	return candidate->n_parts && str_same(candidate->object->driver, VFIO_DRIVER) ? xstrdup("")
										      : NULL;
}

char *evidence_driver_missing(const struct candidate *candidate)
{
	if (bus_has_driver(candidate->bus, VFIO_DRIVER))
		return NULL;
	switch (candidate->host->vfio_fsl_mc) {
	case MODULE_ABSENT:
		return xstrdup("not built: this kernel has no such module");
	case MODULE_AVAILABLE:
		return xstrdup("not loaded: the module is installed");
	case MODULE_LOADED:
		return xstrdup("the module is loaded, but did not register with the bus");
	case MODULE_BUILT_IN:
		return xstrdup("it is built in, but did not register with the bus");
	default:
		return xstrdup("it is not registered with the bus");
	}
}

char *evidence_autoprobe_off(const struct candidate *candidate)
{
	return candidate->host->drivers_autoprobe == 0 ? xstrdup("drivers_autoprobe is 0") : NULL;
}

char *evidence_of_netdev(const struct netdev *netdev)
{
	struct listing uses = { 0 };
	char *text = NULL;

	if (netdev->is_up)
		listing_add(&uses, "up");
	if (netdev->n_addresses > 0)
		listing_take(&uses, xasprintf("addresses: %d", netdev->n_addresses));
	if (netdev->is_secret)
		listing_add(&uses, "its addresses cannot be read");
	if (netdev->master)
		listing_take(&uses, xasprintf("in %s", netdev->master));
	if (uses.n)
		text = xasprintf("%s (%s)", netdev->name, uses.text);
	free(uses.text);
	return text;
}

/*
 * dpaa2_eth_probe() makes an interface or fails, and dpaa2_switch_probe() one for each port; sysfs
 * shows an interface only in its own namespace.
 */
static bool has_lent_interfaces(const struct carried_netdevs *carrier)
{
	const char *driver = carrier->object->driver;

	return !carrier->netdevs.n_netdevs &&
	       (str_same(driver, "fsl_dpaa2_eth") || str_same(driver, "fsl_dpaa2_switch"));
}

/*
 * An interface that is down, without address and master, is lost by nobody.  where: how the
 * container leads to them, ", through dpsw.0"; "": they are in it.
 */
static void add_interfaces(struct listing *interfaces, const struct carried_netdevs *carrier,
			   const char *where)
{
	const struct name_text name = name_text(&carrier->object->name);

	for (size_t i = 0; i < carrier->netdevs.n_netdevs; i++) {
		_cleanup_free_ char *text = evidence_of_netdev(&carrier->netdevs.netdevs[i]);

		if (text && *where)
			listing_take(interfaces, xasprintf("%s on %s%s", text, name.text, where));
		else if (text)
			listing_add(interfaces, text);
	}
	if (!carrier->is_known)
		listing_take(interfaces, xasprintf("what %s%s%s carries cannot be read", name.text,
						   where, *where ? "," : ""));
	else if (has_lent_interfaces(carrier))
		listing_take(interfaces,
			     xasprintf("%s of %s%s, in another network namespace",
				       streq(carrier->object->name.type, "dpni") ? "that" : "those",
				       name.text, where));
}

char *evidence_of_carrier(const struct carried_netdevs *carrier)
{
	struct listing listing = { 0 };

	add_interfaces(&listing, carrier, "");
	return listing.text;
}

char *evidence_netdev_in_use(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_carriers; i++)
		add_interfaces(&listing, &candidate->carriers[i], "");
	return listing.text;
}

static char *port_text(const struct switch_port *port)
{
	const struct name *carrier = &port->carrier.object->name;

	if (*port->through.type)
		return xasprintf(", through %s", name_text(&port->through).text);
	return name_equal(&port->unknown, carrier)
		       ? xstrdup(", whose peer is unknown")
		       : xasprintf(", by way of %s, whose peer is unknown",
				   name_text(&port->unknown).text);
}

static void add_port(struct listing *interfaces, const struct switch_port *port)
{
	_cleanup_free_ char *where = port_text(port);

	add_interfaces(interfaces, &port->carrier, where);
}

char *evidence_outside_netdev(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->ports.n_ports; i++)
		add_port(&listing, &candidate->ports.ports[i]);
	return listing.text;
}

bool evidence_has_port(const struct candidate *candidate, const struct name *carrier)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->ports.n_ports; i++)
		if (name_equal(&candidate->ports.ports[i].carrier.object->name, carrier))
			add_port(&listing, &candidate->ports.ports[i]);
	free(listing.text);
	return listing.n;
}

char *evidence_outside_consumer(const struct candidate *candidate)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < candidate->n_consumers; i++) {
		const struct outside_consumer *outside = &candidate->consumers[i];

		const struct name_text supplier = name_text(&outside->supplier->name);

		listing_take(&listing,
			     outside->consumer
				     ? xasprintf("%s uses %s",
						 name_text(&outside->consumer->name).text,
						 supplier.text)
				     : xasprintf("which objects use %s is unknown: %s",
						 supplier.text, error_text(outside->error)));
	}
	return listing.text;
}
