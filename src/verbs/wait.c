/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio wait: until a DPRC is there, complete, ready, bound or unused. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/uevent.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/object.h"
#include "model/vfio_use.h"
#include "report/view_event.h"
#include "rules/verify.h"
#include "settings/directory.h"
#include "transaction/activity.h"
#include "transaction/switches.h"
#include "verbs/command.h"
#include "verbs/facts.h"
#include "verbs/label.h"
#include "verbs/usage.h"

enum { KEY_UNTIL = 0xa00, KEY_TIMEOUT };

#define TIMEOUT_S 120
#define LONGEST_S 86400

/*
 * The bus tells what appears, vanishes and is bound; not that a file was closed, what the MC has,
 * or that another run has ended, nor, in a network namespace of its own, anything.
 */
#define TICK_MS 1000
#define TICK_SOON_MS 20

struct wait {
	struct common *common;
	const struct sysfs *sysfs;
	struct table_options table;
	struct selection selection;
	const char *target; /* as given */
	const char *label;  /* of LABEL=...; NULL: it is not that */
	struct name name;
	struct definitions definition; /* one; none: it is not that */
	enum awaited goal;
	unsigned int timeout_s;
	bool is_told;	   /* that it was bound to VFIO, by the last event about it */
	bool is_quiet;	   /* no event has come since the last look */
	struct name found; /* when it is reached */
};

static enum awaited parse_goal(struct argp_state *state, const char *text)
{
	for (size_t i = 0; i < n_awaited_words; i++)
		if (streq(awaited_words[i], text))
			return (enum awaited)i;
	usage_error(state, "--until=%s: present, complete, ready, bound or unused", text);
	return AWAITED_PRESENT;
}

