/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An export as a record. */
#include <json-c/json.h>

#include "base/util.h"
#include "model/name.h"
#include "report/view.h"
#include "report/view_export.h"

const struct column export_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the DPRC" },
	{ "FOR", "consumer", COLUMN_TEXT, true, "whom the text is for" },
	{ "TEXT", "text", COLUMN_TEXT, true, "the lines or the file" },
};
const size_t n_export_columns = ARRAY_SIZE(export_columns);

struct json_object *view_export(const struct name *dprc, const char *consumer, const char *text)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", name_text(dprc).text);
	view_add_text(record, "consumer", consumer);
	view_add_text(record, "text", text);
	return record;
}
