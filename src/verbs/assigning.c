/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind and apply want of a DPRC. */
#include "verbs/assigning.h"
#include "base/account.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/object.h"
#include "rules/candidate.h"
#include "rules/policy.h"
#include "settings/definition.h"
#include "transaction/change.h"

struct policy assigning_policy(const struct definition *definition)
{
	return (struct policy){ .strict = definition->strict,
				.lock = definition->lock,
				.allowed = &definition->allow,
				.permission = BY_DEFINITION };
}

int assigning_find_owner(const struct definition *definition, const char *object,
			 struct account *ret_owner)
{
	if (!definition->owner || account_parse(definition->owner, ret_owner) >= 0)
		return 0;
	return fail(-ERROR_REFUSED, object,
		    "the definition '%s' gives it to '%s', but there is no such user or group",
		    definition->name, definition->owner);
}

/* The MC would refuse: a lock forbids those of what is below. */
static int refuse_inner_lock(const struct candidate *candidate)
{
	for (const struct dprc *at = candidate->dprc->parent; at && !at->is_root; at = at->parent)
		if (str_same(at->object->driver, VFIO_DRIVER))
			return fail(-ERROR_REFUSED, name_text(&candidate->object->name).text,
				    "it is in %s, which is bound to " VFIO_DRIVER
				    "; a lock of that one is its lock, too",
				    name_text(&at->object->name).text);
	return 0;
}

int assigning_prepare(const struct policy *policy, const struct account *owner,
		      const struct candidate *candidate, struct change *change)
{
	const bool is_bound = str_same(change->before.driver, VFIO_DRIVER);
	int r = policy_refuse(policy, candidate, is_bound ? RULES_OF_ASSIGNED : RULES_OF_CONTAINER);

	if (r >= 0 && policy->lock)
		r = refuse_inner_lock(candidate);
	change->after = (struct binding){ xstrdup(VFIO_DRIVER), xstrdup(VFIO_DRIVER) };
	change->locked_after |= policy->lock;
	if (owner) {
		ownership_done(&change->owner_after);
		ownership_from_account(owner, &change->owner_before, &change->owner_after);
	}
	return r;
}

static int refuse_options(const struct policy *policy, const struct definition *definition,
			  const struct bus *bus)
{
	const struct mc_container container = { .options = definition->layout.options };
	struct part part = { .mc = &container };
	const struct candidate candidate = { .bus = bus, .parts = &part, .n_parts = 1 };
	_cleanup_findings_ struct findings findings = { 0 };

	policy_find(policy, &candidate, RULES_OF_OPTIONS, &findings);
	return findings_refuse(&findings, definition->label);
}

int assigning_check_new(const struct definition *definition, const struct bus *bus)
{
	const struct policy policy = assigning_policy(definition);
	_cleanup_host_ struct host host = { 0 };
	struct candidate candidate;
	int r = bus->mc ? refuse_options(&policy, definition, bus) : 0;

	if (r < 0)
		return r;

	host_load(bus, &host);
	if (host_load_rest(bus, "root", &host) < 0)
		return fail(-ERROR_FAILED, NULL,
			    "cannot tell whether this host can assign a DPRC: "
			    "'fslmc-vfio doctor' says why");
	candidate = candidate_of_host(bus, &host);
	candidate.workload = definition->workload;
	return policy_refuse(&policy, &candidate, RULES_OF_NEW);
}

int assigning_check_workload(const struct workload *workload, const struct candidate *candidate)
{
	struct candidate with = *candidate;

	with.workload = *workload;
	return policy_refuse(&(struct policy){ 0 }, &with, RULES_OF_NEEDS);
}
