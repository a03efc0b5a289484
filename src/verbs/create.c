/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio create: makes a DPRC with what a program needs. */
#include <errno.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "layout/layout_make.h"
#include "model/mc_inventory.h"
#include "report/view.h"
#include "report/view_layout.h"
#include "report/view_made.h"
#include "transaction/audit.h"
#include "transaction/change.h"
#include "transaction/creation.h"
#include "transaction/transaction.h"
#include "verbs/command.h"
#include "verbs/facts.h"
#include "verbs/layout_options.h"
#include "verbs/layouts.h"
#include "verbs/usage.h"
#include "verbs/waiting.h"

enum { KEY_DRY_RUN = 0x300, KEY_FORCE };

struct create {
	struct common *common;
	struct table_options table;
	struct transaction_options transaction;
	struct layout_request request;
	bool dry_run;
	struct selection selection; /* of the columns that will be shown */
	struct board board;
	struct layout layout;
};

static error_t parse_create(int key, char *arg _unused_, struct argp_state *state)
{
	struct create *create = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = create->common;
		state->child_inputs[2] = &create->table;
		state->child_inputs[3] = &create->transaction;
		state->child_inputs[4] = &create->request;
		return 0;
	case KEY_DRY_RUN:
		create->dry_run = true;
		return 0;
	case KEY_FORCE:
		create->request.force = true;
		return 0;
	case ARGP_KEY_END:
		if (!create->request.label)
			usage_error(state, "no --label given");
		if (!create->request.workload.consumer)
			usage_error(state, "no --for given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "force", KEY_FORCE, NULL, 0,
	  "take ports also from network interfaces in use and from switches", 0 },
	{ "dry-run", KEY_DRY_RUN, NULL, 0, "show what would be made, but do not make it", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &help_argp, 0, NULL, 0 },    { &common_argp, 0, NULL, 0 }, { &table_argp, 0, NULL, 0 },
	{ &waiting_argp, 0, NULL, 0 }, { &layout_argp, 0, NULL, 0 }, { 0 },
};

static const struct column_table tables[] = {
	{ created_columns, &n_created_columns, NULL },
	{ layout_object_columns, &n_layout_object_columns, "with --dry-run" },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse_create,
	.doc = "Create a DPRC in the root DPRC, with the objects that a program needs: all or "
	       "nothing. --label and --for are required. The DPRC is not bound.",
	.children = children,
};

static void show_objects(const struct create *create, struct render *render)
{
	for (size_t i = 0; i < create->layout.n_objects;)
		render_record(render, NULL, view_layout_objects(&create->layout, &i));
}

static void show_connections(const struct create *create, struct render *render,
			     const struct selection *selection)
{
	bool is_begun = create->common->style.json;

	if (is_begun)
		render_list(render, "layout_connections", selection);
	for (size_t i = 0; i < create->layout.n_objects; i++) {
		struct json_object *record = view_layout_connection(&create->layout, i);

		if (record && !is_begun)
			render_list(render, "layout_connections", selection);
		is_begun |= record != NULL;
		if (record)
			render_record(render, NULL, record);
	}
}

static void show_pools(const struct create *create, struct render *render,
		       const struct selection *selection)
{
	render_list(render, "layout_pools", selection);
	for (size_t i = 0; i < create->board.pools.n_pools; i++)
		render_record(render, NULL,
			      view_layout_pool(&create->layout, &create->board.pools.pools[i]));
}

static void show_warnings(const struct create *create, struct render *render)
{
	_cleanup_free_ char *portals = xasprintf(
		"MC portals of DPMCPs (mcp, %zu here) are not free again before the board boots, "
		"even if the DPMCPs are destroyed.",
		layout_count(&create->layout, "dpmcp"));

	render_line(render, 0, 0, "");
	render_line(
		render, 0, 2,
		"How much is taken from pools with ? is unknown; if one runs out, everything is "
		"undone.");
	render_line(render, 0, 2, portals);
}

