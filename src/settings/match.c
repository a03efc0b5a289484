/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which DPRC a definition is about. */
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/listing.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "settings/definition.h"

static bool contains_the_same(const struct definition *definition, const struct bus *bus,
			      const struct dprc *dprc)
{
	_cleanup_contents_ struct contents contents = { 0 };

	return contents_load(bus, dprc, &contents) == 0 &&
	       contents_equal(&contents, &definition->contents);
}

/* By what the definition says, in the order in which one can tell. */
bool definition_is_about(const struct definition *definition, const struct bus *bus,
			 const struct dprc *dprc)
{
	if (definition->is_by_name)
		return name_equal(&definition->dprc, &dprc->object->name);
	if (dprc->is_root)
		return false;
	if (definition->label)
		return dprc->object->mc && streq(dprc->object->mc->label, definition->label);
	return contains_the_same(definition, bus, dprc);
}

/* Said of a definition: "child.json: ...". */
static char *describe(const struct definition *definition)
{
	if (definition->is_by_name)
		return xasprintf("is %s", name_text(&definition->dprc).text);
	if (definition->label)
		return xasprintf("has the label '%s'", definition->label);
	return xstrdup("contains exactly what it says");
}

static int check_contents(const struct definition *definition, const struct bus *bus,
			  const struct dprc *dprc)
{
	const struct name_text name = name_text(&dprc->object->name);
	_cleanup_contents_ struct contents found = { 0 };
	_cleanup_free_ char *difference = NULL;

	if (contents_load(bus, dprc, &found) < 0)
		return fail(-ERROR_REFUSED, name.text,
			    "what it contains is not known, so it cannot be compared with the "
			    "definition '%s'",
			    definition->name);
	difference = contents_difference(&found, &definition->contents);
	if (!*difference)
		return 0;
	return fail(-ERROR_REFUSED, name.text,
		    "it is not what the definition '%s' says: %s; if that is wanted, "
		    "'fslmc-vfio define --replace' says so",
		    definition->name, difference);
}

int definition_find_dprc(const struct definition *definition, const struct bus *bus,
			 struct dprc **ret_dprc)
{
	_cleanup_free_ char *meant = describe(definition);
	struct listing found = { 0 };
	struct dprc *dprc = NULL;
	int r = 0;

	if (definition->label && !bus->mc)
		return fail(-ERROR_REFUSED, NULL,
			    "definition '%s': the MC does not tell the labels of the DPRCs",
			    definition->name);
	for (size_t i = 0; i < bus->n_dprcs; i++) {
		if (!definition_is_about(definition, bus, &bus->dprcs[i]))
			continue;
		dprc = &bus->dprcs[i];
		listing_add(&found, name_text(&dprc->object->name).text);
	}
	if (!found.n)
		r = fail(-ERROR_NOT_FOUND, NULL, "definition '%s': no DPRC %s", definition->name,
			 meant);
	else if (found.n > 1)
		r = fail(-ERROR_REFUSED, NULL,
			 "definition '%s': more than one DPRC %s: %s; give each a label of its own",
			 definition->name, meant, found.text);
	free(found.text);
	if (r >= 0)
		r = check_contents(definition, bus, dprc);
	if (r >= 0)
		*ret_dprc = dprc;
	return r;
}
