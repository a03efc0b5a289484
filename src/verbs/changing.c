/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind, unbind and rebind share. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/mc_make.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/vfio_nodes.h"
#include "report/view_change.h"
#include "rules/candidate.h"
#include "transaction/lock.h"
#include "transaction/plan.h"
#include "verbs/changing.h"
#include "verbs/facts.h"
#include "verbs/waiting.h"

/* Before any lock is taken: a typing error needs no root and no waiting. */
static int check_names(const struct changing *changing, const struct sysfs *sysfs)
{
	int r = 0;

	for (size_t i = 0; i < changing->names.n_texts && r >= 0; i++)
		r = command_check_name(sysfs, changing->names.texts[i]);
	return r;
}

static void expect_losses(struct transaction *transaction, const struct candidate *candidate)
{
	for (size_t i = 0; i < candidate->n_consumers; i++)
		if (candidate->consumers[i].consumer)
			strings_add(&transaction->expected_losses,
				    name_text(&candidate->consumers[i].consumer->name).text);
}

/* The i-th that was named, if the bus has it. */
static const struct dprc *named(const struct changing *changing, const struct bus *bus, size_t i)
{
	struct name name;

	return name_parse(changing->names.texts[i], &name) < 0 ? NULL : bus_find_dprc(bus, &name);
}

/* What is in another one of them goes with that one, and is not there any more by its turn. */
static int refuse_nested(const struct changing *changing, const struct bus *bus,
			 const struct dprc *dprc)
{
	for (size_t i = 0; i < changing->names.n_texts; i++) {
		const struct dprc *outer = named(changing, bus, i);

		if (outer && !outer->is_root && dprc_contains(outer, dprc->object))
			return fail(-ERROR_REFUSED, name_text(&dprc->object->name).text,
				    "it is in %s and goes with it; name only that one",
				    changing->names.texts[i]);
	}
	return 0;
}

/* Before anything is changed, for the kernel would say so only in the middle of it. */
static int check_privilege(const struct changing *changing, const struct change *change)
{
	const bool is_rebound =
		change->rescans || !str_same(change->before.driver, change->after.driver);

	if (changing->dry_run || mc_may_change() ||
	    (change->locked_before == change->locked_after &&
	     !(change->locked_before && is_rebound)))
		return 0;
	return fail(-ERROR_PERMISSION, name_text(&change->name).text,
		    "to %s it in the MC takes CAP_NET_ADMIN, which this process does not have",
		    change->locked_after ? "lock" : "unlock");
}

static int prepare_changing(const struct changing *changing, const struct changing_verb *verb,
			    struct transaction *transaction, const struct bus *bus)
{
	_cleanup_host_ struct host host = { 0 };
	int r = 0;

	host_load(bus, &host);
	for (size_t i = 0; i < changing->names.n_texts && r >= 0; i++) {
		_cleanup_candidate_ struct candidate candidate = { 0 };
		struct change *change;
		struct dprc *dprc;

		r = command_find_dprc(bus, changing->names.texts[i], &dprc);
		if (r >= 0)
			r = refuse_nested(changing, bus, dprc);
		if (r >= 0)
			r = change_add(transaction, &dprc->object->name, dprc->path, &change);
		if (r < 0)
			break;
		identity_take(dprc, &change->identity);
		lock_read_record(transaction, change);
		change->is_unplugged = dprc_is_unplugged(dprc);
		if (str_same(change->before.driver, VFIO_DRIVER))
			ownership_take(bus, dprc, &change->owner_before);
		ownership_copy(&change->owner_before, &change->owner_after);
		candidate_load(bus, &host, dprc->object, &candidate);
		candidate.is_locked = lock_is_on_record(transaction->sysfs, dprc);
		for (size_t n = 0; n < changing->names.n_texts; n++)
			candidate_goes_with(&candidate, named(changing, bus, n));
		r = verb->prepare(changing, transaction, &candidate, change);
		if (r >= 0)
			r = check_privilege(changing, change);
		/* What was not refused is given up knowingly, by --force or by a definition. */
		if (r >= 0 && !str_same(change->before.driver, VFIO_DRIVER))
			expect_losses(transaction, &candidate);
	}
	return r;
}

static bool plan_is_table(const struct changing *changing)
{
	return changing->common->style.json || table_is_for_scripts(&changing->table);
}

static char *owner_text(const struct devnode_owner *owner)
{
	return account_text(&(struct account){ owner->uid, owner->gid });
}

static void show_line(struct render *render, const struct changing *changing,
		      struct json_object *record)
{
	if (plan_is_table(changing)) {
		render_record(render, NULL, record);
		return;
	}
	render_line(render, 2, 2, view_command_text(record));
	json_object_put(record);
}

