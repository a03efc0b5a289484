/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A port of the board: a dpmac, and what it is connected to. */
#ifndef MODEL_PORT_H
#define MODEL_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/mc_resource.h"
#include "model/mc_inventory.h"
#include "model/name.h"

struct bus;
struct object;

struct port {
	struct name name;
	const struct object *object; /* NULL: Linux does not know it */
	const struct mc_object *mc;  /* NULL: the MC was not asked, or does not report it */
	struct mc_endpoint endpoint;
	const struct object *peer; /* what it is connected to; NULL: Linux does not know that */
	const struct mc_object
		*mc_peer; /* the same; NULL: the MC was not asked, or has no such object */
	bool has_address;
	uint8_t address[MC_ADDRESS_SIZE];
};

struct ports {
	struct port *ports; /* by name */
	size_t n_ports;
};

/*
 * Every dpmac that Linux or the MC knows.  Endpoints are those of bus->mc, addresses are asked for
 * over mc, which has to be open if bus->mc is there.
 */
void ports_load(const struct bus *bus, struct mc *mc, struct ports *ret_ports);
void ports_done(struct ports *ports);
#define _cleanup_ports_ __attribute__((cleanup(ports_done)))

#endif
