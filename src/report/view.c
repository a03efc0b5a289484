/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From nouns to records: DPRCs and objects. */
#include <json-c/json.h>

#include "base/util.h"
#include "model/dprc.h"
#include "model/object.h"
#include "report/view.h"

const struct column dprc_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the DPRC" },
	{ "PARENT", "parent", COLUMN_TEXT, true, "DPRC it is in; the root DPRC has none" },
	{ "DRIVER", "driver", COLUMN_TEXT, true, "driver it is bound to" },
	{ "GROUP", "iommu_group", COLUMN_NUMBER, true, "number of its IOMMU group" },
	{ "OBJECTS", "object_count", COLUMN_NUMBER, true, "objects in it that Linux knows" },
	{ "ROOT", "is_root", COLUMN_TEXT, false, "whether Linux manages the MC through it" },
	{ "OVERRIDE", "driver_override", COLUMN_TEXT, false, "its driver_override" },
};
const size_t n_dprc_columns = ARRAY_SIZE(dprc_columns);

const struct column object_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the object" },
	{ "CONTAINER", "container", COLUMN_TEXT, true, "DPRC it is in; the root DPRC is in none" },
	{ "TYPE", "type", COLUMN_TEXT, false, "its type" },
	{ "ID", "id", COLUMN_NUMBER, false, "its number" },
	{ "DRIVER", "driver", COLUMN_TEXT, true, "driver it is bound to" },
	{ "GROUP", "iommu_group", COLUMN_NUMBER, true, "number of its IOMMU group" },
};
const size_t n_object_columns = ARRAY_SIZE(object_columns);

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

struct json_object *view_text(const char *text)
{
	_cleanup_free_ char *valid = NULL;
	char *end;

	if (!text)
		return json_object_new_string("");
	if (str_is_utf8(text))
		return json_object_new_string(text);
	end = valid = xcalloc(strlen(text) + 1, strlen(REPLACEMENT));
	for (; *text; text++) {
		if (*text & 0x80)
			end = stpcpy(end, REPLACEMENT);
		else
			*end++ = *text;
	}
	return json_object_new_string(valid);
}

static struct json_object *view_name(const struct object *object)
{
	return view_text(object ? name_text(&object->name).text : NULL);
}

static void add_text(struct json_object *record, const char *key, const char *text)
{
	json_object_object_add(record, key, view_text(text));
}

static void add_number(struct json_object *record, const char *key, int64_t number)
{
	json_object_object_add(record, key, json_object_new_int64(number));
}

struct json_object *view_dprc(const struct dprc *dprc, const struct binding *binding)
{
	struct json_object *record = json_object_new_object();

	json_object_object_add(record, "name", view_name(dprc->object));
	json_object_object_add(record, "parent",
			       view_name(dprc->parent ? dprc->parent->object : NULL));
	json_object_object_add(record, "is_root", json_object_new_boolean(dprc->is_root));
	add_text(record, "driver", dprc->object->driver);
	json_object_object_add(record, "driver_override",
			       binding ? view_text(binding->driver_override) : NULL);
	add_number(record, "iommu_group", dprc->object->group);
	add_number(record, "object_count", (int64_t)dprc->n_objects);
	return record;
}

struct json_object *view_object(const struct object *object)
{
	struct json_object *record = json_object_new_object();

	json_object_object_add(record, "name", view_name(object));
	json_object_object_add(record, "container",
			       view_name(object->container ? object->container->object : NULL));
	add_text(record, "type", object->name.type);
	add_number(record, "id", object->name.id);
	add_text(record, "driver", object->driver);
	add_number(record, "iommu_group", object->group);
	return record;
}