static void show_gift(struct render *render, const struct changing *changing,
		      const struct change *change, const struct vfio_node *node)
{
	const struct name *object = &node->object->name;
	const struct devnode_owner *owner;
	_cleanup_free_ char *text = NULL;

	if (!ownership_gives(change, object, node->is_group))
		return;
	owner = ownership_of(&change->owner_after, object, node->is_group);
	text = owner_text(owner);
	show_line(render, changing, view_gift(text, owner->mode, node->path));
}

static void show_gifts(struct render *render, const struct changing *changing,
		       const struct transaction *transaction, const struct bus *bus)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];
		const struct dprc *dprc = bus_find_dprc(bus, &change->name);
		_cleanup_vfio_nodes_ struct vfio_nodes nodes = { 0 };

		if (dprc)
			vfio_nodes_load(bus, dprc, &nodes);
		for (size_t n = 0; n < nodes.n_nodes; n++)
			show_gift(render, changing, change, &nodes.nodes[n]);
	}
}

/* For people: what would become of each, and the commands that do it by hand. */
static void show_sentences(struct render *render, const struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		_cleanup_free_ char *text = view_change_text(&transaction->changes[i]);

		render_line(render, 0, 2, text);
	}
}

static int show_plan(const struct changing *changing, const struct transaction *transaction,
		     const struct bus *bus)
{
	_cleanup_(plan_done) struct plan plan = { 0 };
	struct render *render;
	int r = transaction_is_needed(transaction) ? transaction_plan(transaction, &plan) : 0;

	if (r < 0)
		return r;
	render = render_begin(&changing->common->style);
	render_member(render, "dry_run", json_object_new_boolean(true));
	if (plan_is_table(changing))
		render_list(render, "writes", &changing->selection);
	else
		show_sentences(render, transaction);
	for (size_t i = 0; i < plan.n_writes; i++)
		show_line(render, changing, view_write(&plan.writes[i]));
	show_gifts(render, changing, transaction, bus);
	return render_end(render, 0);
}

/* By name and MC state: what came, what went, what was plugged, unplugged, opened or closed. */
static const char *difference(const struct object *before, const struct object *after)
{
	if (!before || !after)
		return before ? "went" : "came";
	if (before->mc && after->mc && before->mc->state != after->mc->state)
		return "changed";
	return NULL;
}

static void show_missing_from(struct render *render, const struct transaction *transaction,
			      const struct bus *here, const struct bus *there, bool here_is_before)
{
	for (size_t i = 0; i < here->n_objects; i++) {
		const struct object *object = &here->objects[i], *other;
		const char *what;

		if (!object->container ||
		    !transaction_has(transaction, &object->container->object->name))
			continue;
		other = bus_find(there, &object->name);
		if (other && (!other->container || !name_equal(&other->container->object->name,
							       &object->container->object->name)))
			other = NULL;
		/* What is on both sides is compared once. */
		if (other && !here_is_before)
			continue;
		what = here_is_before ? difference(object, other) : difference(other, object);
		if (what)
			render_record(render, NULL,
				      view_difference(&object->name,
						      &object->container->object->name, what));
	}
}

/* The selection has to live as long as the list: until render_end(). */
static void show_differences(struct render *render, const struct transaction *transaction,
			     const struct bus *before, const struct bus *after,
			     struct selection *selection)
{
	command_select(difference_columns, n_difference_columns, NULL, selection);
	render_list(render, "differences", selection);
	render_none(render, "no object came, went or changed");
	show_missing_from(render, transaction, before, after, true);
	show_missing_from(render, transaction, after, before, false);
}

static void show_change(struct render *render, const struct bus *bus, const struct change *change)
{
	const struct dprc *dprc = bus_find_dprc(bus, &change->name);
	_cleanup_ownership_ struct ownership ownership = { 0 };
	_cleanup_free_ char *owner = NULL;

	if (dprc)
		ownership_take(bus, dprc, &ownership);
	if (ownership.n_nodes && ownership.nodes[0].is_known)
		owner = owner_text(&ownership.nodes[0].owner);
	render_record(render, NULL, view_change(change, dprc, owner));
}

/* The document but for its end; differences has to live until that. */
static struct render *show_result(const struct changing *changing, const struct changing_verb *verb,
				  struct transaction *transaction, const struct bus *before,
				  struct selection *differences)
{
	const struct bus *after = transaction->after ? transaction->after : before;
	struct render *render;

	if (verb->shows_differences && transaction->after)
		facts_load_mc_over(transaction->after, MC_OBJECTS, &transaction->mc);
	render = render_begin(&changing->common->style);
	render_member(render, "changed",
		      json_object_new_boolean(transaction_is_needed(transaction)));
	render_list(render, "dprcs", &changing->selection);
	for (size_t i = 0; i < transaction->n_changes; i++)
		show_change(render, after, &transaction->changes[i]);
	if (verb->shows_differences)
		show_differences(render, transaction, before, after, differences);
	return render;
}

