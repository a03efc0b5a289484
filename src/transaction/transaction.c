/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change of the bus, all or nothing. */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "model/bus.h"
#include "transaction/bound.h"
#include "transaction/creation.h"
#include "transaction/inspect.h"
#include "transaction/journal.h"
#include "transaction/lock.h"
#include "transaction/losses.h"
#include "transaction/outcome.h"
#include "transaction/ownership_give.h"
#include "transaction/plan.h"
#include "transaction/switches.h"
#include "transaction/transaction.h"
#include "transaction/transaction_parts.h"

#define UNDO_TRIES 5
#define UNDO_FIRST_PAUSE_MS 100

#define PROBE_TRIES 7
#define PROBE_FIRST_PAUSE_MS 20

/*
 * The bindings as they are now, one per change.  One that cannot be read is_unreadable, and keeps
 * nothing back if that is wanted.
 */
static int read_bindings(const struct transaction *transaction, bool keep_going,
			 struct binding *now)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct change *change = &transaction->changes[i];
		int r = change_read_binding(transaction, change, &now[i]);

		change->is_unreadable = r < 0;
		if (r < 0 && !keep_going)
			return fail(-ERROR_FAILED, name_text(&change->name).text,
				    "cannot read its driver: %s", error_text(r));
	}
	return 0;
}

static int plan_towards(const struct transaction *transaction, enum direction direction,
			struct switches switches, bool keep_going, struct plan *ret_plan)
{
	struct binding *now = xcalloc(transaction->n_changes, sizeof(*now));
	int r = read_bindings(transaction, keep_going, now);

	if (r >= 0)
		plan_make(transaction, direction, now, switches, ret_plan);
	for (size_t i = 0; i < transaction->n_changes; i++)
		binding_done(&now[i]);
	free(now);
	return r;
}

int transaction_plan(const struct transaction *transaction, struct plan *ret_plan)
{
	int r = inspect_attributes(transaction);

	return r < 0 ? r
		     : plan_towards(transaction, FORWARD, switches_load(transaction->sysfs), false,
				    ret_plan);
}

static int run_towards(struct transaction *transaction, enum direction direction,
		       struct run_options options)
{
	_cleanup_(plan_done) struct plan plan = { 0 };
	int r;

	r = plan_towards(transaction, direction, switches_note(transaction), options.keep_going,
			 &plan);
	if (r < 0)
		return r;
	options.timeout_ms = transaction->timeout_s * 1000;
	r = plan_run(&plan, transaction, &options);
	/* Whatever the write that did not return is about, the bus gets its events again. */
	if (r == -ERROR_TIMED_OUT) {
		switches_restore(transaction);
		mc_abandon(&transaction->mc);
	}
	return r;
}

bool transaction_records(const struct change *change)
{
	return str_same(change->after.driver, VFIO_DRIVER) &&
	       !str_same(change->before.driver, VFIO_DRIVER);
}

/* What a container has inside is lost with its devices, and only sysfs knows it. */
static int read_contents(struct transaction *transaction, const struct bus *bus)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];
		int r = transaction_records(change)
				? snapshot_read_overrides(&transaction->snapshot, bus,
							  &change->name)
				: 0;

		if (r < 0)
			return fail(-ERROR_FAILED, name_text(&change->name).text,
				    "cannot read the driver_override of an object in it: %s; "
				    "nothing was written",
				    error_text(r));
	}
	return 0;
}

/* The same errors can come from /run as from the device; before the first write all mean:
 * untouched. */
int transaction_put_on_record(struct transaction *transaction)
{
	int r;

	switches_note(transaction);
	r = journal_write(transaction);
	if (r >= 0)
		return 0;
	if (!transaction->has_begun || !transaction->n_creations)
		journal_remove(transaction);
	return fail(-ERROR_FAILED, NULL, "cannot put the change on record in %s: %s", RUNDIR_PATH,
		    error_text(r));
}

/* With driver_async_probe= on its command line the kernel may still be probing the objects. */
static int await_goal(struct transaction *transaction)
{
	unsigned int pause_ms = PROBE_FIRST_PAUSE_MS;

	for (int try = 1; try < PROBE_TRIES; try++, pause_ms *= 2) {
		if (inspect_goal(transaction, FORWARD, false) >= 0)
			return inspect_switches(transaction, true);
		clock_sleep_ms(pause_ms);
	}
	return inspect_goal(transaction, FORWARD, true);
}

/* What the writes led to, outside the container too; then it may be given away. */
static int verify_made(struct transaction *transaction)
{
	int r = await_goal(transaction);

	if (r >= 0)
		r = switches_catch_up(transaction);
	if (r >= 0)
		r = losses_outside(transaction);
	if (r >= 0)
		r = ownership_give(transaction, FORWARD);
	return r;
}

int transaction_restore_inside(struct transaction *transaction)
{
	int r = losses_since_bind(transaction);

	/* Without having looked there is nothing to promise. */
	if (r == -ERROR_TIMED_OUT || r == -ERROR_FAILED)
		return r;
	transaction->has_residue |= r < 0;
	return 0;
}

