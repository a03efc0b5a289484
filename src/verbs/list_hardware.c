/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of ports and pools. */
#include "verbs/list_hardware.h"
#include "model/netdev.h"
#include "model/pool.h"
#include "model/port.h"
#include "report/view.h"
#include "verbs/facts.h"

static bool add_netdevs(const struct bus *bus, const struct object *object, struct strings *netdevs)
{
	_cleanup_netdevs_ struct netdevs carried = { 0 };

	if (object && !facts_load_netdevs(bus, object, &carried))
		return false;
	for (size_t i = 0; i < carried.n_netdevs; i++)
		strings_add(netdevs, carried.netdevs[i].name);
	return true;
}

static void show_port(const struct bus *bus, const struct port *port, struct render *render)
{
	_cleanup_strings_ struct strings netdevs = { 0 };
	const bool is_known = port->endpoint.knowledge != ENDPOINT_UNKNOWN &&
			      add_netdevs(bus, port->peer, &netdevs) &&
			      add_netdevs(bus, port->object, &netdevs);

	render_record(render, NULL, view_port(port, is_known ? &netdevs : NULL));
}

void list_ports(const struct bus *bus, struct mc *mc, struct render *render,
		const struct selection *selection)
{
	_cleanup_ports_ struct ports ports = { 0 };

	ports_load(bus, mc, &ports);
	render_list(render, "ports", selection);
	render_none(render, "no port on the fsl-mc bus");
	for (size_t i = 0; i < ports.n_ports; i++)
		show_port(bus, &ports.ports[i], render);
}

int list_pools(const struct bus *bus, struct mc *mc, struct render *render,
	       const struct selection *selection)
{
	_cleanup_pools_ struct pools pools = { 0 };
	int r = pools_load(bus, mc, &pools);

	if (r < 0) {
		render_member(render, "pools", NULL);
		return r;
	}
	render_list(render, "pools", selection);
	render_none(render, "the MC has no pools");
	for (size_t i = 0; i < pools.n_pools; i++)
		render_record(render, NULL, view_pool(&pools.pools[i]));
	return 0;
}
