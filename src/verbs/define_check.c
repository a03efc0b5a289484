/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verbs/define_check.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "rules/candidate.h"
#include "rules/policy.h"
#include "settings/directory.h"
#include "verbs/assigning.h"
#include "verbs/layouts.h"

/* A bind also takes the DPRCs inside. */
static int check_nested(const struct definition *other, const struct bus *bus,
			const struct dprc *dprc)
{
	const struct name_text name = name_text(&dprc->object->name);

	for (size_t i = 0; i < bus->n_dprcs; i++) {
		const struct dprc *nested = &bus->dprcs[i];
		const bool is_outer = dprc_contains(nested, dprc->object);

		if (nested->is_root || (!is_outer && !dprc_contains(dprc, nested->object)) ||
		    definition_is_about(other, bus, nested) <= 0)
			continue;
		return fail(-ERROR_REFUSED, name.text,
			    "the definition '%s' is about %s, which is %s it, and a bind takes "
			    "both; define one of them only",
			    other->name, name_text(&nested->object->name).text,
			    is_outer ? "around" : "in");
	}
	return 0;
}

/* apply would have to refuse both. */
static int check_others(const struct definition *definition, const struct bus *bus,
			const struct dprc *dprc)
{
	_cleanup_definitions_ struct definitions others = { 0 };
	size_t n_bad;
	int r = settings_load_all(bus->sysfs, &others, &n_bad);

	for (size_t i = 0; i < others.n_definitions && r >= 0; i++) {
		const struct definition *other = &others.definitions[i];

		if (streq(other->name, definition->name))
			continue;
		r = check_nested(other, bus, dprc);
		if (r >= 0 && definition_is_about(other, bus, dprc) > 0)
			r = fail(-ERROR_REFUSED, name_text(&dprc->object->name).text,
				 "the definition '%s' is about it already; 'fslmc-vfio undefine "
				 "%s' removes that, --as=%s --replace changes it",
				 other->name, other->name, other->name);
	}
	return r;
}

int define_check_dprc(const struct definition *definition, const struct bus *bus,
		      const struct dprc *dprc)
{
	_cleanup_candidate_ struct candidate candidate = { 0 };
	_cleanup_host_ struct host host = { 0 };
	struct dprc *found;
	int r = definition_find_dprc(definition, bus, &found);

	if (r < 0)
		return r;
	host_load(bus, &host);
	candidate_load(bus, &host, dprc->object, &candidate);
	r = assigning_check_workload(&definition->workload, &candidate);
	return r < 0 ? r : check_others(definition, bus, dprc);
}

/* The same label, or the same port: at most one of them could be created. */
static int check_other_layouts(const struct definition *definition, const struct bus *bus)
{
	_cleanup_definitions_ struct definitions others = { 0 };
	size_t n_bad;
	int r = settings_load_all(bus->sysfs, &others, &n_bad);

	for (size_t i = 0; i < others.n_definitions && r >= 0; i++) {
		const struct definition *other = &others.definitions[i];
		const struct layout_port *port =
			layout_shared_port(&definition->layout, &other->layout);
		_cleanup_free_ char *name = port ? layout_port_text(port) : NULL;

		if (streq(other->name, definition->name))
			continue;
		if (port || str_same(other->label, definition->label))
			r = fail(-ERROR_REFUSED, port ? name : definition->label,
				 "the definition '%s' has it already; 'fslmc-vfio undefine %s' "
				 "removes that, --as=%s --replace changes it",
				 other->name, other->name, other->name);
	}
	return r;
}

int define_check_layout(struct definition *definition, const struct bus *bus, struct mc *mc)
{
	struct layout *layouts = NULL;
	struct dprc *found;
	int r;

	if (definition_makes(definition, bus) <= 0) {
		r = definition_find_dprc(definition, bus, &found);
		return r < 0 ? r : define_check_dprc(definition, bus, found);
	}
	r = assigning_check_new(definition, bus);
	if (r >= 0)
		r = layouts_decide_all(&definition, 1, bus, mc, &layouts);
	layouts_free(layouts, 1);
	return r < 0 ? r : check_other_layouts(definition, bus);
}
