/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which DPRC a definition is about. */
#include <errno.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/listing.h"
#include "base/log.h"
#include "base/util.h"
#include "layout/layout_match.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/mc_unseen.h"
#include "settings/definition.h"
#include "settings/directory.h"

static known_bool contains_the_same(const struct definition *definition, const struct bus *bus,
				    const struct dprc *dprc)
{
	_cleanup_contents_ struct contents contents = { 0 };
	int r = contents_load(bus, dprc, &contents);

	return r < 0 ? r : contents_equal(&contents, &definition->contents);
}

/* By what the definition says, in the order in which one can tell. */
known_bool definition_is_about(const struct definition *definition, const struct bus *bus,
			       const struct dprc *dprc)
{
	if (definition->is_by_name)
		return name_equal(&definition->dprc, &dprc->object->name);
	if (dprc->is_root || dprc_is_gone(dprc))
		return false;
	if (!definition->label)
		return contains_the_same(definition, bus, dprc);
	return dprc->object->mc ? streq(dprc->object->mc->label, definition->label) : -ENODATA;
}

char *definition_describe(const struct definition *definition)
{
	if (definition->is_by_name)
		return xasprintf("named %s", name_text(&definition->dprc).text);
	if (definition->label)
		return xasprintf("with the label '%s'", definition->label);
	return xstrdup("with exactly these contents");
}

char *definition_difference(const struct definition *definition, const struct bus *bus,
			    const struct dprc *dprc)
{
	_cleanup_contents_ struct contents found = { 0 };

	if (definition->has_layout)
		return layout_difference(&definition->layout, dprc->mc);
	if (contents_load(bus, dprc, &found) < 0)
		return NULL;
	return contents_difference(&found, &definition->contents);
}

int definition_check_contents(const struct definition *definition, const struct bus *bus,
			      const struct dprc *dprc)
{
	const struct name_text name = name_text(&dprc->object->name);
	_cleanup_free_ char *difference = definition_difference(definition, bus, dprc);

	if (!difference)
		return fail(-ERROR_REFUSED, name.text,
			    "what it contains is not known, so it cannot be compared with the "
			    "definition '%s'",
			    definition->name);
	if (!*difference)
		return 0;
	return fail(-ERROR_REFUSED, name.text,
		    "it does not match the definition '%s': %s; if that is intended, "
		    "change " SETTINGS_PATH "/%s.json",
		    definition->name, difference, definition->name);
}

const struct mc_object *definition_find_unseen(const struct definition *definition,
					       const struct bus *bus)
{
	const struct mc_object *unseen;

	for (size_t i = 0; (unseen = mc_unseen_dprc(bus, i)); i++)
		if (definition->is_by_name ? name_equal(&unseen->name, &definition->dprc)
					   : str_same(unseen->label, definition->label))
			return unseen;
	return NULL;
}

static int fail_not_found(const struct definition *definition, const struct bus *bus,
			  const char *meant)
{
	const struct mc_object *unseen = definition_find_unseen(definition, bus);

	if (unseen)
		return fail(-ERROR_NOT_FOUND, name_text(&unseen->name).text,
			    "definition '%s': the MC has it, but Linux was not told; "
			    "echo 1 > /sys/bus/fsl-mc/rescan",
			    definition->name);
	return fail(-ERROR_NOT_FOUND, NULL,
		    "definition '%s': no DPRC %s; 'fslmc-vfio status %s' shows those there are",
		    definition->name, meant, definition->name);
}

void definition_match(const struct definition *definition, const struct bus *bus,
		      struct definition_match *ret_match)
{
	const struct mc_object *unseen = definition_find_unseen(definition, bus);

	for (size_t i = 0; i < bus->n_dprcs; i++) {
		struct dprc *dprc = &bus->dprcs[i];
		const known_bool is_about = definition_is_about(definition, bus, dprc);

		if (is_about)
			listing_add(is_about > 0 ? &ret_match->found : &ret_match->unknown,
				    name_text(&dprc->object->name).text);
		if (is_about > 0)
			ret_match->dprc = dprc;
	}
	/* Of two that have its label Linux may have been told of one. */
	if (ret_match->found.n && unseen)
		listing_add(&ret_match->found, name_text(&unseen->name).text);
}

void definition_match_done(struct definition_match *match)
{
	free(match->found.text);
	free(match->unknown.text);
}

known_bool definition_makes(const struct definition *definition, const struct bus *bus)
{
	_cleanup_(definition_match_done) struct definition_match match = { 0 };

	if (!definition->has_layout || definition_find_unseen(definition, bus))
		return false;
	definition_match(definition, bus, &match);
	if (match.found.n)
		return false;
	return match.unknown.n ? -ENODATA : true;
}

/* Speaks of what stands against there being exactly one. */
static int check_found(const struct definition *definition, const struct bus *bus,
		       const struct listing *found, const struct listing *unknown)
{
	_cleanup_free_ char *meant = definition_describe(definition);

	if (unknown->n)
		return fail(
			-ERROR_REFUSED, NULL,
			"definition '%s': cannot tell whether it matches %s: no answer from the MC",
			definition->name, unknown->text);
	if (!found->n)
		return fail_not_found(definition, bus, meant);
	if (found->n > 1)
		return fail(-ERROR_REFUSED, NULL,
			    "definition '%s': more than one DPRC %s: %s; give each a label of its "
			    "own",
			    definition->name, meant, found->text);
	return 0;
}

int definition_find_dprc(const struct definition *definition, const struct bus *bus,
			 struct dprc **ret_dprc)
{
	_cleanup_(definition_match_done) struct definition_match match = { 0 };
	int r;

	definition_match(definition, bus, &match);
	r = check_found(definition, bus, &match.found, &match.unknown);
	if (r >= 0)
		r = definition_check_contents(definition, bus, match.dprc);
	if (r >= 0)
		*ret_dprc = match.dprc;
	return r;
}
