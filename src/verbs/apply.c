/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio apply: makes what the definitions of /etc/fslmc-vfio.d say so. */
#include <stdlib.h>
#include <unistd.h>

#include "base/account.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "model/mc_inventory.h"
#include "report/view_change.h"
#include "report/view_definition.h"
#include "rules/candidate.h"
#include "settings/directory.h"
#include "verbs/assigning.h"
#include "verbs/changing.h"
#include "verbs/facts.h"
#include "verbs/layouts.h"
#include "verbs/reading.h"
#include "verbs/status.h"
#include "verbs/usage.h"

enum { KEY_CONTAINER = 0x900, KEY_EACH };

struct apply {
	struct strings wanted; /* definitions by name; none: all */
	const char *container; /* only definitions about this DPRC; NULL: about any */
	bool each;	       /* a transaction for each */
	struct definitions definitions;
	size_t n_bad; /* files that are none */
	/* By the index of the DPRC in changing->names: those that do not exist yet are the last. */
	struct definition **matched;
	size_t n_matched;
};

/* For one DPRC a file that is no definition stands in nobody's way, unless it may be about that
 * one. */
static int load(struct apply *apply, const struct sysfs *sysfs)
{
	struct definitions *definitions = &apply->definitions;
	int r = 0;

	if (!apply->wanted.n_texts)
		return settings_load_all(sysfs, definitions,
					 apply->container ? &apply->n_bad : NULL);
	for (size_t i = 0; i < apply->wanted.n_texts && r >= 0; i++)
		r = settings_load(sysfs, apply->wanted.texts[i], definitions);
	return r;
}

static const struct definition *definition_of(const struct changing *changing, const char *dprc)
{
	const struct apply *apply = changing->verb->data;

	for (size_t i = 0; i < changing->names.n_texts; i++)
		if (streq(changing->names.texts[i], dprc))
			return apply->matched[i];
	return NULL;
}

static void add_matched(struct apply *apply, struct definition *definition)
{
	apply->matched =
		xrealloc(apply->matched, apply->n_matched + 1, sizeof(struct definition *));
	apply->matched[apply->n_matched++] = definition;
}

static int match(struct changing *changing, const struct bus *bus, struct definition *definition)
{
	struct name_text name;
	struct dprc *dprc;
	int r = definition_find_dprc(definition, bus, &dprc);

	if (r < 0)
		return r;
	name = name_text(&dprc->object->name);
	if (definition_of(changing, name.text))
		return fail(-ERROR_REFUSED, name.text, "two definitions are about it: '%s', '%s'",
			    definition_of(changing, name.text)->name, definition->name);
	add_matched(changing->verb->data, definition);
	strings_add(&changing->names, name.text);
	return 0;
}

static int fail_unknown(const struct definition *definition, const char *container)
{
	return fail(-ERROR_REFUSED, container,
		    "cannot tell whether the definition '%s' matches: no answer from the MC",
		    definition->name);
}

/* What the root DPRC stands for: the containers that are to be made in it. */
static int match_asked(struct changing *changing, const struct bus *bus,
		       const struct dprc *container, struct definition *definition)
{
	const struct apply *apply = changing->verb->data;
	known_bool is_about = !container;

	if (container && !container->is_root)
		is_about = definition_is_about(definition, bus, container);
	if (is_about < 0)
		return fail_unknown(definition, apply->container);
	return is_about ? match(changing, bus, definition) : 0;
}

/* The containers that are missing, once it is known which those are that exist. */
static int make_missing(struct changing *changing, const struct bus *bus, struct mc *mc,
			struct definition *const *missing, size_t n_missing)
{
	int r = 0;

	/* Before the first command: what is destroyed again costs MC portals. */
	for (size_t i = 0; i < n_missing && r >= 0; i++) {
		struct account owner;

		add_matched(changing->verb->data, missing[i]);
		r = assigning_find_owner(missing[i], missing[i]->label, &owner);
		if (r >= 0)
			r = assigning_check_new(missing[i], bus);
	}
	if (r < 0)
		return r;
	changing->n_layouts = n_missing;
	return layouts_decide_all(missing, n_missing, bus, mc, &changing->layouts);
}

