/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio check: could it be assigned?  Every reason for and against. */
#include "assign/candidate.h"
#include "assign/policy.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "model/dprc.h"
#include "report/view_change.h"
#include "verbs/command.h"
#include "verbs/facts.h"

enum { KEY_STRICT = 0x100 };

struct check {
	struct common *common;
	struct table_options table;
	struct strings names;
	struct policy policy;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct check *check = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = check->common;
		state->child_inputs[2] = &check->table;
		return 0;
	case KEY_STRICT:
		check->policy.strict = true;
		return 0;
	case ARGP_KEY_ARG:
		strings_add(&check->names, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "strict", KEY_STRICT, NULL, 0, "Refuse a container whose contents its user can change",
	  0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ &table_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[DPRC...]",
	.doc = "Say whether DPRCs could be assigned, with every reason for and against. Without a "
	       "name, "
	       "check them all. The exit status is that of the first refusal.\v",
	.children = children,
};

/* Shows what applies to one object; returns what bind would. */
static int show_findings(const struct check *check, struct render *render,
			 const struct candidate *candidate, struct json_object **ret_summary)
{
	const struct name *name = &candidate->object->name;
	size_t n_refusals = 0, n_warnings = 0;
	int r = 0;

	for (size_t i = 0; i < n_reasons; i++) {
		const enum severity severity = reason_severity(&reasons[i], &check->policy);
		_cleanup_free_ char *evidence = reasons[i].evidence(candidate);

		if (!evidence)
			continue;
		render_record(render, NULL,
			      view_finding(name, &reasons[i], &check->policy, evidence));
		if (severity == SEVERITY_REFUSE && !n_refusals)
			r = -reasons[i].error;
		n_refusals += severity == SEVERITY_REFUSE;
		n_warnings += severity == SEVERITY_WARN;
	}
	*ret_summary = view_check(name, !n_refusals, n_refusals, n_warnings);
	return r;
}

static void names_of_all(const struct bus *bus, struct strings *names)
{
	for (size_t i = 0; i < bus->n_dprcs; i++)
		strings_add(names, name_text(&bus->dprcs[i].object->name).text);
}

static int find_objects(const struct bus *bus, const struct strings *names,
			const struct object **objects)
{
	for (size_t i = 0; i < names->n_texts; i++) {
		struct name name;
		int r = command_parse_name(names->texts[i], &name);

		if (r < 0)
			return r;
		objects[i] = bus_find(bus, &name);
		if (!objects[i])
			return fail(-ERROR_NOT_FOUND, names->texts[i],
				    "no such object on the fsl-mc bus; 'fslmc-vfio list' shows the "
				    "DPRCs there are");
	}
	return 0;
}

static int show(struct check *check, const struct bus *bus, const struct object *const *objects)
{
	_cleanup_(selection_done) struct selection findings = { 0 }, checks = { 0 };
	const size_t n = check->names.n_texts;
	_cleanup_free_ struct json_object **summaries = xcalloc(n, sizeof(*summaries));
	_cleanup_host_ struct host host = { 0 };
	struct render *render;
	int result =
		command_select(finding_columns, n_finding_columns, check->table.output, &findings);

	if (result < 0)
		return result;
	command_select(check_columns, n_check_columns, NULL, &checks);
	host_load(bus, &host);
	render = render_begin(&check->common->style);
	render_list(render, "findings", &findings);
	for (size_t i = 0; i < n; i++) {
		_cleanup_candidate_ struct candidate candidate = { 0 };
		int r;

		candidate_load(bus, &host, objects[i], &candidate);
		r = show_findings(check, render, &candidate, &summaries[i]);
		if (!result)
			result = r;
	}
	render_list(render, "checks", &checks);
	for (size_t i = 0; i < n; i++)
		render_record(render, NULL, summaries[i]);
	return render_end(render, result);
}

static int run(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_bus_ struct bus *bus = NULL;
	_cleanup_free_ const struct object **objects = NULL;
	struct check check = { .common = common, .table.style = &common->style };
	int r;

	command_parse(command->argp, 0, argc, argv, &check);
	r = command_load_bus(common, &sysfs, &bus);
	if (r < 0)
		return r;
	facts_load_mc(bus, true);
	if (!check.names.n_texts)
		names_of_all(bus, &check.names);
	objects = xcalloc(check.names.n_texts, sizeof(*objects));
	r = find_objects(bus, &check.names, objects);
	if (r >= 0)
		r = show(&check, bus, objects);
	strings_done(&check.names);
	return r;
}

const struct command command_check = { "check",
				       "could they be assigned? every reason, with its code", &argp,
				       run };
