/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a definition, as a record. */
#include <json-c/json.h>

#include "base/util.h"
#include "report/view.h"
#include "report/view_definition.h"

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
