/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a definition, as a record. */
#include <json-c/json.h>

#include "base/util.h"
#include "report/view.h"
#include "report/view_definition.h"
#include "rules/needs.h"
#include "settings/definition.h"

const struct column definition_columns[] = {
	{ "DEFINITION", "definition", COLUMN_TEXT, true, "name of the definition" },
	{ "CHANGED", "changed", COLUMN_TEXT, true, "whether it was written or removed" },
	{ "FILE", "file", COLUMN_TEXT, true, "where it is, or was" },
};
const size_t n_definition_columns = ARRAY_SIZE(definition_columns);

struct json_object *view_definition(const char *name, const char *path, bool changed)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "definition", name);
	view_add_bool(record, "changed", changed);
	view_add_text(record, "file", path);
	return record;
}

const struct column setting_columns[] = {
	{ "SETTING", "setting", COLUMN_TEXT, true, "member of the definition" },
	{ "BEFORE", "before", COLUMN_TEXT, true, "what it was" },
	{ "AFTER", "after", COLUMN_TEXT, true, "what it is" },
};
const size_t n_setting_columns = ARRAY_SIZE(setting_columns);

static const char *const setting_keys[] = { "label",  "name",	 "unsafe_by_name", "contents",
					    "owner",  "profile", "lcores",	   "layout",
					    "strict", "lock",	 "allow" };
const size_t n_setting_keys = ARRAY_SIZE(setting_keys);

static const char *text_of(struct json_object *value)
{
	if (!value)
		return "";
	return json_object_is_type(value, json_type_string)
		       ? json_object_get_string(value)
		       : json_object_to_json_string_ext(value, JSON_C_TO_STRING_SPACED);
}

struct json_object *view_setting(size_t key, struct json_object *old, struct json_object *new)
{
	struct json_object *before = json_object_object_get(old, setting_keys[key]);
	struct json_object *after = json_object_object_get(new, setting_keys[key]);
	struct json_object *record;

	if (json_object_equal(before, after))
		return NULL;
	record = json_object_new_object();
	view_add_text(record, "setting", setting_keys[key]);
	view_add_text(record, "before", text_of(before));
	view_add_text(record, "after", text_of(after));
	return record;
}

const struct column status_columns[] = {
	{ "DEFINITION", "definition", COLUMN_TEXT, true, "name of the definition" },
	{ "STATE", "state", COLUMN_TEXT, true, "as-defined, or what is different" },
	{ "DPRC", "name", COLUMN_TEXT, true, "the DPRC it is about" },
	{ "LABEL", "label", COLUMN_TEXT, true, "by which it knows its DPRC" },
	{ "DRIVER", "driver", COLUMN_TEXT, true, "driver of the DPRC" },
	{ "OWNER", "owner", COLUMN_TEXT, true, "USER:GROUP its group's device node belongs to" },
	{ "PROGRAM", "profile", COLUMN_TEXT, true, "what it has to be enough for" },
};
const size_t n_status_columns = ARRAY_SIZE(status_columns);

struct json_object *view_status(const char *name, const struct definition *definition,
				const struct status_texts *found)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "definition", name);
	view_add_text(record, "state", found->state ? found->state : "as-defined");
	view_add_text(record, "name", found->dprc);
	view_add_text(record, "label", definition ? definition->label : NULL);
	view_add_text(record, "driver", found->driver);
	view_add_text(record, "owner", found->owner);
	view_add_text(record, "profile",
		      definition ? consumer_name(definition->workload.consumer) : NULL);
	return record;
}

const struct column drift_columns[] = {
	{ "DEFINITION", "definition", COLUMN_TEXT, true, "name of the definition" },
	{ "KIND", "kind", COLUMN_TEXT, true, "what is different" },
	{ "DIFFERENCE", "difference", COLUMN_TEXT, true, "in words" },
	{ "REMEDY", "remedy", COLUMN_TEXT, true, "what can be done about it" },
};
const size_t n_drift_columns = ARRAY_SIZE(drift_columns);

struct json_object *view_drift(const char *definition, const char *kind, const char *text,
			       const char *remedy)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "definition", definition);
	view_add_text(record, "kind", kind);
	view_add_text(record, "difference", text);
	view_add_text(record, "remedy", remedy);
	return record;
}
