/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change of the bus, all or nothing. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "assign/autorescan.h"
#include "assign/bound.h"
#include "assign/in_use.h"
#include "assign/inspect.h"
#include "assign/journal.h"
#include "assign/losses.h"
#include "assign/plan.h"
#include "assign/policy.h"
#include "assign/transaction.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "model/bus.h"

#define UNDO_TRIES 5
#define UNDO_FIRST_PAUSE_MS 100

#define PROBE_TRIES 7
#define PROBE_FIRST_PAUSE_MS 20

/*
 * The bindings as they are now, one per change.  One that cannot be read is_unreadable, and keeps
 * nothing back if that is wanted.
 */
static int read_bindings(const struct transaction *transaction, bool is_thorough,
			 struct binding *now)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct change *change = &transaction->changes[i];
		int r = change_read_binding(transaction, change, &now[i]);

		change->is_unreadable = r < 0;
		if (r < 0 && !is_thorough)
			return fail(-ERROR_FAILED, name_text(&change->name).text,
				    "cannot read its driver: %s", error_text(r));
	}
	return 0;
}

static int plan_towards(const struct transaction *transaction, enum direction direction,
			bool autorescan_now, bool is_thorough, struct plan *ret_plan)
{
	struct binding *now = xcalloc(transaction->n_changes, sizeof(*now));
	int r = read_bindings(transaction, is_thorough, now);

	if (r >= 0)
		plan_make(transaction, direction, now, autorescan_now, ret_plan);
	for (size_t i = 0; i < transaction->n_changes; i++)
		binding_done(&now[i]);
	free(now);
	return r;
}

int transaction_plan(const struct transaction *transaction, struct plan *ret_plan)
{
	int r = inspect_attributes(transaction);

	return r < 0 ? r
		     : plan_towards(transaction, TOWARDS_AFTER,
				    autorescan_is_on(transaction->sysfs), false, ret_plan);
}

/* Whoever switched it on since we began wants it on, too. */
static bool see_autorescan(struct transaction *transaction)
{
	const bool is_on = autorescan_is_on(transaction->sysfs);

	transaction->autorescan |= is_on;
	return is_on;
}

static int run_towards(struct transaction *transaction, enum direction direction,
		       struct run_manner manner)
{
	_cleanup_(plan_done) struct plan plan = { 0 };
	int r;

	r = plan_towards(transaction, direction, see_autorescan(transaction), manner.is_thorough,
			 &plan);
	if (r < 0)
		return r;
	manner.timeout_ms = transaction->timeout_s * 1000;
	r = plan_run(&plan, transaction, &manner);
	/* Whatever the write that did not return is about, the bus gets its events again. */
	if (r == -ERROR_TIMED_OUT) {
		autorescan_put_back(transaction);
		mc_give_up(&transaction->mc);
	}
	return r;
}

/* What bind found is recorded for unbind; a rebind finds nothing new. */
static bool is_recorded(const struct change *change)
{
	return str_same(change->after.driver, VFIO_DRIVER) &&
	       !str_same(change->before.driver, VFIO_DRIVER);
}

/* What an earlier bind recorded is gone only when what it found is back. */
static int remove_records(const struct transaction *transaction, enum direction reached)
{
	int r = 0;

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		const struct change *change = &transaction->changes[i];

		if (reached == TOWARDS_AFTER ? !str_same(change->after.driver, VFIO_DRIVER)
					     : is_recorded(change))
			r = bound_remove(transaction, change);
	}
	return r < 0 ? r : journal_remove(transaction);
}

/* The same errors can come from /run as from the device; before the first write all mean:
 * untouched. */
static int put_on_record(struct transaction *transaction)
{
	struct json_object *objects = snapshot_to_json(&transaction->snapshot);
	int r = 0;

	see_autorescan(transaction);
	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++)
		if (is_recorded(&transaction->changes[i]))
			r = bound_write(transaction, &transaction->changes[i], objects);
	if (r >= 0)
		r = journal_write(transaction, objects);
	json_object_put(objects);
	if (r >= 0)
		return 0;
	remove_records(transaction, TOWARDS_BEFORE);
	return fail(-ERROR_FAILED, NULL, "cannot put the change on record in %s: %s", RUNDIR_PATH,
		    error_text(r));
}

/* With driver_async_probe= on its command line the kernel may still be probing the objects. */
static int await_goal(struct transaction *transaction)
{
	unsigned int pause_ms = PROBE_FIRST_PAUSE_MS;

	for (int try = 1; try < PROBE_TRIES; try++, pause_ms *= 2) {
		if (inspect_goal(transaction, TOWARDS_AFTER, false) >= 0)
			return 0;
		clock_sleep_ms(pause_ms);
	}
	return inspect_goal(transaction, TOWARDS_AFTER, true);
}

static int make(struct transaction *transaction)
{
	int r = run_towards(transaction, TOWARDS_AFTER,
			    (struct run_manner){ .is_interruptible = true });

	if (r >= 0)
		r = await_goal(transaction);
	if (r >= 0)
		r = losses_outside(transaction);
	if (r >= 0)
		r = ownership_give(transaction, TOWARDS_AFTER);
	return r;
}

/* That drivers inside did not come back is no reason to take the container from the host again. */
static int see_back(struct transaction *transaction)
{
	int r = losses_since_bind(transaction);

	/* Without having looked there is nothing to promise. */
	if (r == -ERROR_TIMED_OUT || r == -ERROR_FAILED)
		return r;
	transaction->has_residue = r < 0;
	/* A scan that meets a busy MC takes away what it was not told of. */
	r = transaction->has_scanned ? losses_outside(transaction) : 0;
	if (r == -ERROR_TIMED_OUT)
		return r;
	transaction->has_residue |= r < 0;
	return 0;
}

