/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Network interfaces of the host that are connected to a switch (dpsw, dpdmux) in a container,
 * directly or through other switches: their link goes when the container is assigned.
 */
#ifndef RULES_SWITCH_PORTS_H
#define RULES_SWITCH_PORTS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/name.h"
#include "model/netdev.h"

struct bus;
struct dprc;
struct object;

struct carried_netdevs {
	const struct object *object;
	struct netdevs netdevs;
	bool is_known; /* they could be read */
};

struct switch_port {
	struct carried_netdevs carrier; /* outside the container */
	struct name through;		/* the switch in it; empty: it may be one */
	struct name unknown; /* then: whose peer is not known, the carrier's or a switch's */
};

struct switch_ports {
	struct switch_port *ports;
	size_t n_ports;
};

/* Whether there is a switch in dprc or in a DPRC in it, by Linux or by the MC. */
bool switch_ports_has_switch(const struct bus *bus, const struct dprc *dprc);

/* Needs MC_ENDPOINTS; of less, all connections count as unknown. */
void switch_ports_load(const struct bus *bus, const struct dprc *dprc,
		       struct switch_ports *ret_ports);
void switch_ports_done(struct switch_ports *ports);

#endif
