/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network interfaces of the host behind a switch in a container. */
#include <stdlib.h>

#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "rules/switch_ports.h"

/*
 * A switch, and the one in the container through which it is reached; empty: that is not known, for
 * the peer of the other one is not.
 */
struct reached {
	struct name name, through, unknown;
};

struct search {
	const struct bus *bus;
	const struct dprc *dprc;
	struct reached *switches;
	size_t n_switches, n_followed; /* the first of them */
};

static const struct name nothing;

static bool is_switch(const struct name *name)
{
	return streq(name->type, "dpsw") || streq(name->type, "dpdmux");
}

static const struct reached *find_switch(const struct search *search, const struct name *name)
{
	for (size_t i = 0; i < search->n_switches; i++)
		if (name_equal(&search->switches[i].name, name))
			return &search->switches[i];
	return NULL;
}

static void add_switch(struct search *search, const struct name *name, const struct name *through,
		       const struct name *unknown)
{
	const struct reached reached = { *name, *through, *unknown };

	if (!is_switch(name) || find_switch(search, name))
		return;
	search->switches =
		xrealloc(search->switches, search->n_switches + 1, sizeof(*search->switches));
	search->switches[search->n_switches++] = reached;
}

static void add_inner_switches(struct search *search)
{
	const struct bus *bus = search->bus;

	for (size_t i = 0; i < bus->n_objects; i++)
		if (dprc_contains(search->dprc, &bus->objects[i]))
			add_switch(search, &bus->objects[i].name, &bus->objects[i].name, &nothing);
	for (size_t i = 0; bus->mc && i < bus->mc->n_containers; i++) {
		const struct mc_container *mc = &bus->mc->containers[i];
		const bool is_inside = mc_container_is_in(mc, search->dprc->mc);

		for (size_t j = 0; is_inside && j < mc->n_objects; j++)
			add_switch(search, &mc->objects[j].name, &mc->objects[j].name, &nothing);
	}
}

/* One end of a connection is a switch that is reached: the other, if it is a switch, is, too. */
static void add_other_end(struct search *search, size_t reached, const struct name *end,
			  const struct name *other)
{
	const struct reached at = search->switches[reached];

	if (name_equal(end, &at.name))
		add_switch(search, other, &at.through, &at.unknown);
}

/*
 * From those that have not been followed yet.  The MC is queried for the peer of interface 0 of
 * each object; all other ends name theirs.
 */
static void add_connected_switches(struct search *search)
{
	const struct mc_inventory *mc = search->bus->mc;

	for (; search->n_followed < search->n_switches; search->n_followed++)
		for (size_t i = 0; mc && i < mc->n_containers; i++)
			for (size_t j = 0; j < mc->containers[i].n_objects; j++) {
				const struct mc_object *object = &mc->containers[i].objects[j];
				const struct mc_endpoint *peer = &object->endpoint;

				if (peer->knowledge != ENDPOINT_CONNECTED)
					continue;
				add_other_end(search, search->n_followed, &peer->name,
					      &object->name);
				add_other_end(search, search->n_followed, &object->name,
					      &peer->name);
			}
}

/* Last, because one that is known to be reached is not one of which that is unknown. */
static void add_unknown_switches(struct search *search)
{
	const struct mc_inventory *mc = search->bus->mc;

	for (size_t i = 0; mc && i < mc->n_containers; i++)
		for (size_t j = 0; j < mc->containers[i].n_objects; j++) {
			const struct mc_object *object = &mc->containers[i].objects[j];

			if (object->endpoint.knowledge == ENDPOINT_UNKNOWN)
				add_switch(search, &object->name, &nothing, &object->name);
		}
}

static void add_outer_switches(struct search *search)
{
	add_connected_switches(search);
	add_unknown_switches(search);
	add_connected_switches(search);
}

/* Whether one end of a connection of object is at a switch, or may be. */
static bool is_reached(const struct search *search, const struct object *object,
		       struct switch_port *port)
{
	const struct mc_endpoint *peer = object->mc ? &object->mc->endpoint : NULL;
	const struct reached *reached = find_switch(search, &object->name);
	const struct mc_inventory *mc = search->bus->mc;

	if (!reached && peer && peer->knowledge == ENDPOINT_CONNECTED)
		reached = find_switch(search, &peer->name);
	for (size_t i = 0; !reached && mc && i < mc->n_containers; i++)
		for (size_t j = 0; !reached && j < mc->containers[i].n_objects; j++) {
			const struct mc_object *other = &mc->containers[i].objects[j];

			if (other->endpoint.knowledge == ENDPOINT_CONNECTED &&
			    name_equal(&other->endpoint.name, &object->name))
				reached = find_switch(search, &other->name);
		}
	port->through = reached ? reached->through : nothing;
	port->unknown = reached ? reached->unknown : object->name;
	return reached || !peer || peer->knowledge == ENDPOINT_UNKNOWN;
}

static bool may_carry_netdevs(const struct search *search, const struct object *object)
{
	return object->driver && !streq(object->driver, VFIO_DRIVER) &&
	       (streq(object->name.type, "dpni") || is_switch(&object->name)) &&
	       !dprc_contains(search->dprc, object);
}

bool switch_ports_has_switch(const struct bus *bus, const struct dprc *dprc)
{
	struct search search = { .bus = bus, .dprc = dprc };

	add_inner_switches(&search);
	free(search.switches);
	return search.n_switches;
}

void switch_ports_load(const struct bus *bus, const struct dprc *dprc,
		       struct switch_ports *ret_ports)
{
	struct search search = { .bus = bus, .dprc = dprc };
	struct switch_ports ports = { 0 };

	add_inner_switches(&search);
	if (search.n_switches)
		add_outer_switches(&search);
	for (size_t i = 0; search.n_switches && i < bus->n_objects; i++) {
		struct switch_port port = { .carrier.object = &bus->objects[i] };

		if (!may_carry_netdevs(&search, port.carrier.object) ||
		    !is_reached(&search, port.carrier.object, &port))
			continue;
		port.carrier.is_known =
			netdevs_load(bus, port.carrier.object, &port.carrier.netdevs) >= 0;
		ports.ports = xrealloc(ports.ports, ports.n_ports + 1, sizeof(port));
		ports.ports[ports.n_ports++] = port;
	}
	free(search.switches);
	*ret_ports = ports;
}

void switch_ports_done(struct switch_ports *ports)
{
	for (size_t i = 0; i < ports->n_ports; i++)
		netdevs_done(&ports->ports[i].carrier.netdevs);
	free(ports->ports);
	*ports = (struct switch_ports){ 0 };
}
