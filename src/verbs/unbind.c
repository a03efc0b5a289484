/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio unbind: unbinds DPRCs from vfio-fsl-mc and restores what bind found. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "model/dprc.h"
#include "model/object.h"
#include "rules/candidate.h"
#include "transaction/bound.h"
#include "transaction/in_use.h"
#include "verbs/changing.h"

/* Without a record: the host's driver, which takes plugged DPRCs only (fsl_mc_bus_match()). */
static void host_binding(const struct candidate *candidate, struct binding *ret_binding)
{
	const bool is_unplugged = dprc_is_unplugged(candidate->dprc);

	*ret_binding = (struct binding){ is_unplugged ? NULL : xstrdup(DPRC_DRIVER), NULL };
}

static void keep_binding(struct change *change)
{
	const struct binding *before = &change->before;

	change->after = (struct binding){
		before->driver ? xstrdup(before->driver) : NULL,
		before->driver_override ? xstrdup(before->driver_override) : NULL,
	};
}

/* A user of the outer one also uses this one, and a rebind of the outer one would bind it again. */
static int refuse_inner(const struct dprc *dprc)
{
	const struct dprc *outermost = NULL;

	for (const struct dprc *outer = dprc->parent; outer; outer = outer->parent)
		if (str_same(outer->object->driver, VFIO_DRIVER))
			outermost = outer;
	if (!outermost)
		return 0;
	return fail(-ERROR_REFUSED, name_text(&dprc->object->name).text,
		    "it is in %s, which is bound to vfio-fsl-mc, and is unbound with it; unbind %s",
		    name_text(&outermost->object->name).text,
		    name_text(&outermost->object->name).text);
}

/* What bind found, or what stands in for it where there is no record. */
static int read_binding(const struct transaction *transaction, const struct candidate *candidate,
			struct change *change)
{
	const struct name_text name = name_text(&change->name);
	const bool is_visible = transaction->rundir.fd >= 0;
	int r = is_visible ? bound_read(transaction, change, &change->after) : -ENOENT;

	if (r == -EBADMSG)
		return fail(
			-ERROR_REFUSED, name.text,
			"the record of what bind found, %s/bound/%s.json, is damaged, or of "
			"another version of fslmc-vfio; remove it to give the DPRC to " DPRC_DRIVER,
			RUNDIR_PATH, name.text);
	if (r >= 0)
		return 0;
	if (r != -ENOENT && r != -ESTALE)
		return fail(-ERROR_REFUSED, name.text,
			    "the record of what bind found, %s/bound/%s.json, cannot be read: %s; "
			    "nothing was written; try again",
			    RUNDIR_PATH, name.text, error_text(r));
	if (!is_visible && transaction->sysfs->is_live && geteuid() != 0)
		note(name.text,
		     "the original driver is on record for root only; assuming " DPRC_DRIVER);
	else if (str_same(change->before.driver, VFIO_DRIVER))
		note(name.text, "original driver not recorded; binding to " DPRC_DRIVER);
	host_binding(candidate, &change->after);
	return 0;
}

static int find_binding(const struct changing *changing, const struct transaction *transaction,
			const struct candidate *candidate, struct change *change)
{
	const bool is_bound = str_same(change->before.driver, VFIO_DRIVER);
	/* A second one would only wait for the first, or for who keeps that waiting. */
	int r = in_use_refuse_unfinished(candidate->dprc, "stop what still has one of them open");

	if (r < 0)
		return r;
	if (!is_bound && !str_same(change->before.driver_override, VFIO_DRIVER)) {
		/* Somebody else has unbound it, or it is a new device: the record is of the past.
		 */
		if (!changing->dry_run)
			bound_remove(transaction, change);
		keep_binding(change);
		return 0;
	}
	r = refuse_inner(candidate->dprc);
	if (r >= 0 && is_bound)
		r = in_use_refuse(candidate->bus, candidate->dprc);
	if (r >= 0)
		r = read_binding(transaction, candidate, change);
	/* A driver that it has by now is somebody else's doing, and nobody looked what it carries.
	 */
	if (r >= 0 && !is_bound && change->before.driver) {
		free(change->after.driver);
		change->after.driver = xstrdup(change->before.driver);
	}
	return r;
}

/* Undo and recover do not ask: what was begun is undone. */
static int prepare_unbind(const struct changing *changing, const struct transaction *transaction,
			  const struct candidate *candidate, struct change *change)
{
	int r = find_binding(changing, transaction, candidate, change);

	change->locked_after = false;
	if (r >= 0 && str_same(change->before.driver, VFIO_DRIVER) &&
	    str_same(change->after.driver, DPRC_DRIVER))
		r = policy_refuse(&changing->policy, candidate, RULES_OF_UNBIND);
	return r;
}

static const struct changing_verb verb = { .prepare = prepare_unbind };

enum { KEY_FORCE = 0xa00 };

static error_t parse_unbind(int key, char *arg, struct argp_state *state)
{
	struct changing *changing = state->input;

	if (key != KEY_FORCE)
		return changing_parse_nothing(key, arg, state);
	changing->policy.force = true;
	return 0;
}

static const struct argp_option options[] = {
	{ "force", KEY_FORCE, NULL, 0, "unbind even if that breaks crypto of the host", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse_unbind,
	.args_doc = "DPRC...",
	.doc = "Unbind DPRCs from vfio-fsl-mc and restore what bind found: all or none.\v"
	       "Restores driver_override, unbinds vfio-fsl-mc and binds the driver that was there "
	       "before, "
	       "or fsl_mc_dprc if bind left no record.",
	.children = changing_children,
};

static int run_unbind(const struct command *command, struct common *common, int argc, char **argv)
{
	return changing_run(command, &verb, common, argc, argv);
}

const struct command command_unbind = {
	"unbind",	 "unbind DPRCs from vfio-fsl-mc and restore their drivers",
	&argp,		 run_unbind,
	changing_tables, .refuses_root = true
};