static int carry_out(const struct changing *changing, const struct changing_verb *verb,
		     struct transaction *transaction, const struct bus *bus)
{
	_cleanup_(selection_done) struct selection differences = { 0 };
	struct render *render;
	int r;

	if (!transaction_is_needed(transaction))
		return render_end(show_result(changing, verb, transaction, bus, &differences), 0);
	snapshot_take(bus, &transaction->snapshot);
	r = transaction_run(transaction, bus);
	if (r < 0)
		return r;
	if (verb->verify && verb->verify(changing, transaction) < 0)
		return transaction_undo(transaction);
	render = show_result(changing, verb, transaction, bus, &differences);
	/* A result that cannot be told is no result: whoever asked would have to guess. */
	r = render_end_before(render, transaction->has_residue ? -ERROR_RESIDUE : 0);
	return r < 0 ? transaction_undo(transaction) : transaction_commit(transaction);
}

/* A switch may carry interfaces of the host, which only its connections tell. */
static int load_mc(const struct changing *changing, const struct changing_verb *verb,
		   struct bus *bus, struct mc *mc)
{
	/* What is strict is so about peers, too. */
	const bool needs_endpoints = changing->policy.strict || verb->needs_endpoints;
	int r = facts_load_mc_over(bus, needs_endpoints ? MC_ENDPOINTS : MC_OBJECTS, mc);

	for (size_t i = 0; r >= 0 && !needs_endpoints && i < changing->names.n_texts; i++) {
		const struct dprc *dprc = named(changing, bus, i);

		if (dprc && !dprc->is_root && switch_ports_has_switch(bus, dprc))
			return facts_load_mc_over(bus, MC_ENDPOINTS, mc);
	}
	return r;
}

static int run_locked(struct changing *changing, const struct changing_verb *verb,
		      struct transaction *transaction)
{
	_cleanup_bus_ struct bus *bus = NULL;
	int r;

	r = bus_load(transaction->sysfs, &bus);
	if (r < 0)
		return fail(-ERROR_FAILED, NULL, "cannot read the fsl-mc bus: %s", error_text(r));
	/* An MC that is silent now would keep the writes waiting in the kernel. */
	if (load_mc(changing, verb, bus, &transaction->mc) == -ETIMEDOUT)
		return fail(-ERROR_FAILED, NULL, "the MC does not answer; nothing was written");
	r = verb->resolve ? verb->resolve(changing, bus) : 0;
	if (r >= 0 && verb->resolve && !changing->dry_run)
		r = transaction_publish(transaction, &changing->names);
	if (r >= 0)
		r = transaction_check_journals(transaction, &changing->names);
	if (r >= 0)
		r = prepare_changing(changing, verb, transaction, bus);
	if (r < 0)
		return r;
	if (changing->dry_run)
		return show_plan(changing, transaction, bus);
	return carry_out(changing, verb, transaction, bus);
}

/* Before anything is done: a typing error must cost nothing. */
static int select_columns(struct changing *changing)
{
	const char *output = changing->table.output;

	if (changing->dry_run)
		return command_select(write_columns, n_write_columns, output, &changing->selection);
	return command_select(change_columns, n_change_columns,
			      output ? output : changing->verb->columns, &changing->selection);
}

static int run_changing(struct changing *changing, const struct command *command,
			const struct changing_verb *verb)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	int r;

	if (changing->common->sysroot && !changing->dry_run)
		return fail(-ERROR_USAGE, NULL,
			    "a machine given by --sysroot is never written to; "
			    "--dry-run shows what would be written");
	r = select_columns(changing);
	if (r >= 0)
		r = command_open(changing->common, &sysfs);
	if (r >= 0)
		r = check_names(changing, &sysfs);
	if (r < 0)
		return r;
	changing->transaction.names = &changing->names;
	r = (changing->dry_run ? transaction_begin_dry : transaction_begin)(&transaction, &sysfs,
									    command->name,
									    &changing->transaction);
	return r < 0 ? r : run_locked(changing, verb, &transaction);
}

int changing_run(const struct command *command, const struct changing_verb *verb,
		 struct common *common, int argc, char **argv)
{
	struct changing changing = {
		.common = common,
		.verb = verb,
		.table.style = &common->style,
		.transaction.timeout_s = TRANSACTION_TIMEOUT_S,
	};
	int r;

	command_parse(command->argp, 0, argc, argv, &changing);
	r = run_changing(&changing, command, verb);
	selection_done(&changing.selection);
	strings_done(&changing.names);
	strings_done(&changing.allowed);
	return r;
}
