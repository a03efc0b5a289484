/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans a container: turns a request into the list of objects to create. */
#include "layout/layout_make.h"
#include <stdio.h>
#include <stdlib.h>

#include "base/util.h"
#include "layout/dpni_limits.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/object.h"
#include "rules/demand.h"

/* restool, dpseci create; 8 before the API of MC 10.7. */
#define DPSECI_QUEUES_MAX 16
#define DPSECI_QUEUES_OLD 8
#define DPSECI_HAS_CG 0x20

/* What CUSTOM_CG and CUSTOM_OPR want a number for: those of dynamic_dpl.sh. */
#define CGS_BESIDE_QUEUES 8
#define OPRS 8

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t add_object(struct layout *layout, const char *type, char *reason)
{
	struct layout_object *object;

	layout->objects = xrealloc(layout->objects, layout->n_objects + 1, sizeof(*object));
	object = &layout->objects[layout->n_objects];
	*object = (struct layout_object){ .reason = reason };
	snprintf(object->type, sizeof(object->type), "%s", type);
	return layout->n_objects++;
}

static struct layout_connection *connect(struct layout *layout, size_t object,
					 enum layout_peer peer)
{
	struct layout_connection *connection;

	layout->connections = xrealloc(layout->connections, layout->n_connections + 1,
				       sizeof(*layout->connections));
	connection = &layout->connections[layout->n_connections++];
	*connection = (struct layout_connection){ .object = object, .peer = peer };
	return connection;
}

/*
 * Queues: one a thread, which is what a thread polls; of Linux one a CPU, and no more than it uses.
 * TCs: one to receive.  DPDK's transmit queues are the traffic classes (dpaa2_dev_init(), of
 * drivers/net/dpaa2, takes nb_tx_queues from num_tx_tcs), so as many as threads; Linux needs one.
 */
static void set_sizes(const struct layout_request *request, const struct dpni_limits *limits,
		      const struct mc_version *version, struct dpni_settings *settings)
{
	const bool is_guest = request->workload.consumer == CONSUMER_QEMU;
	const size_t n_threads = demand_threads(&request->workload);
	const size_t n_queues = is_guest ? least(n_threads, DPNI_QUEUES_LINUX) : n_threads;
	const bool is_asked = settings->tcs;

	if (!settings->queues)
		settings->queues = (uint8_t)least(n_queues, limits->queues);
	if (!is_asked)
		settings->tcs = is_guest ? 1 : (uint8_t)least(n_threads, limits->tcs);
	/* dpni API 7.7; before, both directions have the same. */
	if (mc_version_is_since(version, &(struct mc_version){ 10, 9, 0 }))
		settings->rx_tcs = is_asked ? (uint8_t)least(settings->tcs, DPNI_RX_TCS_MAX) : 1;
}

/*
 * DPDK sends on the first queue of each TC (dpaa2_dev_tx_queue_setup()), so the others, which
 * SINGLE_SENDER spares, would be frame queues for nothing.  Linux sends on all.
 */
static void set_options(const struct layout_request *request, const struct mc_version *version,
			bool is_asked, struct dpni_settings *settings)
{
	if (!is_asked && request->workload.consumer != CONSUMER_QEMU &&
	    mc_version_is_since(version, &(struct mc_version){ 10, 5, 0 }))
		settings->options = DPNI_SINGLE_SENDER;
	if (settings->options & DPNI_CUSTOM_CG)
		settings->congestion_groups = (uint8_t)(settings->queues + CGS_BESIDE_QUEUES);
	if (settings->options & DPNI_CUSTOM_OPR)
		settings->oprs = OPRS;
}

/* port NULL: nothing is asked for. */
static size_t add_dpni(const struct layout_request *request, const struct board *board,
		       const struct layout_port *port, const char *what, struct layout *layout)
{
	const struct mc_version *version = &board->bus->mc->version;
	const size_t index = add_object(layout, "dpni", NULL);
	struct layout_object *object = &layout->objects[index];

	if (port)
		object->dpni = port->settings;
	set_sizes(request, dpni_limits_of(board->soc, version), version, &object->dpni);
	set_options(request, version, port && port->has_options, &object->dpni);
	object->reason =
		xasprintf("%s: %u queues, %u TCs", what, object->dpni.queues, object->dpni.tcs);
	return index;
}

/* Who is cut off is known by now; whether that may be, layout_refuse() says. */
static void connect_dpmac(const struct board *board, size_t object, uint32_t dpmac,
			  struct layout *layout)
{
	struct layout_connection *connection = connect(layout, object, PEER_DPMAC);
	const struct port *port = board_port(board, dpmac);

	connection->dpmac = dpmac;
	if (!port || port->endpoint.knowledge != ENDPOINT_CONNECTED)
		return;
	connection->cuts = true;
	snprintf(connection->cut_off.type, sizeof(connection->cut_off.type), "%s",
		 port->endpoint.name.type);
	connection->cut_off.id = port->endpoint.name.id;
	connection->cut_off.interface = port->endpoint.interface;
}

static void add_address(const struct layout_port *port, size_t object, struct layout *layout)
{
	struct layout_address *address;

	layout->addresses =
		xrealloc(layout->addresses, layout->n_addresses + 1, sizeof(*layout->addresses));
	address = &layout->addresses[layout->n_addresses++];
	address->object = object;
	memcpy(address->bytes, port->address, sizeof(address->bytes));
}

