/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio destroy: takes containers away, with all that create made for them. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/listing.h"
#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/mc_make.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "report/view_made.h"
#include "transaction/audit.h"
#include "transaction/change.h"
#include "transaction/destruction.h"
#include "transaction/making.h"
#include "transaction/transaction.h"
#include "verbs/command.h"
#include "verbs/doom.h"
#include "verbs/facts.h"
#include "verbs/label.h"
#include "verbs/usage.h"
#include "verbs/waiting.h"

struct destroy {
	struct common *common;
	struct table_options table;
	struct transaction_options transaction;
	struct strings names;
	bool foreign, dry_run;
	struct selection selection;
};

enum { KEY_FOREIGN = 0xd00, KEY_DRY_RUN };

static const struct argp_option options[] = {
	{ "foreign", KEY_FOREIGN, NULL, 0,
	  "also containers and objects that create did not make, or has no record of", 0 },
	{ "dry-run", KEY_DRY_RUN, NULL, 0, "print what would be done, but do not do it", 0 },
	{ 0 },
};

static error_t destroy_parse(int key, char *arg, struct argp_state *state)
{
	struct destroy *destroy = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = destroy->common;
		state->child_inputs[2] = &destroy->table;
		state->child_inputs[3] = &destroy->transaction;
		return 0;
	case ARGP_KEY_ARG:
		if (!strings_has(&destroy->names, arg))
			strings_add(&destroy->names, arg);
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "no DPRC given");
		return 0;
	case KEY_FOREIGN:
		destroy->foreign = true;
		return 0;
	case KEY_DRY_RUN:
		destroy->dry_run = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct column_table tables[] = {
	{ destroy_columns, &n_destroy_columns, NULL },
	{ step_columns, &n_step_columns, "with --dry-run" },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = destroy_parse,
	.args_doc = "DPRC...",
	.doc = "Destroy DPRCs with all objects in them.\v"
	       "All that are named are checked before the first is touched. Connections that "
	       "create cut are made again.",
	.children = waiting_children,
};

/* Takes both texts. */
static void show_step(struct render *render, const struct destroy *destroy, const char *step,
		      char *object, char *peer)
{
	struct json_object *record = view_step(step, object, peer);
	_cleanup_free_ char *text = NULL;

	free(object);
	free(peer);
	if (table_is_for_scripts(&destroy->table)) {
		render_record(render, NULL, record);
		return;
	}
	text = view_step_text(record);
	render_line(render, 2, 2, text);
	json_object_put(record);
}

static char *text_of(const struct name *name) { return xstrdup(name_text(name).text); }

/* Of two that are connected to each other the first, which takes the other with it. */
static bool is_disconnected(const struct mc_container *mc, size_t index)
{
	const struct mc_object *object = &mc->objects[index];
	const struct name *peer = &object->endpoint.name;

	if (object->endpoint.knowledge != ENDPOINT_CONNECTED ||
	    !making_disconnects(object->name.type, peer->type))
		return false;
	for (size_t i = 0; i < index; i++)
		if (name_equal(&mc->objects[i].name, peer) &&
		    making_disconnects(peer->type, object->name.type))
			return false;
	return true;
}

static void show_container(struct render *render, const struct destroy *destroy,
			   const struct bus *bus, const struct doomed *doomed)
{
	const struct made *made = &doomed->made;
	const struct mc_container *mc = bus_find_dprc(bus, &made->name)->mc;

	if (!table_is_for_scripts(&destroy->table)) {
		_cleanup_free_ char *text =
			xasprintf("%s: destroy it and the %zu objects in it",
				  name_text(&made->name).text, made->objects.n_names);

		render_line(render, 0, 2, text);
	}
	for (size_t i = 0; i < mc->n_objects; i++) {
		const struct mc_object *object = &mc->objects[i];

		if (is_disconnected(mc, i))
			show_step(render, destroy, "disconnect", text_of(&object->name),
				  text_of(&object->endpoint.name));
	}
	show_step(render, destroy, "destroy", text_of(&made->name), xstrdup(""));
	for (size_t i = 0; i < made->host_objects.n_names; i++)
		show_step(render, destroy, "destroy", text_of(&made->host_objects.names[i]),
			  xstrdup(""));
	for (size_t i = 0; i < made->n_cuts; i++)
		show_step(render, destroy, "connect", made_end_text(&made->cuts[i].port),
			  made_end_text(&made->cuts[i].peer));
	made_note_portals(made);
}

