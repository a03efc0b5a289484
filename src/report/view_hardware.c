/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a board has to offer, as records: its ports and the pools of its MC. */
#include <json-c/json.h>

#include "base/util.h"
#include "model/dprc.h"
#include "model/netdev.h"
#include "model/object.h"
#include "model/pool.h"
#include "model/port.h"
#include "report/view.h"

const struct column port_columns[] = {
	{ "PORT", "name", COLUMN_TEXT, true, "name of the port's dpmac" },
	{ "PEER", "endpoint", COLUMN_TEXT, true, "object it is connected to" },
	{ "CONTAINER", "container", COLUMN_TEXT, true, "DPRC that object is in" },
	{ "DRIVER", "driver", COLUMN_TEXT, true, "driver that object is bound to" },
	{ "NETDEVS", "netdevs", COLUMN_TEXT, true, "network interfaces of both" },
	{ "LINK", "link", COLUMN_TEXT, true, "state of the connection: up or down" },
	{ "MAC", "mac_address", COLUMN_TEXT, true, "MAC address of the port" },
};
const size_t n_port_columns = ARRAY_SIZE(port_columns);

const struct column pool_columns[] = {
	{ "POOL", "name", COLUMN_TEXT, true, "name of the resource" },
	{ "FREE", "free_count", COLUMN_NUMBER, true, "how many the root DPRC has left" },
	{ "TYPE", "object_type", COLUMN_TEXT, true, "objects that take one each" },
	{ "OBJECTS", "object_count", COLUMN_NUMBER, true, "how many of these there are" },
	{ "HOLDERS", "holders", COLUMN_TEXT, true, "DPRCs they are in" },
};
const size_t n_pool_columns = ARRAY_SIZE(pool_columns);

/* Known to be in none only if it is connected to nothing. */
static void add_peer(struct json_object *record, const struct port *port)
{
	const bool is_none = port->endpoint.knowledge == ENDPOINT_NONE;

	if (port->peer)
		view_add_text(record, "container",
			      port->peer->container
				      ? name_text(&port->peer->container->object->name).text
				      : NULL);
	else if (port->mc_peer)
		view_add_text(record, "container", name_text(&port->mc_peer->container->name).text);
	else if (is_none)
		view_add_text(record, "container", NULL);
	if (port->peer || port->mc_peer || is_none)
		view_add_text(record, "driver", port->peer ? port->peer->driver : NULL);
}

struct json_object *view_port(const struct port *port, const struct strings *netdevs)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", name_text(&port->name).text);
	view_add_endpoint(record, &port->endpoint);
	add_peer(record, port);
	if (netdevs)
		view_add(record, "netdevs", view_texts(netdevs));
	if (port->has_address)
		view_add_address(record, port->address);
	return record;
}

struct json_object *view_pool(const struct pool *pool)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", pool->name);
	if (pool->n_free >= 0)
		view_add_number(record, "free_count", pool->n_free);
	view_add_text(record, "object_type", pool->type);
	if (!pool->type)
		view_add_number(record, "object_count", -1);
	else if (pool->n_objects >= 0)
		view_add_number(record, "object_count", pool->n_objects);
	view_add(record, "holders", view_texts(&pool->holders));
	return record;
}
