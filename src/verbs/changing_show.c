/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verbs/changing_show.h"

#include <json-c/json.h>

#include "base/util.h"
#include "layout/layout.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/vfio_nodes.h"
#include "report/view_change.h"
#include "report/view_layout.h"
#include "transaction/plan.h"
#include "verbs/changing.h"
#include "verbs/facts.h"

static char *owner_text(const struct devnode_owner *owner)
{
	return account_text(&(struct account){ owner->uid, owner->gid });
}

static void show_line(struct render *render, const struct changing *changing,
		      struct json_object *record)
{
	if (table_is_for_scripts(&changing->table)) {
		render_record(render, NULL, record);
		return;
	}
	render_line(render, 2, 2, view_command_text(record));
	json_object_put(record);
}

static void show_gift(struct render *render, const struct changing *changing,
		      const struct change *change, const struct vfio_node *node)
{
	const struct name *object = &node->object->name;
	const struct devnode_owner *owner;
	_cleanup_free_ char *text = NULL;

	if (!ownership_gives(change, object, node->is_group))
		return;
	owner = ownership_of(&change->owner_after, object, node->is_group);
	text = owner_text(owner);
	show_line(render, changing, view_gift(text, owner->mode, node->path));
}

static void show_gifts(struct render *render, const struct changing *changing,
		       const struct transaction *transaction, const struct bus *bus)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];
		const struct dprc *dprc = bus_find_dprc(bus, &change->name);
		_cleanup_vfio_nodes_ struct vfio_nodes nodes = { 0 };

		if (dprc)
			vfio_nodes_load(bus, dprc, &nodes);
		for (size_t n = 0; n < nodes.n_nodes; n++)
			show_gift(render, changing, change, &nodes.nodes[n]);
	}
}

/* For people: what would become of each, and the commands that do it by hand. */
static void show_sentences(struct render *render, const struct changing *changing,
			   const struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		_cleanup_free_ char *text = view_change_text(&transaction->changes[i]);

		render_line(render, 0, 2, text);
	}
	for (size_t i = 0; i < changing->n_layouts; i++) {
		_cleanup_free_ char *made = view_layout_text(&changing->layouts[i]);
		_cleanup_free_ char *text = xasprintf(
			"%s; it would be created with %zu objects, and bound to " VFIO_DRIVER, made,
			changing->layouts[i].n_objects);

		render_line(render, 0, 2, text);
	}
}

static struct json_object *layouts_json(const struct changing *changing)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < changing->n_layouts; i++)
		json_object_array_add(json, view_layout(&changing->layouts[i]));
	return json;
}

int changing_show_plan(const struct changing *changing, const struct transaction *transaction,
		       const struct bus *bus)
{
	_cleanup_(plan_done) struct plan plan = { 0 };
	struct render *render;
	int r = transaction_is_needed(transaction) ? transaction_plan(transaction, &plan) : 0;

	if (r < 0)
		return r;
	render = render_begin(&changing->common->style);
	render_member(render, "dry_run", json_object_new_boolean(true));
	if (changing->n_layouts)
		render_member(render, "layouts", layouts_json(changing));
	if (table_is_for_scripts(&changing->table))
		render_list(render, "writes", &changing->selection);
	else
		show_sentences(render, changing, transaction);
	for (size_t i = 0; i < plan.n_writes; i++)
		show_line(render, changing, view_write(&plan.writes[i]));
	show_gifts(render, changing, transaction, bus);
	return render_end(render, 0);
}

/* By name and MC state: what came, what went, what was plugged, unplugged, opened or closed. */
static const char *difference(const struct object *before, const struct object *after)
{
	if (!before || !after)
		return before ? "went" : "came";
	if (before->mc && after->mc && before->mc->state != after->mc->state)
		return "changed";
	return NULL;
}

static void show_missing_from(struct render *render, const struct transaction *transaction,
			      const struct bus *here, const struct bus *there, bool here_is_before)
{
	for (size_t i = 0; i < here->n_objects; i++) {
		const struct object *object = &here->objects[i], *other;
		const char *what;

		if (!object->container ||
		    !transaction_has(transaction, &object->container->object->name))
			continue;
		other = bus_find(there, &object->name);
		if (other && (!other->container || !name_equal(&other->container->object->name,
							       &object->container->object->name)))
			other = NULL;
		/* What is on both sides is compared once. */
		if (other && !here_is_before)
			continue;
		what = here_is_before ? difference(object, other) : difference(other, object);
		if (what)
			render_record(render, NULL,
				      view_difference(&object->name,
						      &object->container->object->name, what));
	}
}

/* The selection has to live as long as the list: until render_end(). */
static void show_differences(struct render *render, const struct transaction *transaction,
			     const struct bus *before, const struct bus *after,
			     struct selection *selection)
{
	command_select(difference_columns, n_difference_columns, NULL, selection);
	render_list(render, "differences", selection);
	render_none(render, "no object came, went or changed");
	show_missing_from(render, transaction, before, after, true);
	show_missing_from(render, transaction, after, before, false);
}

static void show_change(struct render *render, const struct bus *bus, const struct change *change)
{
	const struct dprc *dprc = bus_find_dprc(bus, &change->name);
	_cleanup_ownership_ struct ownership ownership = { 0 };
	_cleanup_free_ char *owner = NULL;

	if (dprc)
		ownership_take(bus, dprc, &ownership);
	if (ownership.n_nodes && ownership.nodes[0].is_known)
		owner = owner_text(&ownership.nodes[0].owner);
	render_record(render, NULL, view_change(change, dprc, owner));
}

struct render *changing_show_result(const struct changing *changing,
				    const struct changing_verb *verb,
				    struct transaction *transaction, const struct bus *before,
				    struct selection *differences)
{
	const struct bus *after = transaction->after ? transaction->after : before;
	struct render *render;

	if (verb->shows_differences && transaction->after)
		facts_load_mc_over(transaction->after, MC_OBJECTS, &transaction->mc);
	render = render_begin(&changing->common->style);
	render_member(render, "changed",
		      json_object_new_boolean(transaction_is_needed(transaction)));
	render_list(render, "dprcs", &changing->selection);
	for (size_t i = 0; i < transaction->n_changes; i++)
		show_change(render, after, &transaction->changes[i]);
	if (verb->shows_differences)
		show_differences(render, transaction, before, after, differences);
	return render;
}
