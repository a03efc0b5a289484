/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What speaks against a layout, before anything of it is made. */
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "layout/dpni_limits.h"
#include "layout/layout_make.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/object.h"
#include "rules/evidence.h"
#include "rules/switch_ports.h"

#define ANOTHER_PORT "'fslmc-vfio list --ports' shows which there are"

static const char *or_force(const struct layout_request *request)
{
	return request->is_defined ? "choose another port, or allow netdev-in-use in the definition"
				   : "choose another port, or use --force";
}

static bool is_in_root(const struct mc_object *object) { return !object->container->parent; }

/* Interfaces in use of one object; NULL: none. */
static char *find_use(const struct board *board, const struct object *object)
{
	for (size_t i = 0; i < board->n_carriers; i++)
		if (board->carriers[i].object == object)
			return evidence_of_carrier(&board->carriers[i]);
	return NULL;
}

static void refuse_used(const struct layout_request *request, const struct board *board,
			const struct port *port, const struct object *object,
			struct refusals *refusals)
{
	_cleanup_free_ char *use = object ? find_use(board, object) : NULL;

	if (use)
		refuse(refusals, ERROR_REFUSED, name_text(&port->name).text,
		       "carries a network interface that is in use: %s; %s", use,
		       or_force(request));
}

/* What other traffic goes through a switch is not known. */
static bool is_switch(const struct name *name)
{
	return streq(name->type, "dpsw") || streq(name->type, "dpdmux");
}

static void refuse_connected(const struct layout_request *request, const struct board *board,
			     const struct port *port, struct refusals *refusals)
{
	const struct name_text name = name_text(&port->name);
	const struct name_text peer = name_text(&port->endpoint.name);

	if (!port->mc_peer)
		refuse(refusals, ERROR_REFUSED, name.text,
		       "taken: connected to %s, whose container the MC does not "
		       "report; " ANOTHER_PORT,
		       peer.text);
	else if (!is_in_root(port->mc_peer))
		refuse(refusals, ERROR_REFUSED, name.text,
		       "taken: connected to %s in %s; " ANOTHER_PORT, peer.text,
		       name_text(&port->mc_peer->container->name).text);
	else if (!request->force && is_switch(&port->endpoint.name))
		refuse(refusals, ERROR_REFUSED, name.text,
		       "taken: connected to %s, which may forward other traffic; %s", peer.text,
		       or_force(request));
	else if (!request->force)
		refuse_used(request, board, port, port->peer, refusals);
}

static void refuse_port(const struct layout_request *request, const struct board *board,
			uint32_t dpmac, struct refusals *refusals)
{
	const struct port *port = board_port(board, dpmac);
	const struct name_text name = name_text(&(struct name){ "dpmac", dpmac });

	if (!port) {
		refuse(refusals, ERROR_REFUSED, name.text, "no such port; " ANOTHER_PORT);
		return;
	}
	if (port->mc && !is_in_root(port->mc)) {
		refuse(refusals, ERROR_REFUSED, name.text, "taken: assigned to %s; " ANOTHER_PORT,
		       name_text(&port->mc->container->name).text);
		return;
	}
	switch (port->endpoint.knowledge) {
	case ENDPOINT_UNKNOWN:
		refuse(refusals, ERROR_REFUSED, name.text,
		       "the MC does not report what the port is connected to; " ANOTHER_PORT);
		return;
	case ENDPOINT_CONNECTED:
		refuse_connected(request, board, port, refusals);
		break;
	case ENDPOINT_NONE:
		break;
	}
	if (!request->force)
		refuse_used(request, board, port, port->object, refusals);
}

static bool is_repeated(const struct layout_request *request, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (request->ports[i].peer == PORT_DPMAC &&
		    request->ports[i].dpmac == request->ports[index].dpmac)
			return true;
	return false;
}

static void refuse_ports(const struct layout_request *request, const struct board *board,
			 struct refusals *refusals)
{
	for (size_t i = 0; i < request->n_ports; i++) {
		const struct layout_port *port = &request->ports[i];
		_cleanup_free_ char *text = layout_port_text(port);

		if (port->peer != PORT_DPMAC)
			continue;
		if (is_repeated(request, i))
			refuse(refusals, ERROR_USAGE, text, "requested twice; name each port once");
		else
			refuse_port(request, board, port->dpmac, refusals);
	}
}

/* "dpmac.3", "--port=none" */
static char *port_text(const struct layout_port *port)
{
	_cleanup_free_ char *text = layout_port_text(port);

	return port->peer == PORT_DPMAC ? take_pointer(text) : xasprintf("--port=%s", text);
}

/* What the MC or the SoC would refuse, or hang on. */
static void refuse_settings(const struct layout_request *request, const struct board *board,
			    struct refusals *refusals)
{
	const struct mc_version *version = &board->bus->mc->version;
	const struct dpni_limits *limits = dpni_limits_of(board->soc, version);