/* What is said here is what would be made; that of the first line is a record in JSON. */
static int show_layout(const struct create *create)
{
	_cleanup_(selection_done) struct selection connections = { 0 }, pools = { 0 };
	struct render *render = render_begin(&create->common->style);
	_cleanup_free_ char *text = view_layout_text(&create->layout);

	command_select(layout_connection_columns, n_layout_connection_columns, NULL, &connections);
	command_select(layout_pool_columns, n_layout_pool_columns, NULL, &pools);
	render_member(render, "dry_run", json_object_new_boolean(true));
	render_member(render, "layout", view_layout(&create->layout));
	if (!table_is_for_scripts(&create->table))
		render_line(render, 0, 2, text);
	render_list(render, "layout_objects", &create->selection);
	show_objects(create, render);
	if (table_is_for_scripts(&create->table) && !create->common->style.json)
		return render_end(render, 0);
	show_connections(create, render, &connections);
	show_pools(create, render, &pools);
	show_warnings(create, render);
	return render_end(render, 0);
}

static int load_board(struct create *create, struct bus *bus, struct mc *mc)
{
	if (facts_load_mc_over(bus, MC_ENDPOINTS, mc) == -ETIMEDOUT)
		return fail(-ERROR_FAILED, NULL, "the MC does not answer; nothing was created");
	return layouts_load_board(bus, mc, &create->board);
}

/* A result that cannot be written is undone, or the caller would have to guess. */
static int carry_out(struct create *create, struct transaction *transaction, const struct bus *bus)
{
	struct render *render;
	int r = transaction_create(transaction, bus, &create->layout, 1);

	if (r < 0)
		return r;
	render = render_begin(&create->common->style);
	render_member(render, "changed", json_object_new_boolean(true));
	render_list(render, "dprcs", &create->selection);
	render_record(render, NULL, view_created(&transaction->creations[0].made));
	r = render_end_before(render, 0);
	return r < 0 ? transaction_undo(transaction) : transaction_commit(transaction);
}

static int run_locked(struct create *create, struct transaction *transaction)
{
	_cleanup_bus_ struct bus *bus = NULL;
	int r = command_read_bus(transaction->sysfs, &bus);

	if (r >= 0)
		r = command_check_root(bus);
	if (r >= 0)
		r = load_board(create, bus, &transaction->mc);
	if (r >= 0)
		r = transaction_check_making(transaction, NULL);
	if (r >= 0)
		r = layouts_decide(&create->request, &create->board, &create->layout);
	if (r >= 0)
		r = create->dry_run ? show_layout(create) : carry_out(create, transaction, bus);
	board_done(&create->board);
	return r;
}

/* Before anything is done: a typing error must cost nothing. */
static int select_columns(struct create *create)
{
	const struct render_style *style = &create->common->style;

	if (!create->dry_run)
		return command_select_all(style, created_columns, n_created_columns,
					  create->table.output, &create->selection);
	return command_select_all(style, layout_object_columns, n_layout_object_columns,
				  create->table.output, &create->selection);
}

static int carry_out_create(struct create *create, const struct command *command)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	int r = create->dry_run ? 0
				: command_refuse_captured(create->common,
							  "--dry-run shows what would be made");

	if (r >= 0)
		r = select_columns(create);
	if (r >= 0)
		r = command_open(create->common, &sysfs);
	if (r >= 0)
		r = (create->dry_run ? transaction_begin_dry
				     : transaction_begin)(&transaction, &sysfs, command->name,
							  &create->transaction);
	if (r >= 0)
		r = run_locked(create, &transaction);
	audit_send(&transaction, NULL, r);
	return r;
}

static int run_create(const struct command *command, struct common *common, int argc, char **argv)
{
	struct create create = {
		.common = common,
		.table.style = &common->style,
		.transaction.timeout_s = TRANSACTION_TIMEOUT_S,
	};
	int r;

	command_parse(command, argc, argv, &create);
	r = carry_out_create(&create, command);
	layout_done(&create.layout);
	layout_request_done(&create.request);
	selection_done(&create.selection);
	return r;
}

const struct command command_create = { "create", "create a DPRC with what a program needs", &argp,
					run_create, tables };