static int show_plan(const struct destroy *destroy, const struct bus *bus,
		     const struct destruction *destruction)
{
	struct render *render = render_begin(&destroy->common->style);

	render_member(render, "dry_run", json_object_new_boolean(true));
	if (table_is_for_scripts(&destroy->table))
		render_list(render, "steps", &destroy->selection);
	for (size_t i = 0; i < destruction->n_doomed; i++)
		show_container(render, destroy, bus, &destruction->doomed[i]);
	return render_end(render, 0);
}

static int show_result(const struct destroy *destroy, const struct destruction *destruction)
{
	struct render *render = render_begin(&destroy->common->style);

	render_member(render, "changed", json_object_new_boolean(true));
	render_list(render, "dprcs", &destroy->selection);
	for (size_t i = 0; i < destruction->n_doomed; i++) {
		render_record(render, NULL, view_destroyed(&destruction->doomed[i]));
		made_note_portals(&destruction->doomed[i].made);
	}
	return render_end(render, 0) >= 0
		       ? 0
		       : fail(-ERROR_RESIDUE, NULL,
			      "all was destroyed, but the result could not be written");
}

static int run_locked(struct destroy *destroy, struct transaction *transaction)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_bus_ struct bus *bus = NULL;
	_cleanup_free_ char *names = NULL;
	int r = bus_load(transaction->sysfs, &bus);

	if (r < 0)
		return command_fail_bus(r);
	r = facts_load_mc_over(bus, MC_ENDPOINTS, &transaction->mc);
	if (r < 0)
		return fail(r == -EACCES ? -ERROR_PERMISSION : -ERROR_FAILED, NULL,
			    "the MC cannot be queried, so nothing can be destroyed; nothing was "
			    "changed%s",
			    r == -EACCES ? "; run as root" : "");
	r = label_resolve(bus, &destroy->names);
	if (r > 0 && !destroy->dry_run)
		r = transaction_publish(transaction, &destroy->names);
	if (r >= 0)
		r = transaction_check_making(transaction, &destroy->names);
	if (r >= 0)
		r = doom_all(transaction, bus, &destroy->names, destroy->foreign, &destruction);
	if (r < 0)
		return r;
	if (destroy->dry_run)
		return show_plan(destroy, bus, &destruction);
	if (!mc_may_change())
		return fail(-ERROR_PERMISSION, NULL,
			    "CAP_NET_ADMIN is missing, without which the "
			    "kernel passes no change on to the MC");
	r = destruction_run(transaction, &destruction);
	names = strings_join(&destroy->names, " ");
	audit_send(transaction, names, r);
	return r < 0 ? r : show_result(destroy, &destruction);
}

static int destroy_all(struct destroy *destroy, const struct command *command)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	int r = destroy->dry_run ? 0
				 : command_refuse_captured(destroy->common,
							   "--dry-run shows what would be done");

	if (r >= 0)
		r = command_select_all(&destroy->common->style,
				       destroy->dry_run ? step_columns : destroy_columns,
				       destroy->dry_run ? n_step_columns : n_destroy_columns,
				       destroy->table.output, &destroy->selection);
	if (r >= 0)
		r = command_open(destroy->common, &sysfs);
	if (r >= 0)
		r = label_check_names(&sysfs, &destroy->names);
	if (r < 0)
		return r;
	destroy->transaction.names = &destroy->names;
	r = (destroy->dry_run ? transaction_begin_dry : transaction_begin)(&transaction, &sysfs,
									   command->name,
									   &destroy->transaction);
	return r < 0 ? r : run_locked(destroy, &transaction);
}

static int destroy_run(const struct command *command, struct common *common, int argc, char **argv)
{
	struct destroy destroy = {
		.common = common,
		.table.style = &common->style,
		.transaction.timeout_s = TRANSACTION_TIMEOUT_S,
	};
	int r;

	command_parse(command, argc, argv, &destroy);
	r = destroy_all(&destroy, command);
	selection_done(&destroy.selection);
	strings_done(&destroy.names);
	return r;
}

const struct command command_destroy = { "destroy", "destroy DPRCs with all objects in them",
					 &argp,	    destroy_run,
					 tables,    .refuses_root = true };