	for (size_t i = 0; i < request->n_ports; i++) {
		const struct dpni_settings *settings = &request->ports[i].settings;
		_cleanup_free_ char *port = port_text(&request->ports[i]);

		if (settings->queues > limits->queues)
			refuse(refusals, ERROR_REFUSED, port,
			       "queues=%u: a DPNI of %s has at most %u with MC %u.%u.%u; ask for "
			       "fewer",
			       settings->queues, soc_name(board->soc), limits->queues,
			       version->major, version->minor, version->revision);
		if (settings->tcs > limits->tcs)
			refuse(refusals, ERROR_REFUSED, port,
			       "tcs=%u: a DPNI of %s has at most %u; ask for fewer", settings->tcs,
			       soc_name(board->soc), limits->tcs);
	}
}

static void refuse_option(const struct board *board, const char *port,
			  const struct dpni_option_name *option, struct refusals *refusals)
{
	const struct mc_version *version = &board->bus->mc->version;

	if (!mc_version_is_since(version, &option->since))
		refuse(refusals, ERROR_REFUSED, port,
		       "options=%s requires MC firmware %u.%u, this is %u.%u.%u; update the "
		       "firmware, or leave the option out",
		       option->name, option->since.major, option->since.minor, version->major,
		       version->minor, version->revision);
	if (option->not_on && option->not_on == board->soc)
		refuse(refusals, ERROR_REFUSED, port,
		       "options=%s: not available on %s; leave the option out", option->name,
		       soc_name(board->soc));
}

static void refuse_options(const struct layout_request *request, const struct board *board,
			   struct refusals *refusals)
{
	for (size_t i = 0; i < request->n_ports; i++) {
		_cleanup_free_ char *port = port_text(&request->ports[i]);

		for (size_t n = 0; n < n_dpni_options; n++)
			if (request->ports[i].settings.options & dpni_options[n].bit)
				refuse_option(board, port, &dpni_options[n], refusals);
	}
}

/* The MC accepts a label twice; a definition that goes by it would not know which DPRC is meant. */
static void refuse_label(const struct layout_request *request, const struct board *board,
			 struct refusals *refusals)
{
	const struct mc_inventory *mc = board->bus->mc;

	for (size_t i = 0; i < mc->n_containers; i++) {
		const struct mc_container *container = &mc->containers[i];

		for (size_t n = 0; n < container->n_objects; n++)
			if (name_is_dprc(&container->objects[n].name) &&
			    streq(container->objects[n].label, request->label))
				refuse(refusals, ERROR_REFUSED, request->label,
				       "label in use: %s has it; choose another --label",
				       name_text(&container->objects[n].name).text);
	}
}

/* Of what the MC does not tell, a port or the label may be. */
static void refuse_unknown(const struct board *board, struct refusals *refusals)
{
	const struct mc_inventory *mc = board->bus->mc;

	for (size_t i = 0; i < mc->n_containers; i++)
		if (mc->containers[i].error || !mc->containers[i].is_complete)
			refuse(refusals, ERROR_REFUSED, name_text(&mc->containers[i].name).text,
			       "the MC did not report all objects in the DPRC, so a port or the "
			       "label may be taken; try again");
}

/*
 * The portal of a destroyed DPMCP stays taken, so destroying containers does not help against that
 * shortage.
 */
static void refuse_shortage(const struct board *board, const struct layout *layout,
			    struct refusals *refusals)
{
	for (size_t i = 0; i < board->pools.n_pools; i++) {
		const struct pool *pool = &board->pools.pools[i];
		const size_t n = layout_takes(layout, pool);

		if (!n || pool->n_free < 0 || (int64_t)n <= pool->n_free)
			continue;
		refuse(refusals, ERROR_REFUSED, pool->name,
		       "too few left: %zu required, %lld available (%zu %s%s); %s", n,
		       (long long)pool->n_free, layout_count(layout, pool->type), pool->type,
		       streq(pool->name, "mcp") ? ", and 1 for the DPRC" : "",
		       streq(pool->name, "mcp")
			       ? "reboot the board to get back the portals of destroyed DPMCPs"
			       : "destroy a DPRC that is not needed ('fslmc-vfio list --pools' "
				 "shows the holders)");
	}
}

void layout_refuse(const struct layout_request *request, const struct board *board,
		   const struct layout *layout, struct refusals *refusals)
{
	if (!board->may_create)
		refuse(refusals, ERROR_PERMISSION, NULL,
		       "CAP_NET_ADMIN is missing, which the kernel requires for commands that "
		       "create MC objects; run as root");
	if (!(request->options & MC_DPRC_ALLOC))
		refuse(refusals, ERROR_REFUSED, request->label,
		       "without the option ALLOC_ALLOWED the MC gives it no objects; add it");
	refuse_unknown(board, refusals);
	refuse_label(request, board, refusals);
	refuse_ports(request, board, refusals);
	refuse_settings(request, board, refusals);
	refuse_options(request, board, refusals);
	refuse_shortage(board, layout, refusals);
}
