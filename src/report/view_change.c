/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of what bind, unbind, rebind and recover have to say. */
#include <json-c/json.h>

#include "base/util.h"
#include "model/object.h"
#include "report/view.h"
#include "report/view_change.h"
#include "transaction/change.h"
#include "transaction/made.h"
#include "transaction/plan.h"

const struct column write_columns[] = {
	{ "TEXT", "text", COLUMN_TEXT, true, "what is written, without the line break" },
	{ "PATH", "path", COLUMN_TEXT, true, "where to" },
	{ "COMMAND", "command", COLUMN_TEXT, false, "the shell command that does it" },
};
const size_t n_write_columns = ARRAY_SIZE(write_columns);

const struct column change_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the DPRC" },
	{ "DEFINITION", "definition", COLUMN_TEXT, false,
	  "of apply: the definition that it matches" },
	{ "CHANGED", "changed", COLUMN_TEXT, true, "whether it was changed" },
	{ "DRIVER", "driver", COLUMN_TEXT, true, "driver it is bound to now" },
	{ "OVERRIDE", "driver_override", COLUMN_TEXT, false, "its driver_override now" },
	{ "GROUP", "iommu_group", COLUMN_NUMBER, true, "number of its IOMMU group" },
	{ "OWNER", "owner", COLUMN_TEXT, true, "USER:GROUP its group's device node belongs to" },
	{ "OBJECTS", "object_count", COLUMN_NUMBER, true, "objects in it that Linux knows" },
	{ "LOCKED", "locked", COLUMN_TEXT, false, "whether bind or apply locked it in the MC" },
};
const size_t n_change_columns = ARRAY_SIZE(change_columns);

const struct column recovery_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the DPRC" },
	{ "STATE", "state", COLUMN_TEXT, true, "requested, original or abandoned" },
	{ "DRIVER", "driver", COLUMN_TEXT, true, "driver it is bound to now" },
	{ "OVERRIDE", "driver_override", COLUMN_TEXT, false, "its driver_override now" },
	{ "LABEL", "label", COLUMN_TEXT, false, "label, if it was being created or destroyed" },
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

/* The way a shell does it: pasted, it makes that very write.  No shell can send a command to the
 * MC.
 */
static void add_command(struct json_object *record, const struct write *write, const char *path)
{
	_cleanup_free_ char *text = xstrdup(write->text), *command = NULL;

	text[strcspn(text, "\n")] = '\0';
	if (write->kind == WRITE_LOCK) {
		command = xasprintf("# MC: %s", text);
		view_add_text(record, "command", command);
		return;
	}
	command = xasprintf("echo%s%s > %s", *text ? " " : "", text, path);
	view_add_text(record, "command", command);
}

struct json_object *view_write(const struct write *write)
{
	struct json_object *record = json_object_new_object();
	_cleanup_free_ char *path = write_path(write);
	_cleanup_free_ char *text = xstrdup(write->text);

	text[strcspn(text, "\n")] = '\0';
	view_add_text(record, "text", text);
	view_add_text(record, "path", path);
	add_command(record, write, path);
	return record;
}

const char *view_command_text(struct json_object *record)
{
	return json_object_get_string(json_object_object_get(record, "command"));
}

struct json_object *view_gift(const char *owner, unsigned int mode, const char *node)
{
	struct json_object *record = json_object_new_object();
	_cleanup_free_ char *text = xasprintf("owner %s", owner);
	_cleanup_free_ char *command =
		xasprintf("chown %s %s && chmod %o %s", owner, node, mode, node);

	view_add_text(record, "text", text);
	view_add_text(record, "path", node);
	view_add_text(record, "command", command);
	return record;
}

/* What a change does to the lock, after what else it does. */
static const char *lock_text(const struct change *change)
{
	if (change->locked_before == change->locked_after)
		return "";
	return change->locked_after ? ", and lock it in the MC" : ", and unlock it in the MC";
}

char *view_change_text(const struct change *change)
{
	const struct name_text name = name_text(&change->name);

	if (!change_is_needed(change))
		return xasprintf("%s: nothing to do", name.text);
	if (change->rescans)
		return xasprintf("%s: unbind from %s and bind again", name.text,
				 change->after.driver);
	if (!str_same(change->before.driver, change->after.driver))
		return change->after.driver ? xasprintf("%s: bind to %s%s", name.text,
							change->after.driver, lock_text(change))
					    : xasprintf("%s: unbind from %s%s", name.text,
							change->before.driver, lock_text(change));
	if (!str_same(change->before.driver_override, change->after.driver_override))
		return change->after.driver_override
			       ? xasprintf("%s: set driver_override to %s", name.text,
					   change->after.driver_override)
			       : xasprintf("%s: clear driver_override", name.text);
	if (change->locked_before != change->locked_after)
		return xasprintf("%s: %s it in the MC", name.text,
				 change->locked_after ? "lock" : "unlock");
	return xasprintf("%s: change the owner of its device nodes", name.text);
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
	view_add(record, "locked", change->locked_after ? json_object_new_boolean(true) : NULL);
	json_object_object_add(record, "object_count",
			       dprc ? json_object_new_int64((int64_t)dprc->n_objects) : NULL);
	return record;
}

static const char *const states[] = {
	[RECOVERY_REQUESTED] = "requested",
	[RECOVERY_ORIGINAL] = "original",
	[RECOVERY_ABANDONED] = "abandoned",
};

/* What was never made has no name. */
struct json_object *view_recovery_made(const struct made *made, enum recovery_state state)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", *made->name.type ? name_text(&made->name).text : "");
	view_add_text(record, "state", states[state]);
	view_add_text(record, "driver", NULL);
	view_add_text(record, "driver_override", NULL);
	view_add_text(record, "label", made->label);
	return record;
}

struct json_object *view_recovery(const struct change *change, enum recovery_state state)
{
	const struct binding *binding =
		state == RECOVERY_ORIGINAL ? &change->before : &change->after;
	struct json_object *record = record_named(&change->name);

	view_add_text(record, "state", states[state]);
	view_add_text(record, "driver", binding->driver);
	view_add_text(record, "driver_override", binding->driver_override);
	view_add_text(record, "label", NULL);
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
