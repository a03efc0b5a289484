/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio bind: binds whole DPRCs to vfio-fsl-mc. */
#include "base/util.h"
#include "verbs/allow.h"
#include "verbs/assigning.h"
#include "verbs/changing.h"
#include "verbs/owner.h"

static int prepare_bind(const struct changing *changing,
			const struct transaction *transaction _unused_,
			const struct candidate *candidate, struct change *change)
{
	return assigning_prepare(&changing->policy, changing->has_owner ? &changing->owner : NULL,
				 candidate, change);
}

static const struct changing_verb verb = { .prepare = prepare_bind };

enum { KEY_FORCE = 0x400, KEY_ALLOW, KEY_STRICT, KEY_LOCK, KEY_OWNER };

static error_t parse_bind(int key, char *arg, struct argp_state *state)
{
	struct changing *changing = state->input;

	switch (key) {
	case KEY_FORCE:
		changing->policy.force = true;
		return 0;
	case KEY_ALLOW:
		allow_parse(arg, &changing->allowed, state);
		changing->policy.allowed = &changing->allowed;
		return 0;
	case KEY_STRICT:
		changing->policy.strict = true;
		return 0;
	case KEY_LOCK:
		changing->policy.lock = true;
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
	  "bind even if network interfaces are in use or objects outside depend on the DPRC: "
	  "all that --allow can name",
	  0 },
	{ "allow", KEY_ALLOW, "CODE[,CODE...]", 0,
	  "let these reasons only warn, of those that yield to --force", 0 },
	{ "strict", KEY_STRICT, NULL, 0,
	  "refuse if isolation from an untrusted user is not guaranteed (see fslmc-vfio-checks(7))",
	  0 },
	{ "lock", KEY_LOCK, NULL, 0,
	  "lock the DPRC in the MC, so that its user cannot create, destroy or assign objects", 0 },
	{ "owner", KEY_OWNER, "USER[:GROUP]", 0, "set owner and group of the VFIO device nodes",
	  0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse_bind,
	.args_doc = "DPRC...",
	.doc = "Bind DPRCs to vfio-fsl-mc, with every object in them: all or none.\v"
	       "Sets driver_override to vfio-fsl-mc, unbinds the old driver, binds, and verifies "
	       "every "
	       "object. If anything fails, the original state is restored.",
	.children = changing_children,
};

static int run_bind(const struct command *command, struct common *common, int argc, char **argv)
{
	return changing_run(command, &verb, common, argc, argv);
}

const struct command command_bind = { "bind",	       "bind DPRCs to vfio-fsl-mc", &argp, run_bind,
				      changing_tables, .refuses_root = true };
