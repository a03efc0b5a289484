/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio bind: hands whole DPRCs to VFIO. */
#include "base/util.h"
#include "verbs/assigning.h"
#include "verbs/changing.h"
#include "verbs/owner.h"

static int prepare(const struct changing *changing, const struct transaction *transaction _unused_,
		   const struct candidate *candidate, struct change *change)
{
	return assigning_prepare(&changing->policy, changing->has_owner ? &changing->owner : NULL,
				 candidate, change);
}

static const struct changing_verb verb = { .prepare = prepare, .verifies_assigned = true };

enum { KEY_FORCE = 0x400, KEY_STRICT, KEY_OWNER };

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
	case KEY_OWNER:
		owner_parse(arg, &changing->owner, state);
		changing->has_owner = true;
		return 0;
	default:
		return changing_parse_nothing(key, arg, state);
	}
}

static const struct argp_option options[] = {
	{ "force", KEY_FORCE, NULL, 0,
	  "Take network interfaces in use, and what objects outside depend on", 0 },
	{ "strict", KEY_STRICT, NULL, 0,
	  "Refuse what would let an untrusted user change the container or leave it", 0 },
	{ "owner", KEY_OWNER, "USER[:GROUP]", 0, "Whose the device nodes shall be", 0 },
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
	.help_filter = changing_help_filter,
};

static int run(const struct command *command, struct common *common, int argc, char **argv)
{
	return changing_run(command, &verb, common, argc, argv);
}

const struct command command_bind = { "bind", "hand DPRCs to VFIO, all or nothing", &argp, run,
				      changing_tables };
