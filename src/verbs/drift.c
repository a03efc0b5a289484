/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In what a board differs from a definition: by the rules that apply goes by, and writes nothing.
 */
#include <stdlib.h>

#include "base/account.h"
#include "base/listing.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "rules/candidate.h"
#include "rules/policy.h"
#include "settings/definition.h"
#include "transaction/change.h"
#include "transaction/lock.h"
#include "verbs/assigning.h"
#include "verbs/drift.h"
#include "verbs/facts.h"

#define APPLY "'fslmc-vfio apply %s'"

void drift_add(struct drift *drift, const char *kind, char *text, char *remedy)
{
	drift->differences =
		xrealloc(drift->differences, drift->n_differences + 1, sizeof(*drift->differences));
	drift->differences[drift->n_differences++] = (struct difference){ kind, text, remedy };
}

void drift_done(struct drift *drift)
{
	for (size_t i = 0; i < drift->n_differences; i++) {
		free(drift->differences[i].text);
		free(drift->differences[i].remedy);
	}
	free(drift->differences);
	free(drift->driver);
	free(drift->owner);
	*drift = (struct drift){ 0 };
}

/* The labels there are: one of them may be meant. */
static char *advise_missing(const struct definition *definition, const struct bus *bus)
{
	struct listing labels = { 0 };
	char *remedy;

	for (size_t i = 0; i < bus->n_dprcs; i++) {
		const struct object *object = bus->dprcs[i].object;

		if (object->mc && *object->mc->label)
			listing_take(&labels, xasprintf("'%s' (%s)", object->mc->label,
							name_text(&object->name).text));
	}
	remedy = xasprintf("make it, or 'fslmc-vfio undefine %s'; labels there are: %s",
			   definition->name, labels.n ? labels.text : "none");
	free(labels.text);
	return remedy;
}

static void add_missing(const struct definition *definition, const struct bus *bus,
			struct drift *drift)
{
	_cleanup_free_ char *meant = definition_describe(definition);
	const struct mc_object *unseen = definition_find_unseen(definition, bus);

	if (unseen) {
		drift_add(drift, "not-scanned",
			  xasprintf("the MC has %s, but Linux was not told",
				    name_text(&unseen->name).text),
			  xstrdup("echo 1 > /sys/bus/fsl-mc/rescan"));
		return;
	}
	drift_add(drift, "missing", xasprintf("there is no DPRC %s", meant),
		  definition->has_layout ? xasprintf(APPLY " creates it", definition->name)
					 : advise_missing(definition, bus));
}

/* The one DPRC it is about; NULL: there is none, there are several, or it is not known. */
static const struct dprc *find_dprc(const struct definition *definition, const struct bus *bus,
				    struct drift *drift)
{
	_cleanup_(definition_match_done) struct definition_match match = { 0 };

	definition_match(definition, bus, &match);
	if (match.unknown.n)
		drift_add(drift, "unknown",
			  xasprintf("cannot tell whether it is %s: no answer from the MC",
				    match.unknown.text),
			  xstrdup("'fslmc-vfio doctor' shows why"));
	else if (match.found.n > 1)
		drift_add(drift, "ambiguous", xasprintf("it may be %s", match.found.text),
			  xstrdup("give each a label of its own"));
	else if (!match.found.n)
		add_missing(definition, bus, drift);
	return match.unknown.n || match.found.n != 1 ? NULL : match.dprc;
}

static void find_contents(const struct definition *definition, const struct bus *bus,
			  const struct dprc *dprc, struct drift *drift)
{
	_cleanup_free_ char *difference = definition_difference(definition, bus, dprc);

	if (!difference) {
		drift_add(drift, "unknown", xstrdup("what it contains is not known"),
			  xstrdup("'fslmc-vfio doctor' shows why"));
		return;
	}
	if (!*difference)
		return;
	drift_add(drift, "contents", take_pointer(difference),
		  definition->has_layout
			  ? xasprintf("'fslmc-vfio destroy %s', then " APPLY " creates it again",
				      name_text(&dprc->object->name).text, definition->name)
			  : xasprintf("if that is wanted, 'fslmc-vfio define %s --replace --as=%s'",
				      name_text(&dprc->object->name).text, definition->name));
}

