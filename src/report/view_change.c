/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of what bind, unbind, rebind and recover have to say. */
#include <json-c/json.h>

#include "assign/change.h"
#include "assign/plan.h"
#include "base/util.h"
#include "model/object.h"
#include "report/view.h"
#include "report/view_change.h"

const struct column write_columns[] = {
	{ "TEXT", "text", COLUMN_TEXT, true, "what is written, without the line break" },
	{ "PATH", "path", COLUMN_TEXT, true, "where to" },
};
const size_t n_write_columns = ARRAY_SIZE(write_columns);

const struct column change_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the DPRC" },
	{ "DEFINITION", "definition", COLUMN_TEXT, false, "apply: the definition it is of" },
	{ "CHANGED", "changed", COLUMN_TEXT, true, "whether it was changed" },
	{ "DRIVER", "driver", COLUMN_TEXT, true, "driver it is bound to now" },
	{ "OVERRIDE", "driver_override", COLUMN_TEXT, false, "its driver_override now" },
	{ "GROUP", "iommu_group", COLUMN_NUMBER, true, "number of its IOMMU group" },
	{ "OWNER", "owner", COLUMN_TEXT, true, "USER:GROUP its group's device node belongs to" },
	{ "OBJECTS", "object_count", COLUMN_NUMBER, true, "objects in it that Linux knows" },
};
const size_t n_change_columns = ARRAY_SIZE(change_columns);

const struct column recovery_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the DPRC" },
	{ "STATE", "state", COLUMN_TEXT, true, "requested, original or abandoned" },
	{ "DRIVER", "driver", COLUMN_TEXT, true, "driver it is bound to now" },
	{ "OVERRIDE", "driver_override", COLUMN_TEXT, false, "its driver_override now" },
};
const size_t n_recovery_columns = ARRAY_SIZE(recovery_columns);

const struct column difference_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the object" },
	{ "CONTAINER", "container", COLUMN_TEXT, true, "DPRC it is, or was, in" },
	{ "WHAT", "difference", COLUMN_TEXT, true, "came, went or changed" },
};
const size_t n_difference_columns = ARRAY_SIZE(difference_columns);

static struct json_object *record_named(const struct name *name)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", name_text(name).text);
	return record;
}

struct json_object *view_write(const struct write *write)
{
	struct json_object *record = json_object_new_object();
	_cleanup_free_ char *path = write_path(write);
	_cleanup_free_ char *text = xstrdup(write->text);

	text[strcspn(text, "\n")] = '\0';
	view_add_text(record, "text", text);
	view_add_text(record, "path", path);
	return record;
}

struct json_object *view_gift(const char *owner, const char *node)
{
	struct json_object *record = json_object_new_object();
	_cleanup_free_ char *text = xasprintf("owner %s", owner);

	view_add_text(record, "text", text);
	view_add_text(record, "path", node);
	return record;
}

struct json_object *view_change(const struct change *change, const struct dprc *dprc,
				const char *owner)
{
	struct json_object *record = record_named(&change->name);

	view_add_bool(record, "changed", change_is_needed(change));
	view_add_text(record, "driver", change->after.driver);
	view_add_text(record, "driver_override", change->after.driver_override);
	json_object_object_add(record, "iommu_group",
			       dprc ? json_object_new_int(dprc->object->group) : NULL);
	view_add_text(record, "owner", owner);
	view_add_text(record, "definition", change->definition);
	json_object_object_add(record, "object_count",
			       dprc ? json_object_new_int64((int64_t)dprc->n_objects) : NULL);
	return record;
}

struct json_object *view_recovery(const struct change *change, enum recovery_state state)
{
	static const char *const states[] = {
		[RECOVERY_REQUESTED] = "requested",
		[RECOVERY_ORIGINAL] = "original",
		[RECOVERY_ABANDONED] = "abandoned",
	};
	const struct binding *binding =
		state == RECOVERY_ORIGINAL ? &change->before : &change->after;
	struct json_object *record = record_named(&change->name);

	view_add_text(record, "state", states[state]);
	view_add_text(record, "driver", binding->driver);
	view_add_text(record, "driver_override", binding->driver_override);
	return record;
}

struct json_object *view_difference(const struct name *name, const struct name *container,
				    const char *what)
{
	struct json_object *record = record_named(name);

	view_add_text(record, "container", name_text(container).text);
	view_add_text(record, "difference", what);
	return record;
}