void transaction_expect_no_memory(void)
{
	out_of_memory_status = STATUS_RESIDUE;
	out_of_memory_hint = "; run 'fslmc-vfio recover'";
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
		r = read_contents(transaction, bus);
	transaction->has_begun = true;
	if (r >= 0)
		r = transaction_put_on_record(transaction);
	if (r < 0)
		return transaction->n_creations ? creations_undo(transaction) : r;
	transaction_expect_no_memory();
	/* A container that was made gets its label before the lock, which may forbid that. */
	r = creations_label(transaction);
	if (r >= 0)
		r = run_towards(transaction, FORWARD,
				(struct run_options){ .is_interruptible = true });
	if (r >= 0)
		r = verify_made(transaction);
	if (r >= 0)
		r = transaction_restore_inside(transaction);
	if (r >= 0 || r == -ERROR_TIMED_OUT)
		return r;
	return transaction_undo(transaction);
}

/* A DPRC that was destroyed meanwhile must not keep the others from being restored. */
static void drop_gone(struct transaction *transaction)
{
	for (size_t i = transaction->n_changes; i--;) {
		const struct change *change = &transaction->changes[i];

		if (change_check_device(transaction, change) != -ESTALE)
			continue;
		warn(name_text(&change->name).text, "device disappeared; nothing to restore");
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

	transaction->mc_is_silent = false;
	for (int try = 1;; try++, pause_ms *= 2) {
		/* An MC that said nothing for as long as the kernel waits gets one try more. */
		const bool is_last = try == UNDO_TRIES || transaction->mc_is_silent;
		int r;

		drop_gone(transaction);
		r = run_towards(transaction, ROLLBACK,
				(struct run_options){ .quiet = !is_last, .keep_going = true });

		if (r != -ERROR_TIMED_OUT)
			r = inspect_goal(transaction, ROLLBACK, is_last);
		if (r >= 0)
			r = lock_check(transaction, ROLLBACK, is_last);
		if (r >= 0)
			r = inspect_switches(transaction, is_last);
		if (r >= 0)
			r = ownership_give(transaction, ROLLBACK);
		if (r != -ERROR_FAILED || is_last)
			return r;
		clock_sleep_ms(pause_ms);
	}
}

/* What bind found, for unbind; the journal is the last to go, for that is the commit. */
static int write_records(const struct transaction *transaction)
{
	int r = 0;

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		const struct change *change = &transaction->changes[i];

		if (transaction_records(change))
			r = bound_write(transaction, change);
	}
	if (r >= 0)
		r = lock_update_records(transaction, FORWARD);
	return r < 0 ? r : creations_write_records(transaction);
}

/* Twice: what kept it from being written once, a full table say, may be over. */
static int put_result_on_record(const struct transaction *transaction)
{
	int r = write_records(transaction);

	if (r < 0)
		r = write_records(transaction);
	return r < 0 ? fail(-ERROR_FAILED, NULL,
			    "cannot write the records in %s: %s; undoing the "
			    "change",
			    RUNDIR_PATH, error_text(r))
		     : 0;
}

static int commit(struct transaction *transaction)
{
	int r = put_result_on_record(transaction);

	if (r >= 0)
		r = creations_label(transaction);
	if (r < 0)
		return r;
	r = journal_remove(transaction);
	if (r < 0)
		r = journal_remove(transaction);
	return r < 0 ? fail(-ERROR_FAILED, NULL,
			    "cannot remove the journal in %s: %s; undoing the change", RUNDIR_PATH,
			    error_text(r))
		     : 0;
}

/* Of what unbind has restored, or of a bind that was undone after all. */
static void remove_records(const struct transaction *transaction, enum direction reached)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];
		int r = 0;

		if (reached == FORWARD ? !str_same(change->after.driver, VFIO_DRIVER)
				       : bound_is_by(transaction, change))
			r = bound_remove(transaction, change);
		if (r < 0)
			warn(name_text(&change->name).text,
			     "cannot remove the record of what bind found: %s", error_text(r));
	}
}

static int fail_not_restored(void)
{
	return fail(-ERROR_RESIDUE, NULL,
		    "original state not fully restored; run 'fslmc-vfio recover' to retry, or "
		    "'fslmc-vfio recover --abandon DPRC' to keep the current state");
}

int transaction_restore(struct transaction *transaction)
{
	int back, r;
	bool as_asked;

	if (transaction->n_creations && !transaction->has_begun)
		return creations_undo(transaction);
	r = back = run_back(transaction);
	if (r >= 0)
		r = switches_catch_up(transaction);
	if (r != -ERROR_TIMED_OUT)
		r = losses_anywhere(transaction);
	if (r == -ERROR_TIMED_OUT)
		return r;
	if (back < 0 || r < 0)
		return fail_not_restored();
	if (transaction->n_creations)
		r = creations_take_back(transaction, false, &as_asked);
	if (r < 0)
		return r;
	r = lock_update_records(transaction, ROLLBACK);
	if (r >= 0)
		r = journal_remove(transaction);
	if (r < 0)
		return fail(-ERROR_RESIDUE, NULL,
			    "original state restored, but the records in %s do not say so: %s",
			    RUNDIR_PATH, error_text(r));
	remove_records(transaction, ROLLBACK);
	return -ERROR_FAILED;
}

int transaction_undo(struct transaction *transaction)
{
	int r = transaction_restore(transaction);

	if (r == -ERROR_FAILED)
		outcome_say_undone(transaction);
	return r;
}

int transaction_commit(struct transaction *transaction)
{
	int r = commit(transaction);

	if (r == -ERROR_TIMED_OUT)
		return r;
	if (r < 0)
		return transaction_undo(transaction);
	remove_records(transaction, FORWARD);
	outcome_say_done(transaction);
	return transaction->has_residue ? -ERROR_RESIDUE : 0;
}