static void find_owner(const struct definition *definition, const struct bus *bus,
		       const struct dprc *dprc, struct drift *drift)
{
	struct change change = { .dir = -1, .writer = -1 };
	struct account account;

	ownership_take(bus, dprc, &change.owner_before);
	if (change.owner_before.n_nodes && change.owner_before.nodes[0].is_known) {
		const struct devnode_owner *owner = &change.owner_before.nodes[0].owner;

		drift->owner = account_text(&(struct account){ owner->uid, owner->gid });
	}
	if (definition->owner && account_parse(definition->owner, &account) < 0) {
		drift_add(drift, "owner",
			  xasprintf("there is no user or group '%s'", definition->owner),
			  xstrdup("make that account, or define another owner"));
	} else if (definition->owner) {
		ownership_from_account(&account, &change.owner_before, &change.owner_after);
		if (ownership_changes(&change))
			drift_add(drift, "owner",
				  xasprintf("its device nodes belong to %s, not to %s",
					    drift->owner ? drift->owner : "an unknown owner",
					    definition->owner),
				  xasprintf(APPLY, definition->name));
	}
	ownership_done(&change.owner_before);
	ownership_done(&change.owner_after);
}

static void add_findings(const struct findings *findings, const char *kind, struct drift *drift)
{
	for (size_t i = 0; i < findings->n_findings; i++) {
		const struct finding *finding = &findings->findings[i];

		if (finding->severity == SEVERITY_REFUSE)
			drift_add(drift, kind,
				  xasprintf("%s: %s%s%s", finding->code, finding->text,
					    *finding->evidence ? ": " : "", finding->evidence),
				  xstrdup(finding->remedy));
	}
}

/* What apply would refuse. */
static void find_refusals(const struct definition *definition, struct candidate *candidate,
			  bool is_bound, struct drift *drift)
{
	_cleanup_findings_ struct findings findings = { 0 }, needs = { 0 };
	const struct policy policy = assigning_policy(definition);

	policy_find(&policy, candidate, is_bound ? RULES_OF_ASSIGNED : RULES_OF_CONTAINER,
		    &findings);
	add_findings(&findings, "refused", drift);
	candidate->workload = definition->workload;
	policy_find(&policy, candidate, RULES_OF_NEEDS, &needs);
	add_findings(&needs, "needs", drift);
}

/* While another driver_override is set, the next event of the bus may take it from VFIO. */
static void find_override(const struct definition *definition, const struct bus *bus,
			  const struct dprc *dprc, struct drift *drift)
{
	_cleanup_(binding_done) struct binding binding = { 0 };

	if (!facts_load_binding(bus, dprc, &binding))
		drift_add(drift, "unknown", xstrdup("its driver_override cannot be read"),
			  xstrdup("try again when no bind of it is under way"));
	else if (!str_same(binding.driver_override, VFIO_DRIVER))
		drift_add(drift, "override",
			  binding.driver_override
				  ? xasprintf("its driver_override is %s", binding.driver_override)
				  : xstrdup("it has no driver_override"),
			  xasprintf(APPLY, definition->name));
}

void drift_find(const struct definition *definition, const struct bus *bus, const struct host *host,
		struct drift *ret_drift)
{
	const struct dprc *dprc = find_dprc(definition, bus, ret_drift);
	_cleanup_candidate_ struct candidate candidate = { 0 };
	bool is_bound;

	if (!dprc)
		return;
	ret_drift->dprc = dprc->object->name;
	ret_drift->has_dprc = true;
	ret_drift->driver = dprc->object->driver ? xstrdup(dprc->object->driver) : NULL;
	is_bound = str_same(dprc->object->driver, VFIO_DRIVER);
	if (!is_bound)
		drift_add(ret_drift, "not-bound",
			  dprc->object->driver ? xasprintf("it is bound to %s, not to " VFIO_DRIVER,
							   dprc->object->driver)
					       : xstrdup("it has no driver"),
			  xasprintf(APPLY, definition->name));
	find_contents(definition, bus, dprc, ret_drift);
	candidate_load(bus, host, dprc->object, &candidate);
	candidate.is_locked = lock_is_on_record(bus->sysfs, dprc);
	find_refusals(definition, &candidate, is_bound, ret_drift);
	if (is_bound) {
		find_override(definition, bus, dprc, ret_drift);
		if (definition->lock && !candidate.is_locked)
			drift_add(ret_drift, "lock", xstrdup("it is not on record as locked"),
				  xasprintf(APPLY, definition->name));
		find_owner(definition, bus, dprc, ret_drift);
	}
}
