/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio bind: hands whole DPRCs to VFIO. */
#include "assign/candidate.h"
#include "assign/verify.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "verbs/changing.h"

static int prepare(const struct changing *changing, const struct transaction *transaction _unused_,
		   const struct candidate *candidate, struct change *change)
{
	_cleanup_verdict_ struct verdict verdict = { 0 };
	int r = 0;

	if (!str_same(change->before.driver, VFIO_DRIVER)) {
		r = policy_refuse(&changing->policy, candidate);
	} else {
		verify_assigned(candidate->bus, candidate->dprc, &verdict);
		if (verdict.faults.n)
			r = fail(-ERROR_FAILED, name_text(&change->name).text,
				 "it is bound, but %zu of its %zu objects are not: %s; "
				 "'fslmc-vfio rebind' may help",
				 verdict.faults.n, verdict.n_objects, verdict.faults.text);
	}
	change->after = (struct binding){ xstrdup(VFIO_DRIVER), xstrdup(VFIO_DRIVER) };
	return r;
}

static const struct changing_verb verb = { .prepare = prepare };

enum { KEY_FORCE = 0x400, KEY_STRICT };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct changing *changing = state->input;

	switch (key) {
	case KEY_FORCE:
		changing->policy.force = true;
		return 0;
	case KEY_STRICT:
		changing->policy.strict = true;
		return 0;
	default:
		return changing_parse_nothing(key, arg, state);
	}
}

static const struct argp_option options[] = {
	{ "force", KEY_FORCE, NULL, 0,
	  "Take network interfaces in use, and what objects outside depend on", 0 },
	{ "strict", KEY_STRICT, NULL, 0, "Refuse a container whose contents its user can change",
	  0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "DPRC...",
	.doc = "Hand DPRCs to VFIO, with every object in them: all or none.\v"
	       "Sets driver_override to vfio-fsl-mc, unbinds the old driver, binds, and verifies "
	       "every "
	       "object. If anything fails, the exact original state is put back.",
	.children = changing_children,
};

static int run(const struct command *command, struct common *common, int argc, char **argv)
{
	return changing_run(command, &verb, common, argc, argv);
}

const struct command command_bind = { "bind", "hand DPRCs to VFIO, all or nothing", &argp, run };