/*
 * dpaa2_eth_probe() of the host takes one of each of these from its DPRC, and one queue needs one
 * DPCON; a DPIO it shares.
 */
static size_t add_kernel_dpni(const char *reason, struct layout *layout)
{
	static const char *const types[] = { "dpmcp", "dpbp", "dpcon", "dpni" };
	size_t index = 0;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		index = add_object(layout, types[i], xstrdup(reason));
		layout->objects[index].in_parent = true;
	}
	layout->objects[index].dpni = (struct dpni_settings){ .queues = 1, .tcs = 1 };
	return index;
}

static void add_ports(const struct layout_request *request, const struct board *board,
		      struct layout *layout)
{
	for (size_t i = 0; i < request->n_ports; i++) {
		const struct layout_port *port = &request->ports[i];
		_cleanup_free_ char *peer = layout_port_text(port);
		_cleanup_free_ char *what = xasprintf("port %s", peer);
		const size_t index = add_dpni(request, board, port, what, layout);

		if (port->peer == PORT_DPMAC)
			connect_dpmac(board, index, port->dpmac, layout);
		if (port->has_address)
			add_address(port, index, layout);
	}
	for (unsigned int i = 0; i < request->n_loopbacks; i++) {
		const size_t first = add_dpni(request, board, NULL, "loopback", layout);
		const size_t second = add_dpni(request, board, NULL, "loopback", layout);

		connect(layout, first, PEER_OBJECT)->other = second;
	}
}

/* After all of the container's: ports are its first DPNIs, in order. */
static void add_kernel_ports(const struct layout_request *request, const struct board *board,
			     struct layout *layout)
{
	const struct dprc *root = bus_root(board->bus);
	_cleanup_free_ char *reason =
		xasprintf("an interface of the kernel, in %s", name_text(&root->object->name).text);

	for (size_t i = 0; i < request->n_ports; i++)
		if (request->ports[i].peer == PORT_KERNEL) {
			const size_t other = add_kernel_dpni(reason, layout);

			connect(layout, i, PEER_OBJECT)->other = other;
		}
}

size_t layout_crypto_objects(unsigned int n_queues)
{
	return (n_queues + DPSECI_QUEUES_MAX - 1) / DPSECI_QUEUES_MAX;
}

/* As few as hold the queues, filled evenly but for the last. */
static void add_crypto(const struct layout_request *request, const struct board *board,
		       struct layout *layout)
{
	const bool is_old =
		!mc_version_is_since(&board->bus->mc->version, &(struct mc_version){ 10, 7, 0 });
	const size_t most = is_old ? DPSECI_QUEUES_OLD : DPSECI_QUEUES_MAX;

	for (size_t n_left = request->n_crypto, n; n_left; n_left -= n) {
		size_t index;

		n = least(n_left, most);
		index = add_object(layout, "dpseci",
				   xasprintf("crypto: %zu of %u queues", n, request->n_crypto));
		layout->objects[index].dpseci = (struct dpseci_settings){
			.options = DPSECI_HAS_CG,
			.queues = (uint8_t)n,
		};
	}
}

static void add_needed(const struct layout_request *request, const char *type,
		       struct layout *layout)
{
	const struct demand_base base = { layout_count(layout, "dpni"),
					  layout_count(layout, "dpio"),
					  layout_count(layout, "dpseci") };
	const size_t n = demand_of(&request->workload, &base, type).wanted;

	for (size_t i = 0; i < n; i++)
		add_object(layout, type, demand_reason(&request->workload, &base, type));
}

static void add_extras(const struct layout_request *request, const char *type,
		       struct layout *layout)
{
	for (size_t i = 0; i < request->n_extras; i++)
		for (unsigned int n = 0; n < request->extras[i].n; n++)
			if (streq(request->extras[i].type, type))
				add_object(layout, type, xstrdup("asked for with --add"));
}

void layout_make(const struct layout_request *request, const struct board *board,
		 struct layout *ret_layout, struct refusals *ret_refusals)
{
	struct layout layout = { .options = request->options,
				 .parent = bus_root(board->bus)->object->name };

	snprintf(layout.label, sizeof(layout.label), "%s", request->label);
	add_ports(request, board, &layout);
	add_crypto(request, board, &layout);
	/* DPMCPs last of those needed: a guest's are by the number of all others. */
	for (size_t i = 0; i < n_layout_extra_types; i++) {
		add_needed(request, layout_extra_types[i], &layout);
		add_extras(request, layout_extra_types[i], &layout);
	}
	add_kernel_ports(request, board, &layout);
	*ret_refusals = (struct refusals){ 0 };
	layout_refuse(request, board, &layout, ret_refusals);
	*ret_layout = layout;
}

void board_take(struct board *board, const struct layout *layout)
{
	for (size_t i = 0; i < board->pools.n_pools; i++) {
		struct pool *pool = &board->pools.pools[i];
		const int64_t n = (int64_t)layout_takes(layout, pool);

		if (pool->n_free >= 0)
			pool->n_free = n < pool->n_free ? pool->n_free - n : 0;
	}
}
