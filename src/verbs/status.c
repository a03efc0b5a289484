/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio status: is the board as the definitions of /etc/fslmc-vfio.d say? */
#include <stdlib.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "model/host.h"
#include "report/view_definition.h"
#include "settings/directory.h"
#include "verbs/command.h"
#include "verbs/drift.h"
#include "verbs/facts.h"
#include "verbs/reading.h"
#include "verbs/status.h"

/* A definition, or a file that is none. */
struct row {
	char *name;
	struct definitions definition; /* one, or none */
	struct drift drift;
};

struct status {
	struct common *common;
	const struct sysfs *sysfs;
	struct table_options table;
	struct strings names;
	bool is_for_all; /* no name was given */
	const char *none;
	struct row *rows;
	size_t n_rows;
	unsigned int patience_s; /* for another run */
	int result;		 /* of another verb, that counts for more; else 0 */
};

static error_t parse_status(int key, char *arg, struct argp_state *state)
{
	struct status *status = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = status->common;
		state->child_inputs[2] = &status->table;
		return 0;
	case ARGP_KEY_ARG:
		if (!strings_has(&status->names, definition_cut_suffix(arg)))
			strings_add(&status->names, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void forget(struct status *status)
{
	for (size_t i = 0; i < status->n_rows; i++) {
		free(status->rows[i].name);
		definitions_done(&status->rows[i].definition);
		drift_done(&status->rows[i].drift);
	}
	free(take_pointer(status->rows));
	status->n_rows = 0;
}

/* What is no definition is no reason not to look at the others. */
static int add_row(struct status *status, const char *name)
{
	struct row row = { 0 };
	char *wrong = NULL;
	int r = settings_try(status->sysfs, name, &row.definition, &wrong);

	if (r < 0 && r != -ERROR_REFUSED) {
		_cleanup_free_ char *text = wrong;

		return fail(r, NULL, "%s", text);
	}
	row.name = xstrdup(name);
	if (r < 0)
		drift_add(&row.drift, "invalid", wrong,
			  xstrdup("mend the file; see fslmc-vfio.d(5)"));
	status->rows = xrealloc(status->rows, status->n_rows + 1, sizeof(row));
	status->rows[status->n_rows++] = row;
	return 0;
}

static int load(struct status *status)
{
	_cleanup_strings_ struct strings all = { 0 };
	const struct strings *names = status->is_for_all ? &all : &status->names;
	int r = status->is_for_all ? settings_list(status->sysfs, &all) : 0;

	for (size_t i = 0; i < names->n_texts && r >= 0; i++)
		r = add_row(status, names->texts[i]);
	return r;
}

/* Two of one DPRC can never both be applied. */
static void find_shared(struct status *status)
{
	for (size_t i = 0; i < status->n_rows; i++)
		for (size_t j = 0; j < status->n_rows; j++) {
			struct drift *drift = &status->rows[i].drift;
			const struct drift *other = &status->rows[j].drift;

			if (i != j && drift->has_dprc && other->has_dprc &&
			    name_equal(&drift->dprc, &other->dprc))
				drift_add(drift, "ambiguous",
					  xasprintf("the definition '%s' is about %s, too",
						    status->rows[j].name,
						    name_text(&drift->dprc).text),
					  xstrdup("undefine one of them"));
		}
}

static int look(void *data)
{
	struct status *status = data;
	_cleanup_bus_ struct bus *bus = NULL;
	_cleanup_host_ struct host host = { 0 };
	int r;

	forget(status);
	r = command_read_bus(status->sysfs, &bus);
	if (r >= 0)
		r = load(status);
	if (r < 0)
		return r;
	if (status->n_rows)
		facts_load_mc(bus, MC_ENDPOINTS);
	host_load(bus, &host);
	for (size_t i = 0; i < status->n_rows; i++) {
		struct row *row = &status->rows[i];

		if (row->definition.n_definitions)
			drift_find(&row->definition.definitions[0], bus, &host, &row->drift);
	}
	find_shared(status);
	return 0;
}

static struct json_object *record_of(const struct row *row)
{
	const struct drift *drift = &row->drift;
	const struct name_text dprc = name_text(&drift->dprc);
	const struct status_texts found = {
		/* The first is what the others may follow from. */
		.state = drift->n_differences ? drift->differences[0].kind : NULL,
		.dprc = drift->has_dprc ? dprc.text : NULL,
		.driver = drift->driver,
		.owner = drift->owner,
	};

	return view_status(row->name,
			   row->definition.n_definitions ? row->definition.definitions : NULL,
			   &found);
}

static void show_difference(struct render *render, bool is_json, const char *name,
			    const struct difference *difference)
{
	_cleanup_free_ char *text = NULL, *remedy = NULL;

	if (is_json) {
		render_record(render, NULL,
			      view_drift(name, difference->kind, difference->text,
					 difference->remedy));
		return;
	}
	text = xasprintf("%s: %s: %s", name, difference->kind, difference->text);
	remedy = xasprintf("remedy: %s", difference->remedy);
	render_line(render, 0, 2, text);
	render_line(render, 2, 8, remedy);
}

static void show_differences(struct render *render, const struct status *status)
{
	for (size_t i = 0; i < status->n_rows; i++)
		for (size_t n = 0; n < status->rows[i].drift.n_differences; n++)
			show_difference(render, status->common->style.json, status->rows[i].name,
					&status->rows[i].drift.differences[n]);
}

static int show_status(const struct status *status)
{
	_cleanup_(selection_done) struct selection selection = { 0 }, drifts = { 0 };
	const bool is_json = status->common->style.json;
	size_t n_different = 0;
	struct render *render;
	int r = command_select(status_columns, n_status_columns, status->table.output, &selection);

	if (r < 0)
		return r;
	command_select(drift_columns, n_drift_columns, NULL, &drifts);
	render = render_begin(&status->common->style);
	render_list(render, "states", &selection);
	render_none(render, status->none);
	for (size_t i = 0; i < status->n_rows; i++) {
		render_record(render, NULL, record_of(&status->rows[i]));
		n_different += status->rows[i].drift.n_differences > 0;
	}
	if (is_json)
		render_list(render, "drifts", &drifts);
	if (is_json || !table_is_for_scripts(&status->table))
		show_differences(render, status);
	return render_end(render, status->result ? status->result
				  : n_different	 ? -ERROR_DIFFERS
						 : 0);
}

static const struct column_table tables[] = {
	{ status_columns, &n_status_columns, NULL },
	{ 0 },
};

static const struct argp argp = {
	.parser = parse_status,
	.args_doc = "[DEFINITION...]",
	.doc = "Say whether the board is as the definitions in " SETTINGS_PATH " say. Changes "
	       "nothing. The exit status is 0 if all is as defined, and 9 if not.",
	.children = table_children,
};

static int show_now(struct status *status)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	int r = command_open(status->common, &sysfs);

	status->sysfs = &sysfs;
	if (r >= 0)
		r = reading_settled(&sysfs, status->patience_s, look, status);
	if (r >= 0)
		r = show_status(status);
	forget(status);
	strings_done(&status->names);
	return r;
}

int status_show(struct common *common, const struct table_options *table,
		const struct status_request *request)
{
	struct status status = { .common = common,
				 .table = *table,
				 .none = request->none,
				 .patience_s = request->patience_s,
				 .result = request->result };

	for (size_t i = 0; i < request->names->n_texts; i++)
		strings_add(&status.names, request->names->texts[i]);
	return show_now(&status);
}

static int run_status(const struct command *command, struct common *common, int argc, char **argv)
{
	struct status status = { .common = common,
				 .table.style = &common->style,
				 .none = STATUS_NO_DEFINITIONS,
				 .patience_s = READING_PATIENCE_S };

	command_parse(command, argc, argv, &status);
	status.is_for_all = !status.names.n_texts;
	return show_now(&status);
}

const struct command command_status = { "status", "say whether all is as the definitions say",
					&argp, run_status, tables };
