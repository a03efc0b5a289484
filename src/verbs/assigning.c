/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind and apply want of a DPRC. */
#include "verbs/assigning.h"
#include "base/util.h"
#include "model/object.h"
#include "rules/candidate.h"
#include "rules/policy.h"
#include "transaction/change.h"

int assigning_prepare(const struct policy *policy, const struct account *owner,
		      const struct candidate *candidate, struct change *change)
{
	const bool is_bound = str_same(change->before.driver, VFIO_DRIVER);
	int r = policy_refuse(policy, candidate, is_bound ? RULES_OF_ASSIGNED : RULES_OF_CONTAINER);

	change->after = (struct binding){ xstrdup(VFIO_DRIVER), xstrdup(VFIO_DRIVER) };
	if (owner) {
		ownership_done(&change->owner_after);
		ownership_from_account(owner, &change->owner_before, &change->owner_after);
	}
	return r;
}

int assigning_check_workload(const struct workload *workload, const struct candidate *candidate)
{
	struct candidate with = *candidate;

	with.workload = *workload;
	return policy_refuse(&(struct policy){ 0 }, &with, RULES_OF_NEEDS);
}
