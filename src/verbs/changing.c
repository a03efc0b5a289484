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
#include "transaction/audit.h"
#include "transaction/lock.h"
#include "transaction/outcome.h"
#include "transaction/plan.h"
#include "verbs/changing.h"
#include "verbs/changing_show.h"
#include "verbs/facts.h"
#include "verbs/label.h"
#include "verbs/layouts.h"
#include "verbs/waiting.h"

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
	if (changing->dry_run || mc_may_change() || !change_writes_lock(change))
		return 0;
	return fail(-ERROR_PERMISSION, name_text(&change->name).text,
		    "to %s it in the MC takes CAP_NET_ADMIN, which this process does not have",
		    change->locked_after ? "lock" : "unlock");
}

/* A lock that is not known of would stay in the MC. */
static int read_lock(const struct transaction *transaction, struct change *change)
{
	const struct name_text name = name_text(&change->name);
	int r = lock_read_record(transaction, change);

	if (r == -EBADMSG)
		return fail(-ERROR_REFUSED, name.text,
			    "the record of its lock in the MC, %s/locked/%s.json, is damaged, or "
			    "of another version of fslmc-vfio; remove it, then run 'fslmc-vfio "
			    "bind --lock %s' and unbind, which unlocks it",
			    RUNDIR_PATH, name.text, name.text);
	return r < 0 ? fail(-ERROR_REFUSED, name.text,
			    "the record of its lock in the MC, %s/locked/%s.json, cannot be read: "
			    "%s; nothing was written; try again",
			    RUNDIR_PATH, name.text, error_text(r))
		     : 0;
}

static int prepare_changing(const struct changing *changing, const struct changing_verb *verb,
			    struct transaction *transaction, const struct bus *bus, size_t first)
{
	_cleanup_host_ struct host host = { 0 };
	int r = 0;

	host_load(bus, &host);
	for (size_t i = first; i < changing->names.n_texts && r >= 0; i++) {
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
		r = read_lock(transaction, change);
		if (r < 0)
			break;
		change->is_unplugged = dprc_is_unplugged(dprc);
		if (str_same(change->before.driver, VFIO_DRIVER))
			ownership_take(bus, dprc, &change->owner_before);
		ownership_copy(&change->owner_before, &change->owner_after);
		candidate_load(bus, &host, dprc->object, &candidate);
		candidate.is_locked = lock_is_on_record(transaction->sysfs, dprc);
		for (size_t n = 0; n < changing->names.n_texts; n++)
			candidate_goes_with(&candidate, named(changing, bus, n));
		outcome_load_interfaces(&candidate, change);
		r = verb->prepare(changing, transaction, &candidate, change);
		if (r >= 0)
			r = check_privilege(changing, change);
		/* What was not refused is given up knowingly, by --force or by a definition. */
		if (r >= 0 && !str_same(change->before.driver, VFIO_DRIVER))
			expect_losses(transaction, &candidate);
	}
	return r;
}

/* A result that cannot be written is undone, or the caller would have to guess. */
static int tell(const struct changing *changing, const struct changing_verb *verb,
		struct transaction *transaction, const struct bus *bus)
{
	_cleanup_(selection_done) struct selection differences = { 0 };
	struct render *render;

	if (verb->is_silent)
		return 0;
	render = changing_show_result(changing, verb, transaction, bus, &differences);
	return render_end_before(render, transaction->has_residue ? -ERROR_RESIDUE : 0);
}

/* Of what was made, or was so already. */
static int conclude(const struct changing *changing, const struct changing_verb *verb,
		    struct transaction *transaction, const struct bus *bus, bool is_changed)
{
	int r = 0;

	if (is_changed && verb->verify)
		r = verb->verify(changing, transaction);
	if (r >= 0)
		r = tell(changing, verb, transaction, bus);
	if (!is_changed)
		return r;
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

static int load_bus(struct changing *changing, const struct changing_verb *verb,
		    struct transaction *transaction, struct bus **ret_bus)
{
	int r = bus_load(transaction->sysfs, ret_bus);

	if (r < 0)
		return command_fail_bus(r);
	/* An MC that is silent now would keep the writes waiting in the kernel. */
	if (load_mc(changing, verb, *ret_bus, &transaction->mc) == -ETIMEDOUT)
		return fail(-ERROR_FAILED, NULL, "the MC does not answer; nothing was written");
	return 0;
}

static int resolve_names(struct changing *changing, const struct changing_verb *verb,
			 struct transaction *transaction, struct bus *bus)
{
	int r = verb->resolve ? verb->resolve(changing, bus, &transaction->mc)
			      : label_resolve(bus, &changing->names);

