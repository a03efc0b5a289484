/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of what a container is to be made of. */
#include <json-c/json.h>

#include "base/listing.h"
#include "base/util.h"
#include "layout/layout_make.h"
#include "model/dprc_option.h"
#include "report/view.h"
#include "report/view_layout.h"

const struct column layout_object_columns[] = {
	{ "TYPE", "type", COLUMN_TEXT, true, "type of the objects" },
	{ "COUNT", "count", COLUMN_NUMBER, true, "how many are made" },
	{ "REASON", "reason", COLUMN_TEXT, true, "why so many" },
	{ "CONTAINER", "container", COLUMN_TEXT, false,
	  "DPRC they are made in, if not in the new one" },
};
const size_t n_layout_object_columns = ARRAY_SIZE(layout_object_columns);

const struct column layout_connection_columns[] = {
	{ "DPNI", "dpni", COLUMN_NUMBER, true, "the DPNI, counted as they are made" },
	{ "PEER", "peer", COLUMN_TEXT, true, "what it is connected to" },
	{ "CUTS", "cuts", COLUMN_TEXT, true, "object that is connected to that now" },
	{ "MAC", "mac_address", COLUMN_TEXT, true, "MAC address that it is given" },
};
const size_t n_layout_connection_columns = ARRAY_SIZE(layout_connection_columns);

const struct column layout_pool_columns[] = {
	{ "POOL", "name", COLUMN_TEXT, true, "name of the resource" },
	{ "FREE", "free_count", COLUMN_NUMBER, true, "how many the root DPRC has now" },
	{ "TAKES", "taken_count", COLUMN_NUMBER, true, "how many the new DPRC takes" },
	{ "LEFT", "left_count", COLUMN_NUMBER, true, "how many are left then" },
};
const size_t n_layout_pool_columns = ARRAY_SIZE(layout_pool_columns);

struct json_object *view_layout(const struct layout *layout)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "label", layout->label);
	view_add_text(record, "parent", name_text(&layout->parent).text);
	view_add(record, "options", view_options(layout->options));
	return record;
}

static char *options_text(uint32_t options)
{
	struct listing names = { 0 };

	for (size_t i = 0; i < n_dprc_options; i++)
		if (options & dprc_options[i].bit)
			listing_add(&names, dprc_options[i].name);
	return names.text ? names.text : xstrdup("none");
}

char *view_layout_text(const struct layout *layout)
{
	_cleanup_free_ char *options = options_text(layout->options);

	return xasprintf("%s: a DPRC in %s; options: %s", layout->label,
			 name_text(&layout->parent).text, options);
}

struct json_object *view_layout_objects(const struct layout *layout, size_t *first)
{
	const struct layout_object *object = &layout->objects[*first];
	struct json_object *record = json_object_new_object();
	size_t n = 0;

	while (*first + n < layout->n_objects && streq(object[n].type, object->type) &&
	       object[n].in_parent == object->in_parent && streq(object[n].reason, object->reason))
		n++;
	*first += n;
	view_add_text(record, "type", object->type);
	view_add_number(record, "count", (int64_t)n);
	view_add_text(record, "reason", object->reason);
	view_add_text(record, "container",
		      object->in_parent ? name_text(&layout->parent).text : NULL);
	return record;
}

/* Its place among the DPNIs, from 1 on. */
static size_t number_of(const struct layout *layout, size_t object)
{
	size_t n = 0;

	for (size_t i = 0; i <= object; i++)
		n += streq(layout->objects[i].type, "dpni");
	return n;
}

static void add_peer(struct json_object *record, const struct layout *layout,
		     const struct layout_connection *connection)
{
	_cleanup_free_ char *peer = NULL, *cut = NULL;

	if (connection && connection->peer == PEER_DPMAC)
		peer = xasprintf("dpmac.%u", connection->dpmac);
	else if (connection)
		peer = xasprintf("DPNI %zu%s%s", number_of(layout, connection->other),
				 layout->objects[connection->other].in_parent ? ", in " : "",
				 layout->objects[connection->other].in_parent
					 ? name_text(&layout->parent).text
					 : "");
	if (connection && connection->cuts)
		cut = xasprintf("%s.%u", connection->cut_off.type, connection->cut_off.id);
	view_add_text(record, "peer", peer);
	view_add_text(record, "cuts", cut);
}

struct json_object *view_layout_connection(const struct layout *layout, size_t object)
{
	const struct layout_connection *connection = NULL;
	const struct layout_address *address = NULL;
	struct json_object *record;

	for (size_t i = 0; i < layout->n_connections; i++)
		if (layout->connections[i].object == object)
			connection = &layout->connections[i];
	for (size_t i = 0; i < layout->n_addresses; i++)
		if (layout->addresses[i].object == object)
			address = &layout->addresses[i];
	if (!connection && !address)
		return NULL;
	record = json_object_new_object();
	view_add_number(record, "dpni", (int64_t)number_of(layout, object));
	add_peer(record, layout, connection);
	if (address)
		view_add_address(record, address->bytes);
	else
		view_add_text(record, "mac_address", NULL);
	return record;
}

struct json_object *view_layout_pool(const struct layout *layout, const struct pool *pool)
{
	const int64_t n = (int64_t)layout_takes(layout, pool);
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", pool->name);
	if (pool->n_free >= 0)
		view_add_number(record, "free_count", pool->n_free);
	if (pool->type)
		view_add_number(record, "taken_count", n);
	if (pool->type && pool->n_free >= n)
		view_add_number(record, "left_count", pool->n_free - n);
	return record;
}
