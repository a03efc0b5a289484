/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A DPRC as a record. */
#include <json-c/json.h>

#include "base/util.h"
#include "model/dprc.h"
#include "model/dprc_option.h"
#include "model/mc_inventory.h"
#include "model/node.h"
#include "model/object.h"
#include "model/vfio_use.h"
#include "report/view.h"

const struct column dprc_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the DPRC" },
	{ "PARENT", "parent", COLUMN_TEXT, true, "DPRC it is in; the root DPRC has none" },
	{ "DRIVER", "driver", COLUMN_TEXT, true, "driver it is bound to" },
	{ "GROUP", "iommu_group", COLUMN_NUMBER, true, "number of its IOMMU group" },
	{ "OBJECTS", "object_count", COLUMN_NUMBER, true,
	  "objects in it; N of M: Linux has N of the M that the MC has", 0, "objects" },
	{ "ROOT", "is_root", COLUMN_TEXT, false, "whether Linux manages the MC through it" },
	{ "OVERRIDE", "driver_override", COLUMN_TEXT, false, "its driver_override",
	  NEEDS_OVERRIDE },
	{ "ICID", "icid", COLUMN_NUMBER, false, "isolation context ID its DMA carries", NEEDS_MC },
	{ "OPTIONS", "options", COLUMN_TEXT, false, "what software in it may do", NEEDS_MC },
	{ "PORTAL", "portal_id", COLUMN_NUMBER, false, "number of its MC portal", NEEDS_MC },
	{ "LABEL", "label", COLUMN_TEXT, false, "its label", NEEDS_MC },
	{ "PLUGGED", "is_plugged", COLUMN_TEXT, false, "whether Linux may bind it by itself",
	  NEEDS_MC },
	{ "OPEN", "is_open", COLUMN_TEXT, false, "whether some software has it open in the MC",
	  NEEDS_MC },
	{ "MCOBJECTS", "mc_object_count", COLUMN_NUMBER, false, "objects in it according to the MC",
	  NEEDS_MC },
	{ "LOCKED", "locked", COLUMN_TEXT, false,
	  "yes: bind or apply locked it, or a DPRC around it; else ?" },
	{ "HOLDERS", "holder_pids", COLUMN_NUMBER, false, "processes that use it through VFIO",
	  NEEDS_HOLDERS },
	{ "COMMAND", "holder_commands", COLUMN_TEXT, false, "commands of these processes",
	  NEEDS_HOLDERS },
	{ "NODE", "node", COLUMN_TEXT, false, "device node by which VFIO gives it", NEEDS_NODE },
	{ "OWNER", "owner", COLUMN_TEXT, false, "user and group of that node", NEEDS_NODE },
};
const size_t n_dprc_columns = ARRAY_SIZE(dprc_columns);

/* Bits that no document names are shown as a number: they may matter. */
struct json_object *view_options(uint32_t bits)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < n_dprc_options; i++) {
		if (!(bits & dprc_options[i].bit))
			continue;
		json_object_array_add(array, json_object_new_string(dprc_options[i].name));
		bits &= ~dprc_options[i].bit;
	}
	if (bits) {
		_cleanup_free_ char *number = xasprintf("0x%x", bits);

		json_object_array_add(array, json_object_new_string(number));
	}
	return array;
}

/* "0 of 126"; what the MC has is said where it is not what Linux has, or where Linux did not look.
 */
static void add_objects(struct json_object *record, const struct dprc *dprc)
{
	const bool is_known = dprc->mc && !dprc->mc->error && dprc->mc->is_complete;
	_cleanup_free_ char *text = NULL;

	if (is_known && dprc->mc->n_objects != dprc->n_objects)
		text = xasprintf("%zu of %zu", dprc->n_objects, dprc->mc->n_objects);
	else if (!is_known && dprc_is_unscanned(dprc))
		text = xstrdup("0 of ?");
	else
		text = xasprintf("%zu", dprc->n_objects);
	view_add_text(record, "objects", text);
}

static void add_attributes(struct json_object *record, const struct mc_container *mc)
{
	const bool is_known = mc && !mc->error;

	view_add(record, "icid", is_known ? json_object_new_int64(mc->icid) : NULL);
	view_add(record, "options", is_known ? view_options(mc->options) : NULL);
	view_add(record, "portal_id", is_known ? json_object_new_int64(mc->portal_id) : NULL);
	view_add(record, "mc_object_count",
		 is_known && mc->is_complete ? json_object_new_int64((int64_t)mc->n_objects)
					     : NULL);
}

/* What the DPRC above says of it.  There is none above the root DPRC to ask. */
static void add_descriptor(struct json_object *record, const struct mc_object *mc)
{
	view_add(record, "label", mc ? view_text(mc->label) : NULL);
	view_add(record, "is_plugged",
		 mc ? json_object_new_boolean(mc->state & MC_OBJ_PLUGGED) : NULL);
	view_add(record, "is_open", mc ? json_object_new_boolean(mc->state & MC_OBJ_OPEN) : NULL);
}

static struct json_object *view_pid(const struct holder *holder)
{
	return json_object_new_int(holder->pid);
}

static struct json_object *view_command(const struct holder *holder)
{
	return view_text(holder->command);
}

/* Processes with more than one of its files count once; they are in order of their numbers. */
static struct json_object *view_holders(const struct holders *holders,
					struct json_object *(*view)(const struct holder *holder))
{
	struct json_object *array = json_object_new_array();
	pid_t last = 0;

	for (size_t i = 0; i < holders->n_holders; i++) {
		const struct holder *holder = &holders->holders[i];

		if (!holder->is_sure || holder->pid == last)
			continue;
		last = holder->pid;
		json_object_array_add(array, view(holder));
	}
	return array;
}

struct json_object *view_dprc(const struct dprc *dprc, const struct binding *binding,
			      bool is_locked, const struct holders *holders,
			      const struct node *node)
{
	const bool are_known = holders && vfio_is_used(holders) >= 0;
	struct json_object *record = json_object_new_object();

	view_add(record, "name", view_name(dprc->object));
	view_add(record, "parent", view_name(dprc->parent ? dprc->parent->object : NULL));
	view_add_bool(record, "is_root", dprc->is_root);
	view_add_text(record, "driver", dprc->object->driver);
	view_add(record, "driver_override", binding ? view_text(binding->driver_override) : NULL);
	view_add_number(record, "iommu_group", dprc->object->group);
	view_add_number(record, "object_count", (int64_t)dprc->n_objects);
	add_objects(record, dprc);
	add_attributes(record, dprc->mc);
	add_descriptor(record, dprc->object->mc);
	/* The MC cannot be queried. */
	view_add(record, "locked", is_locked ? json_object_new_boolean(true) : NULL);
	view_add(record, "holder_pids", are_known ? view_holders(holders, view_pid) : NULL);
	view_add(record, "holder_commands", are_known ? view_holders(holders, view_command) : NULL);
	view_add(record, "node", node ? view_text(node->path) : NULL);
	view_add(record, "owner", node ? view_text(node->owner) : NULL);
	return record;
}
