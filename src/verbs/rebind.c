/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio rebind: unbind and bind in one, after the MC changed what a DPRC contains. */
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "rules/candidate.h"
#include "transaction/in_use.h"
#include "verbs/changing.h"

static int prepare_rebind(const struct changing *changing,
			  const struct transaction *transaction _unused_,
			  const struct candidate *candidate, struct change *change)
{
	struct policy policy = changing->policy;
	int r;

	policy.permission = BY_NOTHING;
	if (!str_same(change->before.driver, VFIO_DRIVER))
		return fail(-ERROR_REFUSED, name_text(&change->name).text,
			    "not bound to vfio-fsl-mc; use 'fslmc-vfio bind'");
	r = in_use_refuse(candidate->bus, candidate->dprc);
	if (r >= 0)
		r = policy_refuse(&policy, candidate, RULES_OF_REBIND);
	change->after = (struct binding){ xstrdup(VFIO_DRIVER), xstrdup(VFIO_DRIVER) };
	change->rescans = true;
	return r;
}

static const struct changing_verb verb = { .prepare = prepare_rebind, .shows_differences = true };

static const struct argp argp = {
	.parser = changing_parse_nothing,
	.args_doc = "DPRC...",
	.doc = "Unbind and bind again DPRCs that are bound to vfio-fsl-mc, so that it sees what "
	       "was added, removed or changed in the MC, and report the differences.\v"
	       "vfio-fsl-mc scans a container only once, when it is bound.",
	.children = changing_children,
};

static int run_rebind(const struct command *command, struct common *common, int argc, char **argv)
{
	return changing_run(command, &verb, common, argc, argv);
}

const struct command command_rebind = {
	"rebind",	 "rebind DPRCs after their contents changed",
	&argp,		 run_rebind,
	changing_tables, .refuses_root = true
};
