/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>

#include "base/util.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "report/view.h"
#include "verbs/list.h"

/* The lines before a name, and before those of what is inside of it. */
struct branch {
	char *own, *below;
};

/* Nothing else goes by the locale: a Turkish one, say, has "i" and "I" for different letters. */
static bool terminal_is_utf8(void)
{
	static int is_utf8 = -1;
	locale_t locale;

	if (is_utf8 >= 0)
		return is_utf8;
	locale = newlocale(LC_CTYPE_MASK, "", NULL);
	is_utf8 = locale && streq(nl_langinfo_l(CODESET, locale), "UTF-8");
	if (locale)
		freelocale(locale);
	return is_utf8;
}

static struct branch branch_make(const char *below, bool is_last)
{
	const bool is_utf8 = terminal_is_utf8();

	return (struct branch){
		.own = xasprintf("%s%s", below,
				 is_utf8   ? is_last ? "└─" : "├─"
				 : is_last ? "`-"
					   : "|-"),
		.below = xasprintf("%s%s", below,
				   is_last   ? "  "
				   : is_utf8 ? "│ "
					     : "| "),
	};
}

static void branch_done(struct branch *branch)
{
	free(branch->own);
	free(branch->below);
}

static const struct object *next_child(const struct list *list, const struct dprc *dprc,
				       const struct object *last)
{
	const struct object *end = list->bus->objects + list->bus->n_objects;

	for (last = last ? last + 1 : list->bus->objects; last < end; last++)
		if (last->container == dprc && (list->objects || name_is_dprc(&last->name)))
			return last;
	return NULL;
}

/* Of what only the MC has; there is none in a tree of DPRCs. */
static const struct mc_object *next_mc_child(const struct list *list, const struct mc_container *mc,
					     const struct mc_object *last)
{
	if (!list->objects || !mc)
		return NULL;
	for (last = last ? last + 1 : mc->objects; last < mc->objects + mc->n_objects; last++)
		if (!bus_find(list->bus, &last->name))
			return last;
	return NULL;
}

static void show_mc_children(const struct list *list, const struct mc_container *mc,
			     const char *below)
{
	const struct mc_object *child = next_mc_child(list, mc, NULL), *next;

	for (; child; child = next) {
		_cleanup_(branch_done) struct branch branch = { 0 };

		next = next_mc_child(list, mc, child);
		branch = branch_make(below, !next);
		render_record(list->render, branch.own, view_mc_object(child));
		if (name_is_dprc(&child->name))
			show_mc_children(list, mc_inventory_find(list->bus->mc, &child->name),
					 branch.below);
	}
}

/* own: the lines before this DPRC's name; below: those before its children's. */
static void show_branch(const struct list *list, const struct dprc *dprc, const char *own,
			const char *below)
{
	const struct object *child = next_child(list, dprc, NULL), *next;

	if (list->objects)
		list_show_object(list, own, dprc->object);
	else
		list_show_dprc(list, own, dprc);
	for (; child; child = next) {
		_cleanup_(branch_done) struct branch branch = { 0 };
		const struct dprc *inner = bus_find_dprc(list->bus, &child->name);

		next = next_child(list, dprc, child);
		branch = branch_make(below, !next && !next_mc_child(list, dprc->mc, NULL));
		if (inner)
			show_branch(list, inner, branch.own, branch.below);
		else
			list_show_object(list, branch.own, child);
	}
	show_mc_children(list, dprc->mc, below);
}

void list_tree(const struct list *list)
{
	render_list(list->render, list->objects ? "objects" : "dprcs",
		    list->objects ? &list->selection : &list->dprcs);
	render_none(list->render, "no DPRC on the fsl-mc bus");
	for (size_t i = 0; i < list->bus->n_dprcs; i++) {
		const struct dprc *dprc = &list->bus->dprcs[i];

		if (list->names.n_texts ? list_wants(list, dprc) : !dprc->parent)
			show_branch(list, dprc, "", "");
	}
}
