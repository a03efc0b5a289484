/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio define: write down what a DPRC is, so that apply finds it again and assigns it. */
#include <stdlib.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "rules/policy.h"
#include "settings/directory.h"
#include "verbs/allow.h"
#include "verbs/define_check.h"
#include "verbs/defining.h"
#include "verbs/facts.h"
#include "verbs/label.h"
#include "verbs/layout_options.h"
#include "verbs/owner.h"
#include "verbs/usage.h"

enum {
	KEY_AS = 0x700,
	KEY_OWNER,
	KEY_STRICT,
	KEY_LOCK,
	KEY_BY_NAME,
	KEY_REPLACE,
	KEY_DRY_RUN,
	KEY_ALLOW,
};

struct define {
	struct common *common;
	struct table_options table;
	const char *dprc;
	char *as;
	bool replace;
	struct defining defining;
	struct defining_result result;
	struct layout_request request; /* without a DPRC; with one only its workload */
	struct definition definition;
};

static error_t parse_settings(int key, char *arg, struct argp_state *state)
{
	struct define *define = state->input;
	struct definition *definition = &define->definition;
	struct account account;

	switch (key) {
	case KEY_OWNER:
		owner_parse(arg, &account, state);
		free(definition->owner);
		definition->owner = xstrdup(arg);
		return 0;
	case KEY_STRICT:
		definition->strict = true;
		return 0;
	case KEY_LOCK:
		definition->lock = true;
		return 0;
	case KEY_ALLOW:
		allow_parse(arg, &definition->allow, state);
		return 0;
	case KEY_BY_NAME:
		definition->is_by_name = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What a DPRC has that exists is not for the command line to say. */
static bool has_layout(const struct layout_request *request)
{
	return request->label || request->n_ports || request->n_loopbacks || request->n_crypto ||
	       request->n_extras || request->options != LAYOUT_OPTIONS;
}

static void check_arguments(const struct define *define, const struct argp_state *state)
{
	const struct layout_request *request = &define->request;

	if (define->dprc && has_layout(request))
		usage_error(state, "--label, --port and what else says how a DPRC is created "
				   "exclude the name of a DPRC");
	if (!define->dprc && !has_layout(request))
		usage_error(state, "no DPRC given");
	if (!define->dprc && (!request->label || !request->workload.consumer))
		usage_error(state, "a DPRC that is to be created requires --label and --for");
	if (!define->dprc && define->definition.is_by_name)
		usage_error(state, "--unsafe-by-name requires the name of a DPRC");
}

static error_t parse_define(int key, char *arg, struct argp_state *state)
{
	struct define *define = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = define->common;
		state->child_inputs[2] = &define->table;
		state->child_inputs[3] = &define->request;
		return 0;
	case KEY_AS:
		free(define->as);
		define->as = xstrdup(definition_cut_suffix(arg));
		if (!definition_name_is_valid(define->as))
			usage_error(state, "'%.64s' cannot be the name of a definition", arg);
		return 0;
	case KEY_REPLACE:
		define->replace = true;
		return 0;
	case KEY_DRY_RUN:
		define->defining.dry_run = true;
		return 0;
	case ARGP_KEY_ARG:
		if (define->dprc)
			usage_error(state, "more than one DPRC");
		define->dprc = arg;
		return 0;
	case ARGP_KEY_END:
		check_arguments(define, state);
		return 0;
	default:
		return parse_settings(key, arg, state);
	}
}

static const struct argp_option options[] = {
	{ "as", KEY_AS, "DEFINITION", 0,
	  "name of the definition (default: after the label of the DPRC)", 0 },
	{ "owner", KEY_OWNER, "USER[:GROUP]", 0, "set owner and group of the VFIO device nodes",
	  0 },
	{ "strict", KEY_STRICT, NULL, 0,
	  "refuse if isolation from an untrusted user is not guaranteed (see "
	  "fslmc-vfio-checks(7))",
	  0 },
	{ "lock", KEY_LOCK, NULL, 0,
	  "lock the DPRC in the MC, so that its user cannot create, destroy or assign objects", 0 },
	{ "allow", KEY_ALLOW, "CODE[,CODE...]", 0,
	  "only warn where one of these reasons applies (see bind --force)", 0 },
	{ "unsafe-by-name", KEY_BY_NAME, NULL, 0,
	  "identify the DPRC by name (unsafe: names are reused)", 0 },
	{ "replace", KEY_REPLACE, NULL, 0,
	  "change an existing definition; what is not given again stays", 0 },
	{ "dry-run", KEY_DRY_RUN, NULL, 0, "show what would be written, but do not write it", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ &table_argp, 0, NULL, 0 },
	{ &layout_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse_define,
	.args_doc = "DPRC\n--label=LABEL --for=PROGRAM [--port=PEER]...",
	.doc = "Create a definition in " SETTINGS_PATH " so that 'apply' assigns the DPRC. It is "
	       "identified by its label or, without one, by its contents. Without a DPRC the "
	       "definition says how one is created, as the options of 'create' do: 'apply' "
	       "creates it if it is missing, so at each boot.",
	.children = children,
};

/* otherwise: the name where the label gives none; NULL: then it has none. */
static void name_definition(struct define *define, const char *label, const char *otherwise)
{
	char *name = define->as ? xstrdup(define->as) : definition_name_of_label(label);

	define->definition.name = name || !otherwise ? name : xstrdup(otherwise);
}

/* By label, if it has one; else by contents alone: then nothing else may contain the same. */
static void identify(struct define *define, const struct dprc *dprc)
{
	struct definition *definition = &define->definition;
	const char *label = dprc->object->mc ? dprc->object->mc->label : "";

	if (definition->is_by_name)
		definition->dprc = dprc->object->name;
	else if (*label)
		definition->label = xstrdup(label);
	name_definition(define, label, name_text(&dprc->object->name).text);
}

/* What the command line does not say again stays as the file says; what it is known by is new. */
static int keep_settings(struct define *define)
{
	static const char *const known_by[] = { "label", "name", "unsafe_by_name" };
	const bool has_layout = define->definition.has_layout ||
				json_object_object_get(define->defining.old, "layout");
	struct json_object *merged = definition_to_json(&define->definition);
	struct definition definition = { 0 };
	_cleanup_free_ char *wrong = NULL;

	json_object_object_foreach (define->defining.old, key, value) {
		bool is_known_by = json_object_object_get(merged, key) != NULL;

		for (size_t i = 0; i < ARRAY_SIZE(known_by); i++)
			is_known_by |= streq(key, known_by[i]);
		if (!is_known_by)
			json_object_object_add(merged, key, json_object_get(value));
	}
	/* With a layout the contents follow from that. */
	if (has_layout)
		json_object_object_del(merged, "contents");
	wrong = definition_parse(define->definition.name, merged, &definition);
	json_object_put(merged);
	if (wrong)
		return fail(-ERROR_REFUSED, NULL, "with what " SETTINGS_PATH "/%s.json says: %s",
			    define->definition.name, wrong);
	definition_done(&define->definition);
	define->definition = definition;
	return 0;
}

/* Sees what is there of that name already. */
static int look_at_old(struct define *define, const struct sysfs *sysfs)
{
	_cleanup_definitions_ struct definitions there = { 0 };
	_cleanup_free_ char *wrong = NULL;
	int r;

	if (!settings_has(sysfs, define->definition.name))
		return 0;
	r = settings_try(sysfs, define->definition.name, &there, &wrong);
	if (r < 0 && !define->replace)
		return fail(r, NULL, "%s", wrong);
	if (r < 0) {
		warn(NULL, "%s; nothing of it is kept", wrong);
		return 0;
	}
	define->defining.old = definition_to_json(&there.definitions[0]);
	return define->replace ? keep_settings(define) : 0;
}

static int complete(struct define *define, const struct bus *bus, const struct dprc *dprc)
{
	const struct name_text name = name_text(&dprc->object->name);
	struct definition *definition = &define->definition;
	int r;

	if (dprc->is_root)
		return fail(-ERROR_REFUSED, name.text,
			    "it is the root DPRC, which can never be assigned");
	identify(define, dprc);
	r = contents_load(bus, dprc, &definition->contents);
	if (r < 0 || !definition->contents.n_entries)
		return fail(-ERROR_REFUSED, name.text, "%s",
			    r < 0 ? "what it contains is not known"
				  : "it is empty, so there is nothing to know it by");
	if (definition->label && !str_is_utf8(definition->label))
		return fail(-ERROR_REFUSED, name.text, "its label is not UTF-8");
	r = look_at_old(define, bus->sysfs);
	return r < 0 ? r : define_check_dprc(definition, bus, dprc);
}

static int complete_layout(struct define *define, struct bus *bus)
{
	_cleanup_(mc_close) struct mc mc = MC_CLOSED;
	struct definition *definition = &define->definition;
	int r;

	definition->has_layout = true;
	definition->label = xstrdup(define->request.label);
	definition->layout = define->request;
	define->request = (struct layout_request){ 0 };
	name_definition(define, definition->label, NULL);
	if (!definition->name)
		return fail(-ERROR_USAGE, NULL,
			    "the label '%s' cannot be the name of a definition; --as gives it one",
			    definition->label);
	r = look_at_old(define, bus->sysfs);
	if (r < 0)
		return r;
	facts_load_mc_over(bus, MC_ENDPOINTS, &mc);
	return define_check_layout(definition, bus, &mc);
}

/* A DPRC that exists. */
static int complete_dprc(struct define *define, struct bus *bus)
{
	struct dprc *dprc;
	int r = label_find_dprc(bus, define->dprc, &dprc);

	if (r < 0)
		return r;
	facts_load_mc(bus, MC_ENDPOINTS);
	return complete(define, bus, dprc);
}

static int fail_different(const struct define *define)
{
	return fail(-ERROR_REFUSED, NULL,
		    SETTINGS_PATH "/%s.json says something else; --replace changes it, "
				  "--as writes another one",
		    define->definition.name);
}

/* Another run wrote it meanwhile, perhaps the same. */
static int compare_new(struct define *define, const struct sysfs *sysfs)
{
	int r = look_at_old(define, sysfs);

	if (r < 0)
		return r;
	return json_object_equal(define->defining.old, define->defining.new)
		       ? 0
		       : fail_different(define);
}

static int store(struct define *define, const struct sysfs *sysfs)
{
	struct defining *defining = &define->defining;
	const char *name = define->definition.name;
	const bool is_written = define->result.changed && !defining->dry_run;
	int r;

	/* Or a reader that went away would leave the file that is not yet named. */
	if (is_written)
		signals_hold();
	r = is_written ? settings_store(sysfs, &define->definition) : 0;
	if (r < 0)
		return r;
	defining->results = &define->result;
	defining->n_results = 1;
	r = defining_tell(define->common, defining);
	if (!is_written)
		return r;
	if (r < 0) {
		settings_discard(sysfs, name);
		return r;
	}
	r = settings_commit(sysfs, name, define->replace);
	return r == -EEXIST ? compare_new(define, sysfs) : r;
}

static int decide(struct define *define)
{
	struct defining *defining = &define->defining;
	const char *name = define->definition.name;

	defining->new = definition_to_json(&define->definition);
	define->result = (struct defining_result){
		.name = name,
		.changed = !json_object_equal(defining->old, defining->new),
	};
	defining->shows_settings =
		define->common->style.json ||
		((defining->old || defining->dry_run) && !table_is_for_scripts(&define->table));
	if (defining->old && define->result.changed && !define->replace)
		return fail_different(define);
	return 0;
}

static int run_define(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_bus_ struct bus *bus = NULL;
	struct define define = { .common = common, .table.style = &common->style };
	int r;

	command_parse(command, argc, argv, &define);
	r = command_refuse_captured(common, NULL);
	if (r < 0)
		return r;
	define.definition.workload = define.request.workload;
	r = defining_begin(&define.table, &define.defining);
	if (r >= 0)
		r = command_load_bus(common, &sysfs, &bus);
	if (r >= 0)
		r = (define.dprc ? complete_dprc : complete_layout)(&define, bus);
	if (r >= 0)
		r = decide(&define);
	if (r >= 0)
		r = store(&define, &sysfs);
	json_object_put(define.defining.old);
	json_object_put(define.defining.new);
	selection_done(&define.defining.selection);
	definition_done(&define.definition);
	free(define.as);
	layout_request_done(&define.request);
	return r;
}

const struct command command_define = {
	"define",	 "create a definition (persistent assignment) for a DPRC",
	&argp,		 run_define,
	defining_tables, .refuses_root = true
};