	if ((r > 0 || (r == 0 && verb->resolve)) && !changing->dry_run)
		r = transaction_publish(transaction, &changing->names);
	if (r < 0)
		return r;
	return (changing->n_layouts ? transaction_check_making
				    : transaction_check_journals)(transaction, &changing->names);
}

/* The containers that do not exist yet; then they are as all others. */
static int create_containers(struct changing *changing, const struct changing_verb *verb,
			     struct transaction *transaction, struct bus **bus)
{
	const size_t n_before = changing->names.n_texts;
	int r = transaction_create(transaction, *bus, changing->layouts, changing->n_layouts);

	if (r < 0)
		return r;
	bus_free(take_pointer(*bus));
	r = load_bus(changing, verb, transaction, bus);
	for (size_t i = 0; i < transaction->n_creations; i++)
		strings_add(&changing->names, name_text(transaction_created(transaction, i)).text);
	if (r >= 0)
		r = transaction_publish(transaction, &changing->names);
	if (r >= 0)
		r = prepare_changing(changing, verb, transaction, *bus, n_before);
	return r < 0 ? transaction_undo(transaction) : 0;
}

/* Under the lock: decides all, and creates what has to exist before it can be bound. */
static int decide(struct changing *changing, const struct changing_verb *verb,
		  struct transaction *transaction, struct bus **ret_bus)
{
	int r = load_bus(changing, verb, transaction, ret_bus);

	if (r >= 0)
		r = resolve_names(changing, verb, transaction, *ret_bus);
	if (r >= 0)
		r = prepare_changing(changing, verb, transaction, *ret_bus, 0);
	if (r >= 0 && !changing->dry_run && changing->n_layouts)
		r = create_containers(changing, verb, transaction, ret_bus);
	return r;
}

/* Before anything is done: a typing error must cost nothing. */
static int select_columns(struct changing *changing)
{
	const struct render_style *style = &changing->common->style;
	const char *output = changing->table.output;

	if (changing->dry_run)
		return command_select_all(style, write_columns, n_write_columns, output,
					  &changing->selection);
	return command_select_all(style, change_columns, n_change_columns,
				  output || style->json ? output : changing->verb->columns,
				  &changing->selection);
}

static int begin(struct changing *changing, const char *operation, struct sysfs *sysfs,
		 struct transaction *transaction)
{
	int r = changing->dry_run
			? 0
			: command_refuse_captured(changing->common,
						  "--dry-run shows what would be written");

	if (r >= 0 && !changing->verb->is_silent)
		r = select_columns(changing);
	if (r >= 0)
		r = command_open(changing->common, sysfs);
	if (r >= 0)
		r = label_check_names(sysfs, &changing->names);
	if (r < 0)
		return r;
	changing->transaction.names = &changing->names;
	return (changing->dry_run
			? transaction_begin_dry
			: transaction_begin)(transaction, sysfs, operation, &changing->transaction);
}

int changing_transact(struct changing *changing, const char *operation)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	_cleanup_bus_ struct bus *bus = NULL;
	bool is_changed = false;
	int r = begin(changing, operation, &sysfs, &transaction);

	if (r >= 0)
		r = decide(changing, changing->verb, &transaction, &bus);
	if (r >= 0 && changing->dry_run)
		return changing_show_plan(changing, &transaction, bus);
	if (r >= 0 && transaction_is_needed(&transaction)) {
		is_changed = true;
		snapshot_take(bus, &transaction.snapshot);
		r = transaction_run(&transaction, bus);
	}
	if (r >= 0)
		r = conclude(changing, changing->verb, &transaction, bus, is_changed);
	audit_send(&transaction, NULL, r);
	return r;
}

struct changing changing_of(struct common *common, const struct changing_verb *verb)
{
	return (struct changing){
		.common = common,
		.verb = verb,
		.table.style = &common->style,
		.transaction.timeout_s = TRANSACTION_TIMEOUT_S,
	};
}

void changing_done(struct changing *changing)
{
	selection_done(&changing->selection);
	layouts_free(take_pointer(changing->layouts), changing->n_layouts);
	strings_done(&changing->names);
	strings_done(&changing->allowed);
	changing->n_layouts = 0;
}

int changing_run(const struct command *command, const struct changing_verb *verb,
		 struct common *common, int argc, char **argv)
{
	struct changing changing = changing_of(common, verb);
	int r;

	command_parse(command, argc, argv, &changing);
	r = changing_transact(&changing, command->name);
	changing_done(&changing);
	return r;
}
