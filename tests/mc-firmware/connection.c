/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections between endpoints and their link state. */
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "irq.h"
#include "model.h"
#include "util.h"

struct connection *connection_find(const struct model *model, const struct object *object,
				   uint16_t interface, struct endpoint **ret_peer)
{
	struct connection *connection;

	TAILQ_FOREACH(connection, &model->connections, next)
	{
		for (int i = 0; i < 2; i++) {
			struct endpoint *end = &connection->ends[i];

			if (end->object != object || end->interface != interface)
				continue;
			if (ret_peer)
				*ret_peer = &connection->ends[!i];
			return connection;
		}
	}
	return NULL;
}

static bool is_of_type(const struct endpoint *end, const char *type)
{
	return strcmp(end->object->type->name, type) == 0;
}

/* One end of each type, in whichever order; ret_first: which end is of the first type. */
static bool is_between(const struct endpoint ends[2], const char *first, const char *second,
		       int *ret_first)
{
	for (int i = 0; i < 2; i++) {
		if (is_of_type(&ends[i], first) && is_of_type(&ends[!i], second)) {
			*ret_first = i;
			return true;
		}
	}
	return false;
}

static void tell_ends(struct model *model, const struct connection *connection, uint32_t event)
{
	for (int i = 0; i < 2; i++)
		if (is_of_type(&connection->ends[i], "dpni"))
			irq_event(model, connection->ends[i].object, 0, event);
}

/* qoriq-mc-binary CHANGELOG.md, 10.37. */
static bool has_wrong_uplink(const struct model *model, struct endpoint a, struct endpoint b)
{
	return model->mc_minor >= 37 && is_of_type(&a, "dpdmux") && a.interface == 0 &&
	       !is_of_type(&b, "dpmac");
}

enum mc_status connection_make(struct model *model, struct endpoint a, struct endpoint b)
{
	struct connection *connection;
	int dpni;

	if (a.interface >= a.object->settings.interfaces ||
	    b.interface >= b.object->settings.interfaces)
		return MC_CONFIG_ERR;
	if (a.object == b.object && a.interface == b.interface)
		return MC_CONFIG_ERR;
	if (connection_find(model, a.object, a.interface, NULL) ||
	    connection_find(model, b.object, b.interface, NULL))
		return MC_INVALID_STATE;
	if (has_wrong_uplink(model, a, b) || has_wrong_uplink(model, b, a))
		return MC_CONFIG_ERR;
	connection = xcalloc(sizeof(*connection));
	connection->ends[0] = a;
	connection->ends[1] = b;
	connection->cable_up = true;
	/* A dpni has the address of its port, until SET_PRIM_MAC gives it one of its own. */
	if (is_between(connection->ends, "dpni", "dpmac", &dpni))
		memcpy(connection->ends[dpni].object->mac, connection->ends[!dpni].object->mac,
		       sizeof(connection->ends[dpni].object->mac));
	TAILQ_INSERT_TAIL(&model->connections, connection, next);
	tell_ends(model, connection, DPNI_EVENT_ENDPOINT_CHANGED);
	return MC_OK;
}

static void cut(struct model *model, struct connection *connection)
{
	TAILQ_REMOVE(&model->connections, connection, next);
	tell_ends(model, connection, DPNI_EVENT_ENDPOINT_CHANGED | DPNI_EVENT_LINK_CHANGED);
	free(connection);
}

enum mc_status connection_break(struct model *model, const struct object *object,
				uint16_t interface)
{
	struct connection *connection = connection_find(model, object, interface, NULL);
	int dpni;

	if (!connection)
		return MC_CONFIG_ERR;
	/* Measured on MC 10.39.0; the status was not. */
	if (is_between(connection->ends, "dpni", "dpdmux", &dpni))
		return MC_INVALID_STATE;
	cut(model, connection);
	return MC_OK;
}

void connection_remove(struct model *model, const struct object *object)
{
	struct connection *connection;

	for (uint16_t i = 0; i < object->settings.interfaces; i++) {
		connection = connection_find(model, object, i, NULL);
		if (connection)
			cut(model, connection);
	}
}

bool connection_is_up(const struct connection *connection)
{
	if (!connection->cable_up)
		return false;
	for (int i = 0; i < 2; i++)
		if (is_of_type(&connection->ends[i], "dpni") &&
		    !connection->ends[i].object->enabled)
			return false;
	return true;
}

void connection_set_cable(struct model *model, struct connection *connection, bool up)
{
	bool was_up = connection_is_up(connection);

	connection->cable_up = up;
	if (connection_is_up(connection) != was_up)
		tell_ends(model, connection, DPNI_EVENT_LINK_CHANGED);
}

void connection_set_enabled(struct model *model, struct object *object, bool enabled)
{
	struct connection *connection = connection_find(model, object, 0, NULL);
	bool was_up = connection && connection_is_up(connection);

	object->enabled = enabled;
	if (connection && connection_is_up(connection) != was_up)
		tell_ends(model, connection, DPNI_EVENT_LINK_CHANGED);
}
