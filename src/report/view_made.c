/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of what create made, and of what destroy would do and did. */
#include "report/view_made.h"
#include <json-c/json.h>

#include "base/util.h"
#include "report/view.h"
#include "transaction/destruction.h"

const struct column destroy_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name it had" },
	{ "LABEL", "label", COLUMN_TEXT, true, "label it had" },
	{ "OBJECTS", "object_count", COLUMN_NUMBER, true, "objects destroyed with it" },
	{ "ORPHANS", "orphans", COLUMN_TEXT, true, "objects that went to its parent" },
	{ "RECONNECTED", "reconnected", COLUMN_TEXT, false, "ports connected as before create" },
};
const size_t n_destroy_columns = ARRAY_SIZE(destroy_columns);

const struct column step_columns[] = {
	{ "STEP", "step", COLUMN_TEXT, true, "disconnect, destroy or connect" },
	{ "OBJECT", "object", COLUMN_TEXT, true, "object that it is about" },
	{ "PEER", "peer", COLUMN_TEXT, true, "other end of the connection" },
};
const size_t n_step_columns = ARRAY_SIZE(step_columns);

static struct json_object *names_json(const struct names_list *list)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < list->n_names; i++)
		json_object_array_add(json, view_text(name_text(&list->names[i]).text));
	return json;
}

const struct column created_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the new DPRC" },
	{ "LABEL", "label", COLUMN_TEXT, true, "its label" },
	{ "OBJECTS", "object_count", COLUMN_NUMBER, true, "objects in it" },
	{ "CONTENTS", "objects", COLUMN_TEXT, false, "names of the objects in it" },
	{ "HOST", "host_objects", COLUMN_TEXT, false, "objects made in the root DPRC" },
	{ "ICID", "icid", COLUMN_NUMBER, false, "its ICID" },
};
const size_t n_created_columns = ARRAY_SIZE(created_columns);

struct json_object *view_created(const struct made *made)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", name_text(&made->name).text);
	view_add_text(record, "label", made->label);
	view_add_number(record, "object_count", (int64_t)made->objects.n_names);
	view_add(record, "objects", names_json(&made->objects));
	view_add(record, "host_objects", names_json(&made->host_objects));
	view_add_number(record, "icid", made->icid);
	return record;
}

struct json_object *view_destroyed(const struct doomed *doomed)
{
	const struct made *made = &doomed->made;
	struct json_object *record = json_object_new_object(), *ports = json_object_new_array();
	const size_t n = made->objects.n_names - doomed->orphans.n_names;

	view_add_text(record, "name", name_text(&made->name).text);
	view_add_text(record, "label", doomed->label);
	view_add_number(record, "object_count", (int64_t)(n + made->host_objects.n_names));
	view_add(record, "orphans", names_json(&doomed->orphans));
	for (size_t i = 0; i < made->n_cuts; i++) {
		_cleanup_free_ char *port = made_end_text(&made->cuts[i].port);

		json_object_array_add(ports, view_text(port));
	}
	view_add(record, "reconnected", ports);
	return record;
}

struct json_object *view_step(const char *step, const char *object, const char *peer)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "step", step);
	view_add_text(record, "object", object);
	view_add_text(record, "peer", peer);
	return record;
}

static const char *text_of(struct json_object *record, const char *key)
{
	return json_object_get_string(json_object_object_get(record, key));
}

char *view_step_text(struct json_object *record)
{
	static const struct {
		const char *step, *joined_by;
	} joints[] = {
		{ "disconnect", "from" },
		{ "connect", "to" },
	};
	const char *step = text_of(record, "step");

	for (size_t i = 0; i < ARRAY_SIZE(joints); i++)
		if (streq(joints[i].step, step))
			return xasprintf("%s %s %s %s", step, text_of(record, "object"),
					 joints[i].joined_by, text_of(record, "peer"));
	return xasprintf("%s %s", step, text_of(record, "object"));
}