static error_t parse_wait(int key, char *arg, struct argp_state *state)
{
	struct wait *wait = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = wait->common;
		state->child_inputs[2] = &wait->table;
		return 0;
	case KEY_UNTIL:
		wait->goal = parse_goal(state, arg);
		return 0;
	case KEY_TIMEOUT:
		wait->timeout_s = usage_number(state, "timeout", arg, 0, LONGEST_S);
		return 0;
	case ARGP_KEY_ARG:
		if (wait->target)
			usage_error(state, "wait takes one name");
		wait->target = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "no DPRC, label or definition given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What is not there yet cannot be looked up, but a definition can. */
static int parse_target(struct wait *wait)
{
	_cleanup_free_ char *definition = definition_cut_suffix(xstrdup(wait->target));

	wait->label = label_of(wait->target);
	if (wait->label)
		return label_check(wait->label);
	if (name_parse(wait->target, &wait->name) < 0)
		return settings_load(wait->sysfs, definition, &wait->definition);
	if (!streq(wait->name.type, "dprc"))
		return fail(-ERROR_USAGE, wait->target,
			    "it is not a DPRC; wait for the one it is in");
	return 0;
}

/* Then each look queries the MC as well, which starts a process. */
static bool is_found_by_mc(const struct wait *wait)
{
	return wait->label || wait->definition.n_definitions;
}

static known_bool is_meant(const struct wait *wait, const struct bus *bus, const struct dprc *dprc)
{
	if (wait->definition.n_definitions)
		return definition_is_about(&wait->definition.definitions[0], bus, dprc);
	if (wait->label)
		return dprc->object->mc && streq(dprc->object->mc->label, wait->label);
	return name_equal(&dprc->object->name, &wait->name);
}

/* NULL: it is not there, or not known to be. */
static int find(const struct wait *wait, const struct bus *bus, const struct dprc **ret_dprc)
{
	*ret_dprc = NULL;
	for (size_t i = 0; i < bus->n_dprcs; i++) {
		if (is_meant(wait, bus, &bus->dprcs[i]) <= 0)
			continue;
		if (*ret_dprc)
			return fail(-ERROR_REFUSED, wait->target,
				    "it may be %s or %s; give each a label of its own",
				    name_text(&(*ret_dprc)->object->name).text,
				    name_text(&bus->dprcs[i].object->name).text);
		*ret_dprc = &bus->dprcs[i];
	}
	return 0;
}

static bool has_contents(const struct wait *wait, const struct bus *bus, const struct dprc *dprc)
{
	return !wait->definition.n_definitions ||
	       definition_check_contents(&wait->definition.definitions[0], bus, dprc) >= 0;
}

/* Whether Linux has what the MC has in it, of the types it knows; a definition says what else that
 * has to be. */
static bool is_complete(const struct wait *wait, const struct bus *bus, const struct dprc *dprc)
{
	if (!has_contents(wait, bus, dprc) || !dprc->mc || !dprc->mc->is_complete)
		return false;
	for (size_t i = 0; i < dprc->mc->n_objects; i++) {
		const struct mc_object *object = &dprc->mc->objects[i];

		if ((object->state & MC_OBJ_PLUGGED) && object_type_is_known(object->name.type) &&
		    !bus_find(bus, &object->name))
			return false;
	}
	return true;
}

/* A bind has the container scanned, so Linux need not have the objects yet, but must probe them. */
static bool is_ready(const struct wait *wait, const struct bus *bus, const struct dprc *dprc)
{
	return has_contents(wait, bus, dprc) && (str_same(dprc->object->driver, VFIO_DRIVER) ||
						 switches_load(wait->sysfs).autoprobe);
}

static bool is_bound(const struct bus *bus, const struct dprc *dprc)
{
	_cleanup_verdict_ struct verdict verdict = { 0 };

	if (!str_same(dprc->object->driver, VFIO_DRIVER))
		return false;
	verify_assigned(bus, dprc, &verdict);
	return !verdict.faults.n;
}

static bool is_unused(const struct bus *bus, const struct dprc *dprc)
{
	_cleanup_holders_ struct holders holders = { 0 };

	return vfio_use_load(bus, dprc, &holders) == 0 && !vfio_is_used(&holders);
}

static bool is_reached(const struct wait *wait, const struct bus *bus, const struct dprc *dprc)
{
	switch (wait->goal) {
	case AWAITED_COMPLETE:
		return is_complete(wait, bus, dprc);
	case AWAITED_READY:
		return is_ready(wait, bus, dprc);
	case AWAITED_BOUND:
		return is_bound(bus, dprc);
	case AWAITED_UNUSED:
		return is_unused(bus, dprc);
	default:
		return true;
	}
}

/* Nothing has to be there for apply to create it. */
static bool is_to_be_made(struct wait *wait, const struct bus *bus)
{
	return wait->goal == AWAITED_READY && wait->definition.n_definitions &&
	       definition_makes(&wait->definition.definitions[0], bus) > 0;
}

/* 1: it is so; 0: not yet. */
static int look(struct wait *wait)
{
	_cleanup_bus_ struct bus *bus = NULL;
	const struct dprc *dprc;
	int r = command_read_bus(wait->sysfs, &bus);

	if (r < 0)
		return r;
	if (wait->goal == AWAITED_BOUND && !is_found_by_mc(wait)) {
		r = find(wait, bus, &dprc);
		if (r < 0 || !dprc || !is_bound(bus, dprc))
			return r;
		wait->found = dprc->object->name;
		/*
		 * The kernel tells of its bind when it has scanned and bound what is in it
		 * (driver_bound(), after vfio_fsl_mc_probe()).  Until then Linux may have but a
		 * part, which only the MC can tell from the whole; and that takes long to ask.
		 */
		if (wait->is_told || !wait->is_quiet)
			return wait->is_told;
	}
	if (is_found_by_mc(wait) || (wait->goal >= AWAITED_COMPLETE && wait->goal <= AWAITED_BOUND))
		facts_load_mc(bus, MC_OBJECTS);
	if (is_to_be_made(wait, bus))
		return 1;
	r = find(wait, bus, &dprc);
	if (r < 0 || !dprc || !is_reached(wait, bus, dprc))
		return r;
	wait->found = dprc->object->name;
	return 1;
}

static int fail_late(const struct wait *wait)
{
	return fail(-ERROR_FAILED, wait->target, "not %s after %u s; nothing was changed",
		    awaited_words[wait->goal], wait->timeout_s);
}

static bool is_about(const struct uevent *event, const struct name *name)
{
	struct name heard;

	return event->path && name_of_path(event->path, &heard) >= 0 && name_equal(&heard, name);
}

static void hear(struct wait *wait, struct uevent_source *source)
{
	int r;

	for (;;) {
		_cleanup_uevent_ struct uevent event = { 0 };

		r = uevent_next(source, &event);
		if (r < 0)
			wait->is_told = false;
		if (r <= 0)
			return;
		if (is_about(&event, &wait->name))
			wait->is_told = str_same(event.action, "bind") &&
					str_same(event.driver, VFIO_DRIVER);
	}
}

/*
 * Why not is said only when it is waited for no longer.  What another run does may still be undone,
 * what is seen halfway is not so, and a run may begin and end while it is looked at.
 */
static int await_goal(struct wait *wait, struct uevent_source *source, int64_t deadline)
{
	struct pollfd pollfd = { .fd = uevent_fd(source), .events = POLLIN };

	for (;;) {
		_cleanup_activity_ struct activity before = { 0 }, after = { 0 };
		bool is_busy, was_told = wait->is_told;
		int r = 0, left;

		log_hold();
		activity_read(wait->sysfs, &before);
		is_busy = before.is_running;
		if (!is_busy) {
			r = look(wait);
			activity_read(wait->sysfs, &after);
			is_busy = activity_differs(&before, &after);
		}
		/* It may have been unbound, and half bound again, while it was looked at. */
		if (r > 0 && was_told) {
			hear(wait, source);
			is_busy = is_busy || !wait->is_told;
		}
		left = deadline_left_ms(deadline);
		if (r < 0 || (r > 0 && !is_busy) || !left) {
			log_release();
			return r > 0 && !is_busy ? 0 : r < 0 ? r : fail_late(wait);
		}
		log_discard();
		r = is_busy || (wait->goal == AWAITED_UNUSED && !is_found_by_mc(wait))
			    ? TICK_SOON_MS
			    : TICK_MS;
		if (left >= 0 && left < r)
			r = left;
		wait->is_quiet = poll(&pollfd, 1, r) == 0;
		hear(wait, source);
	}
}

static int await_and_tell(struct wait *wait)
{
	_cleanup_uevent_source_ struct uevent_source source = { 0 };
	struct render *render;
	int r = uevent_open(&source);

	if (r < 0)
		return fail(-ERROR_FAILED, NULL, "cannot listen to the kernel's events: %s",
			    error_text(r));
	r = await_goal(wait, &source, deadline_in(wait->timeout_s));
	if (r < 0)
		return r;
	render = render_begin(&wait->common->style);
	render_list(render, "awaited", &wait->selection);
	if (*wait->found.type)
		render_record(render, NULL, view_awaited(&wait->found, wait->goal));
	else
		render_none(render, "'fslmc-vfio apply' creates it");
	return render_end(render, 0);
}

static const struct argp_option options[] = {
	{ "until", KEY_UNTIL, "STATE", 0, "present (default), complete, ready, bound or unused",
	  0 },
	{ "timeout", KEY_TIMEOUT, "SECONDS", 0, "give up after SECONDS (default: 120, 0 = never)",
	  0 },
	{ 0 },
};

static const struct column_table tables[] = {
	{ awaited_columns, &n_awaited_columns, NULL },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse_wait,
	.args_doc = "DPRC|LABEL=LABEL|DEFINITION",
	.doc = "Wait until a DPRC is present; complete, so that Linux has what the MC and the "
	       "definition have in it; ready, so that apply can bind or create it; bound to VFIO "
	       "with every object; or unused, so that no program has it open. Prints its name and "
	       "that state. "
	       "The exit status is 1 if it was not so in time.",
	.children = table_children,
};

static int run_wait(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	struct wait wait = { .common = common,
			     .is_quiet = true,
			     .table.style = &common->style,
			     .sysfs = &sysfs,
			     .timeout_s = TIMEOUT_S };
	int r;

	command_parse(command, argc, argv, &wait);
	if (common->sysroot)
		return fail(-ERROR_USAGE, NULL, "nothing ever changes on a captured machine");
	r = command_select(awaited_columns, n_awaited_columns, wait.table.output, &wait.selection);
	if (r >= 0)
		r = command_open(common, &sysfs);
	if (r >= 0)
		r = parse_target(&wait);
	if (r >= 0)
		r = await_and_tell(&wait);
	definitions_done(&wait.definition);
	selection_done(&wait.selection);
	return r;
}

const struct command command_wait = {
	"wait", "wait until a DPRC is there, complete, ready, bound or unused", &argp, run_wait,
	tables
};