static int resolve_definitions(struct changing *changing, const struct bus *bus, struct mc *mc,
			       const struct dprc *container)
{
	struct apply *apply = changing->verb->data;
	struct definitions *definitions = &apply->definitions;
	_cleanup_free_ struct definition **missing =
		xcalloc(definitions->n_definitions + 1, sizeof(struct definition *));
	size_t n_missing = 0;
	int r = 0;

	for (size_t i = 0; i < definitions->n_definitions && r >= 0; i++) {
		struct definition *definition = &definitions->definitions[i];
		const bool is_for_root = container && container->is_root;
		const known_bool makes = definition_makes(definition, bus);

		if (makes > 0 && (!container || is_for_root))
			missing[n_missing++] = definition;
		else if (makes < 0 && is_for_root)
			r = fail_unknown(definition, apply->container);
		else
			r = match_asked(changing, bus, container, definition);
	}
	return r < 0 || !n_missing ? r : make_missing(changing, bus, mc, missing, n_missing);
}

static int check_matched(const struct apply *apply, size_t n_matched)
{
	return !apply->n_bad || n_matched
		       ? 0
		       : fail(-ERROR_REFUSED, apply->container,
			      "no valid definition matches; see the invalid files above");
}

static int resolve(struct changing *changing, const struct bus *bus, struct mc *mc)
{
	struct apply *apply = changing->verb->data;
	struct dprc *container = NULL;
	int r = load(apply, bus->sysfs);

	if (r >= 0 && apply->container)
		r = command_find_dprc(bus, apply->container, &container);
	if (r >= 0)
		r = resolve_definitions(changing, bus, mc, container);
	if (r >= 0 && !apply->each)
		r = check_matched(apply, apply->n_matched);
	if (r >= 0 && !apply->definitions.n_definitions)
		note(NULL, "there are no definitions in " SETTINGS_PATH);
	return r;
}

static int prepare_apply(const struct changing *changing,
			 const struct transaction *transaction _unused_,
			 const struct candidate *candidate, struct change *change)
{
	const struct name_text name = name_text(&change->name);
	const struct definition *definition = definition_of(changing, name.text);
	const struct policy policy = assigning_policy(definition);
	struct account owner;
	int r = assigning_find_owner(definition, name.text, &owner);

	change->definition = definition->name;
	if (r < 0)
		return r;
	r = assigning_prepare(&policy, definition->owner ? &owner : NULL, candidate, change);
	return r < 0 ? r : assigning_check_workload(&definition->workload, candidate);
}

/* vfio-fsl-mc took what was in it at the bind, which may be more than was looked at. */
static int verify(const struct changing *changing, struct transaction *transaction)
{
	struct bus *bus = transaction->after;
	int r = 0;

	if (!bus)
		return 0;
	facts_load_mc_over(bus, MC_ENDPOINTS, &transaction->mc);
	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		const struct name *name = &transaction->changes[i].name;

		r = definition_check_contents(definition_of(changing, name_text(name).text), bus,
					      bus_find_dprc(bus, name));
	}
	return r;
}

static error_t parse_apply(int key, char *arg, struct argp_state *state)
{
	struct changing *changing = state->input;
	struct apply *apply = changing->verb->data;

	switch (key) {
	case KEY_CONTAINER:
		apply->container = arg;
		return 0;
	case KEY_EACH:
		apply->each = true;
		return 0;
	case ARGP_KEY_END:
		if (apply->each && changing->dry_run)
			usage_error(state, "--each excludes --dry-run; 'fslmc-vfio status' shows "
					   "what differs");
		return 0;
	case ARGP_KEY_ARG:
		if (!strings_has(&apply->wanted, definition_cut_suffix(arg)))
			strings_add(&apply->wanted, arg);
		return 0;
	default:
		return changing_parse_nothing(key, arg, state);
	}
}

static const struct column_table tables[] = {
	{ change_columns, &n_change_columns, NULL },
	{ write_columns, &n_write_columns, "with --dry-run" },
	{ status_columns, &n_status_columns, "with --each" },
	{ 0 },
};

