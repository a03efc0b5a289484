/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind and apply want of a DPRC. */
#include "verbs/assigning.h"
#include "assign/candidate.h"
#include "assign/change.h"
#include "assign/policy.h"
#include "assign/verify.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "model/object.h"

static int check_assigned(const struct policy *policy, const struct candidate *candidate)
{
	_cleanup_verdict_ struct verdict verdict = { 0 };
	int r = policy_refuse(policy, candidate, RULES_OF_ASSIGNED);

	if (r < 0)
		return r;
	verify_assigned(candidate->bus, candidate->dprc, &verdict);
	if (!verdict.faults.n)
		return 0;
	return fail(-ERROR_FAILED, name_text(&candidate->object->name).text,
		    "it is bound, but %zu of its %zu objects are not as they should be: %s; "
		    "'fslmc-vfio rebind' may help",
		    verdict.faults.n, verdict.n_objects, verdict.faults.text);
}

int assigning_prepare(const struct policy *policy, const struct account *owner,
		      const struct candidate *candidate, struct change *change)
{
	int r = str_same(change->before.driver, VFIO_DRIVER)
			? check_assigned(policy, candidate)
			: policy_refuse(policy, candidate, RULES_OF_CONTAINER);

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
