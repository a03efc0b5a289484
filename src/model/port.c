/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A port of the board. */
#include <stdlib.h>

#include "base/util.h"
#include "model/bus.h"
#include "model/object.h"
#include "model/port.h"

static bool is_port(const struct name *name) { return streq(name->type, "dpmac"); }

static void add(const struct bus *bus, struct mc *mc, const struct name *name, struct ports *ports)
{
	const struct mc_object *known = bus_find_mc(bus, name);
	struct port *port;

	ports->ports = xrealloc(ports->ports, ports->n_ports + 1, sizeof(*port));
	port = &ports->ports[ports->n_ports++];
	*port = (struct port){ .name = *name, .object = bus_find(bus, name), .mc = known };
	if (!known)
		return;
	port->endpoint = known->endpoint;
	if (port->endpoint.knowledge == ENDPOINT_CONNECTED) {
		port->peer = bus_find(bus, &port->endpoint.name);
		port->mc_peer = bus_find_mc(bus, &port->endpoint.name);
	}
	port->has_address = mc_dpmac_get_address(mc, name->id, port->address) >= 0;
}

static int by_name(const void *a, const void *b)
{
	const struct port *first = a, *second = b;

	return name_compare(&first->name, &second->name);
}

void ports_load(const struct bus *bus, struct mc *mc, struct ports *ret_ports)
{
	const struct mc_inventory *inventory = bus->mc;
	struct ports ports = { 0 };

	for (size_t i = 0; i < bus->n_objects; i++)
		if (is_port(&bus->objects[i].name))
			add(bus, mc, &bus->objects[i].name, &ports);
	for (size_t i = 0; inventory && i < inventory->n_containers; i++) {
		const struct mc_container *container = &inventory->containers[i];

		for (size_t n = 0; n < container->n_objects; n++)
			if (is_port(&container->objects[n].name) &&
			    !bus_find(bus, &container->objects[n].name))
				add(bus, mc, &container->objects[n].name, &ports);
	}
	if (ports.n_ports)
		qsort(ports.ports, ports.n_ports, sizeof(*ports.ports), by_name);
	*ret_ports = ports;
}

void ports_done(struct ports *ports)
{
	free(ports->ports);
	*ports = (struct ports){ 0 };
}
