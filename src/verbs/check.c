/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio check: could it be assigned?  Every reason for and against. */
#include <stdio.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/listing.h"
#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "model/dprc.h"
#include "model/mc_unseen.h"
#include "report/view_check.h"
#include "rules/candidate.h"
#include "rules/needs.h"
#include "rules/policy.h"
#include "transaction/lock.h"
#include "verbs/command.h"
#include "verbs/facts.h"
#include "verbs/label.h"
#include "verbs/reading.h"
#include "verbs/workload.h"

enum { KEY_STRICT = 0x100, KEY_LOCK };

/* What was found out of one object. */
struct checked {
	struct name name;
	bool is_root; /* with its driver: that it is refused is no news */
	struct findings findings;
};

struct check {
	struct common *common;
	const struct sysfs *sysfs;
	struct table_options table;
	struct strings texts; /* as given */
	struct strings names; /* what they mean, in this look */
	bool is_for_all;      /* no name was given */
	struct policy policy;
	struct workload workload;
	struct checked *checked;
	size_t n_checked;
	size_t n_unseen; /* DPRCs that only the MC has */
};

static error_t parse_check(int key, char *arg, struct argp_state *state)
{
	struct check *check = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = check->common;
		state->child_inputs[2] = &check->table;
		state->child_inputs[3] = &check->workload;
		return 0;
	case KEY_STRICT:
		check->policy.strict = true;
		return 0;
	case KEY_LOCK:
		check->policy.lock = true;
		return 0;
	case ARGP_KEY_ARG:
		if (!strings_has(&check->texts, arg))
			strings_add(&check->texts, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "strict", KEY_STRICT, NULL, 0,
	  "refuse if isolation from an untrusted user is not guaranteed (see fslmc-vfio-checks(7))",
	  0 },
	{ "lock", KEY_LOCK, NULL, 0, "check as if 'bind --lock' were to lock the DPRC", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ &table_argp, 0, NULL, 0 },
	{ &workload_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct column_table tables[] = {
	{ finding_columns, &n_finding_columns, NULL },
	{ 0 },
};

static void print_help(FILE *stream)
{
	command_print_codes(stream,
			    "Reasons, explained in fslmc-vfio-checks(7):", RULES_OF_CONTAINER);
	command_print_codes(stream, "\nReasons of --for:", RULES_OF_NEEDS);
}

static const struct argp argp = {
	.options = options,
	.parser = parse_check,
	.args_doc = "[DPRC...]",
	.doc = "Say whether DPRCs could be assigned, with every reason for and against. Without a "
	       "name, check them all. The exit status is that of the first refusal; without a "
	       "name, "
	       "that of a root DPRC does not count.",
	.children = children,
};

/* A row of the table, or a line and what to do about it. */
static void show_finding(const struct check *check, struct render *render, const struct name *name,
			 const struct finding *finding)
{
	_cleanup_free_ char *text = NULL, *remedy = NULL;

	if (table_is_for_scripts(&check->table)) {
		render_record(render, NULL, view_finding(name, finding));
		return;
	}
	text = view_finding_text(finding);
	remedy = xasprintf("remedy: %s", finding->remedy);
	render_line_colored(render, 2, 7, view_severity_color(finding), text);
	render_line(render, 9, 8, remedy);
}

/* For people the verdict comes last, here and of them all. */
static void show_checked(const struct check *check, struct render *render,
			 const struct checked *checked)
{
	const struct findings *findings = &checked->findings;
	_cleanup_free_ char *verdict =
		view_verdict(&checked->name, findings, consumer_name(check->workload.consumer));

	if (!table_is_for_scripts(&check->table) && check->n_checked > 1 && findings->n_findings)
		render_line(render, 0, 2, name_text(&checked->name).text);
	for (size_t i = 0; i < findings->n_findings; i++)
		show_finding(check, render, &checked->name, &findings->findings[i]);
	if (!table_is_for_scripts(&check->table)) {
		render_line(render, 0, 2, verdict);
		if (check->n_checked > 1)
			render_line(render, 0, 0, "");
	}
}

/* "can be bound: dprc.2, dprc.3; refused: dprc.4".  No root is refused here: it always is. */
static void show_verdict(const struct check *check, struct render *render)
{
	struct listing bound = { 0 }, refused = { 0 };
	_cleanup_free_ char *text = NULL;

	for (size_t i = 0; i < check->n_checked; i++) {
		const struct checked *checked = &check->checked[i];

		if (view_can_be_bound(&checked->findings))
			listing_add(&bound, name_text(&checked->name).text);
		else if (!checked->is_root)
			listing_add(&refused, name_text(&checked->name).text);
	}
	if (bound.n || refused.n)
		text = xasprintf("%s%s%s%s%s", bound.n ? "can be bound: " : "",
				 bound.n ? bound.text : "", bound.n && refused.n ? "; " : "",
				 refused.n ? "refused: " : "", refused.n ? refused.text : "");
	render_line(render, 0, 2, text ? text : "there is no DPRC besides the root");
	free(bound.text);
	free(refused.text);
}

/* What bind would say to the first it refuses. */
static int result_of(const struct check *check)
{
	for (size_t i = 0; i < check->n_checked; i++) {
		const struct checked *checked = &check->checked[i];
		const struct finding *refusal = findings_refusal(&checked->findings);

		if (refusal && !(check->is_for_all && checked->is_root))
			return -refusal->error;
	}
	return check->n_unseen ? -ERROR_NOT_FOUND : 0;
}

static int show_check(const struct check *check)
{
	_cleanup_(selection_done) struct selection findings = { 0 }, checks = { 0 };
	const bool is_json = check->common->style.json;
	struct render *render;
	int r = command_select(finding_columns, n_finding_columns, check->table.output, &findings);

	if (r < 0)
		return r;
	command_select(check_columns, n_check_columns, NULL, &checks);
	render = render_begin(&check->common->style);
	if (table_is_for_scripts(&check->table))
		render_list(render, "findings", &findings);
	for (size_t i = 0; i < check->n_checked; i++)
		show_checked(check, render, &check->checked[i]);
	if (is_json)
		render_list(render, "checks", &checks);
	for (size_t i = 0; is_json && i < check->n_checked; i++)
		render_record(render, NULL,
			      view_check(&check->checked[i].name, &check->checked[i].findings));
	if (!table_is_for_scripts(&check->table) && (check->n_checked > 1 || check->is_for_all))
		show_verdict(check, render);
	return render_end(render, result_of(check));
}

static void forget_checked(struct check *check)
{
	for (size_t i = 0; i < check->n_checked; i++)
		findings_done(&check->checked[i].findings);
	free(take_pointer(check->checked));
	strings_done(&check->names);
	check->n_checked = 0;
	check->n_unseen = 0;
}

/* As bind would, which has nothing to do with one that is bound, and takes names together. */
static void check_one(struct check *check, const struct bus *bus, const struct host *host,
		      const struct object *const *together, const struct object *object)
{
	const enum rule_scope scope =
		str_same(object->driver, VFIO_DRIVER) ? RULES_OF_BOUND : RULES_OF_CONTAINER;
	_cleanup_candidate_ struct candidate candidate = { 0 };
	struct checked *checked;

	candidate_load(bus, host, object, &candidate);
	check->checked = xrealloc(check->checked, check->n_checked + 1, sizeof(*check->checked));
	checked = &check->checked[check->n_checked++];
	*checked = (struct checked){
		.name = object->name,
		.is_root = candidate.dprc && candidate.dprc->is_root &&
			   str_same(object->driver, DPRC_DRIVER),
	};
	candidate.workload = check->workload;
	candidate.is_locked = candidate.dprc && lock_is_on_record(bus->sysfs, candidate.dprc);
	for (size_t i = 0; i < check->names.n_texts; i++)
		candidate_goes_with(&candidate, bus_find_dprc(bus, &together[i]->name));
	policy_find(&check->policy, &candidate, scope, &checked->findings);
	policy_find(&check->policy, &candidate, RULES_OF_NEEDS, &checked->findings);
}

static int find_objects(struct bus *bus, const struct strings *names, const struct object **objects)
{
	for (size_t i = 0; i < names->n_texts; i++) {
		struct name name;
		int r = command_parse_name(names->texts[i], &name);

		if (r < 0)
			return r;
		objects[i] = bus_find(bus, &name);
		if (!objects[i])
			return command_fail_missing(bus, names->texts[i]);
	}
	return 0;
}

/* All is found out before any of it is shown: another run may be changing it. */
static int look(void *data)
{
	struct check *check = data;
	_cleanup_bus_ struct bus *bus = NULL;
	_cleanup_host_ struct host host = { 0 };
	_cleanup_free_ const struct object **objects = NULL;
	const struct mc_object *unseen;
	int r;

	forget_checked(check);
	r = command_read_bus(check->sysfs, &bus);
	if (r < 0)
		return r;
	if (check->is_for_all && !bus->n_dprcs)
		return fail(-ERROR_NOT_FOUND, NULL,
			    "no DPRC on the fsl-mc bus: no DPAA2 machine, or its MC did not start; "
			    "run 'fslmc-vfio doctor'");
	facts_load_mc(bus, MC_ENDPOINTS);
	for (size_t i = 0; i < check->texts.n_texts; i++)
		strings_add(&check->names, check->texts.texts[i]);
	r = label_resolve(bus, &check->names);
	if (r < 0)
		return r;
	objects = xcalloc(check->names.n_texts, sizeof(*objects));
	r = find_objects(bus, &check->names, objects);
	if (r < 0)
		return r;
	host_load(bus, &host);
	for (size_t i = 0; i < check->names.n_texts; i++)
		check_one(check, bus, &host, objects, objects[i]);
	for (size_t i = 0; check->is_for_all && i < bus->n_dprcs; i++)
		check_one(check, bus, &host, objects, bus->dprcs[i].object);
	for (size_t i = 0; check->is_for_all && (unseen = mc_unseen_dprc(bus, i)); i++)
		check->n_unseen += command_fail_unseen(bus, unseen) < 0;
	return 0;
}

static int run_check(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	struct check check = { .common = common, .table.style = &common->style, .sysfs = &sysfs };
	int r;

	command_parse(command, argc, argv, &check);
	check.is_for_all = !check.texts.n_texts;
	r = command_open(common, &sysfs);
	if (r >= 0)
		r = reading_settled(&sysfs, READING_PATIENCE_S, look, &check);
	if (r >= 0)
		r = show_check(&check);
	forget_checked(&check);
	strings_done(&check.texts);
	return r;
}

const struct command command_check = { "check", "check whether DPRCs can be assigned to VFIO",
				       &argp,	run_check,
				       tables,	.print_help = print_help };