static const struct argp_option options[] = {
	{ "container", KEY_CONTAINER, "DPRC", 0,
	  "apply only definitions matching DPRC; no match is not an error", 0 },
	{ "each", KEY_EACH, NULL, 0,
	  "make each definition a transaction of its own, and show the status of all", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse_apply,
	.args_doc = "[DEFINITION...]",
	.doc = "Apply the definitions in " SETTINGS_PATH ". Either all changes are made or none.\v"
	       "DPRCs that already match are not touched. A DPRC that is missing, that is not the "
	       "only one to match, or whose contents differ from its definition is refused, and "
	       "then nothing is changed; with --each the others are applied.",
	.children = changing_children,
};

/* What one definition leads to; those that match nothing are not worth a word. */
static int apply_one(struct changing *changing, const char *operation, const char *name,
		     struct strings *tried)
{
	struct apply *apply = changing->verb->data;
	int r;

	strings_done(&apply->wanted);
	strings_add(&apply->wanted, name);
	r = changing_transact(changing, operation);
	if (r < 0 || apply->n_matched)
		strings_add(tried, name);
	definitions_done(&apply->definitions);
	free(take_pointer(apply->matched));
	apply->n_matched = 0;
	changing_done(changing);
	return r;
}

/* What is left half done, or pending in the kernel, says more than that something differs. */
static bool is_worst(int r) { return r == -ERROR_RESIDUE || r == -ERROR_TIMED_OUT; }

/* What was not tried is not known to be as defined. */
static int fail_stopped(const char *name, int result)
{
	const int r =
		fail(-ERROR_DIFFERS, name, "stopped by %s before it was tried", signals_pending());

	return result ? result : r;
}

static int apply_each(struct changing *changing, const char *operation, const struct strings *names)
{
	_cleanup_strings_ struct strings tried = { 0 };
	struct status_request request = {
		.names = &tried,
		.none = names->n_texts ? "no definition matches" : STATUS_NO_DEFINITIONS,
		.patience_s = READING_PATIENCE_S + changing->transaction.wait_s,
	};
	bool is_applied = false;
	size_t i;
	int r;

	for (i = 0; i < names->n_texts && !signals_pending(); i++) {
		const size_t n_before = tried.n_texts;

		r = apply_one(changing, operation, names->texts[i], &tried);
		/* Only root may apply any; not each needs all capabilities of root. */
		if (r == -ERROR_PERMISSION && geteuid() != 0)
			return r;
		is_applied |= r >= 0 && tried.n_texts > n_before;
		if (is_worst(r) && request.result != -ERROR_RESIDUE)
			request.result = r;
	}
	if (i < names->n_texts)
		request.result = fail_stopped(names->texts[i], request.result);
	r = check_matched(changing->verb->data, tried.n_texts);
	if (r >= 0)
		r = status_show(changing->common, &changing->table, &request);
	/* What was applied stays, so that no other error would be true of all. */
	return request.result ? request.result : r < 0 && is_applied ? -ERROR_DIFFERS : r;
}

/* A name that is none must not end with what came before it applied. */
static int list_names(const struct common *common, struct apply *apply, struct strings *names)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_bus_ struct bus *bus = NULL;
	struct dprc *dprc;
	int r = command_load_bus(common, &sysfs, &bus);

	if (r >= 0 && apply->container)
		r = command_find_dprc(bus, apply->container, &dprc);
	for (size_t i = 0; i < apply->wanted.n_texts && r >= 0; i++) {
		r = settings_check_name(apply->wanted.texts[i]);
		if (r >= 0)
			r = settings_check_there(&sysfs, apply->wanted.texts[i]);
		strings_add(names, apply->wanted.texts[i]);
	}
	if (r < 0 || names->n_texts)
		return r;
	if (!apply->container)
		return settings_list(&sysfs, names);
	r = load(apply, &sysfs);
	for (size_t i = 0; i < apply->definitions.n_definitions; i++)
		strings_add(names, apply->definitions.definitions[i].name);
	definitions_done(&apply->definitions);
	return r;
}

static int carry_out(struct changing *changing, const char *operation)
{
	struct apply *apply = changing->verb->data;
	_cleanup_(selection_done) struct selection selection = { 0 };
	_cleanup_strings_ struct strings names = { 0 };
	int r;

	if (!apply->each)
		return changing_transact(changing, operation);
	r = command_refuse_captured(changing->common, "'fslmc-vfio status' shows what differs");
	/* Before anything is done: a typing error must cost nothing. */
	if (r >= 0)
		r = command_select(status_columns, n_status_columns, changing->table.output,
				   &selection);
	if (r >= 0)
		r = list_names(changing->common, apply, &names);
	return r < 0 ? r : apply_each(changing, operation, &names);
}

static int run_apply(const struct command *command, struct common *common, int argc, char **argv)
{
	struct apply apply = { 0 };
	struct changing_verb verb = {
		.resolve = resolve,
		.prepare = prepare_apply,
		.verify = verify,
		/* Linux's list may be as many, and others. */
		.needs_endpoints = true,
		.columns = "+DEFINITION",
		.data = &apply,
	};
	struct changing changing = changing_of(common, &verb);
	int r;

	command_parse(command, argc, argv, &changing);
	verb.is_silent = apply.each;
	r = carry_out(&changing, command->name);
	changing_done(&changing);
	strings_done(&apply.wanted);
	definitions_done(&apply.definitions);
	free(apply.matched);
	return r;
}

const struct command command_apply = { "apply", "apply definitions", &argp, run_apply,
				       tables,	.refuses_root = true };