int transaction_run(struct transaction *transaction, const struct bus *bus)
{
	int r;

	signals_hold();
	r = inspect_attributes(transaction);
	if (r >= 0)
		r = inspect_identity(transaction, bus);
	/* The kernel opens them, too, and not every MC lets two do so at a time. */
	mc_release(&transaction->mc);
	if (r >= 0)
		r = put_on_record(transaction);
	if (r < 0)
		return r;
	out_of_memory_status = STATUS_RESIDUE;
	r = make(transaction);
	if (r >= 0)
		r = see_back(transaction);
	if (r >= 0 || r == -ERROR_TIMED_OUT)
		return r;
	return transaction_undo(transaction);
}

/* A DPRC that was destroyed meanwhile must not keep the others from being put back. */
static void drop_gone(struct transaction *transaction)
{
	for (size_t i = transaction->n_changes; i--;) {
		const struct change *change = &transaction->changes[i];

		if (change_check_device(transaction, change) != -ESTALE)
			continue;
		warn(name_text(&change->name).text, "it is gone, so there is nothing to put back");
		if (is_recorded(change))
			bound_remove(transaction, change);
		transaction_drop(transaction, i);
	}
}

/*
 * What failed on the way there, an MC that is busy say, may fail on the way back for a while.  The
 * last try names all that is not as it was, be the writes made or not.
 */
static int run_back(struct transaction *transaction)
{
	unsigned int pause_ms = UNDO_FIRST_PAUSE_MS;

	for (int try = 1;; try++, pause_ms *= 2) {
		const bool is_last = try == UNDO_TRIES;
		int r;

		drop_gone(transaction);
		r = run_towards(transaction, TOWARDS_BEFORE,
				(struct run_manner){ .is_silent = !is_last, .is_thorough = true });

		if (r != -ERROR_TIMED_OUT)
			r = inspect_goal(transaction, TOWARDS_BEFORE, is_last);
		if (r >= 0)
			r = ownership_give(transaction, TOWARDS_BEFORE);
		if (r != -ERROR_FAILED || is_last)
			return r;
		clock_sleep_ms(pause_ms);
	}
}

int transaction_undo(struct transaction *transaction)
{
	int back = run_back(transaction), r = back;

	if (r != -ERROR_TIMED_OUT)
		r = losses_anywhere(transaction);
	if (r == -ERROR_TIMED_OUT)
		return r;
	if (back < 0 || r < 0)
		return fail(-ERROR_RESIDUE, NULL,
			    "not all could be put back; 'fslmc-vfio recover' tries again, and "
			    "removing %s/%s leaves it so",
			    RUNDIR_PATH, transaction->journal);
	r = remove_records(transaction, TOWARDS_BEFORE);
	if (r < 0)
		return fail(-ERROR_RESIDUE, NULL,
			    "everything is back, but a record in %s cannot be removed: %s",
			    RUNDIR_PATH, error_text(r));
	return -ERROR_FAILED;
}

int transaction_commit(struct transaction *transaction)
{
	int r = remove_records(transaction, TOWARDS_AFTER);

	/* What kept it from being removed once, a full table say, may be over. */
	if (r < 0)
		r = remove_records(transaction, TOWARDS_AFTER);
	if (r >= 0)
		return transaction->has_residue ? -ERROR_RESIDUE : 0;
	fail(-ERROR_FAILED, NULL, "cannot remove the journal in %s: %s; undoing the change",
	     RUNDIR_PATH, error_text(r));
	return transaction_undo(transaction);
}

static bool is_unbound_by_undo(const struct change *change)
{
	return change->rescans ? change->is_disturbed
			       : !str_same(change->before.driver, VFIO_DRIVER);
}

/* A program that took one of them meanwhile would keep the undo waiting in the kernel. */
static int refuse_in_use(const struct transaction *transaction)
{
	_cleanup_bus_ struct bus *bus = NULL;
	int r = inspect_load(transaction, &bus);

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		const struct dprc *dprc = bus_find_dprc(bus, &transaction->changes[i].name);

		if (dprc && is_unbound_by_undo(&transaction->changes[i]) &&
		    str_same(dprc->object->driver, VFIO_DRIVER))
			r = in_use_refuse(bus, dprc);
	}
	return r;
}

static bool is_as_asked(struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct change *change = &transaction->changes[i];
		_cleanup_(binding_done) struct binding found = { 0 };

		/* Only by the binding it looks like one that was made. */
		if (change->rescans && !change->is_disturbed)
			return false;
		bound_read(transaction, change, &found);
	}
	return inspect_goal(transaction, TOWARDS_AFTER, false) >= 0;
}

int transaction_settle(struct transaction *transaction, bool *ret_as_asked)
{
	int r, autorescan;

	signals_hold();
	out_of_memory_status = STATUS_RESIDUE;
	r = inspect_drop_strangers(transaction);
	if (r < 0)
		return -ERROR_RESIDUE;
	autorescan = autorescan_put_back(transaction);
	if (autorescan == -ERROR_TIMED_OUT)
		return autorescan;
	r = losses_note_outside(transaction);
	if (r < 0)
		return -ERROR_RESIDUE;
	r = is_as_asked(transaction) ? losses_outside(transaction) : -ERROR_FAILED;
	if (r == -ERROR_TIMED_OUT)
		return r;
	*ret_as_asked = r >= 0 && ownership_give(transaction, TOWARDS_AFTER) >= 0;
	if (*ret_as_asked) {
		r = see_back(transaction);
		return r < 0 ? r : transaction_commit(transaction);
	}
	r = refuse_in_use(transaction);
	if (r < 0)
		return r;
	r = transaction_undo(transaction);
	return r == -ERROR_FAILED ? 0 : r;
}
