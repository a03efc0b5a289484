/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change of the bus that was interrupted: completing it, rolling it back, or leaving it so. */
#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/object.h"
#include "transaction/bound.h"
#include "transaction/creation.h"
#include "transaction/in_use.h"
#include "transaction/inspect.h"
#include "transaction/journal.h"
#include "transaction/lock.h"
#include "transaction/losses.h"
#include "transaction/making.h"
#include "transaction/ownership_give.h"
#include "transaction/switches.h"
#include "transaction/transaction.h"
#include "transaction/transaction_parts.h"

static bool is_unbound_by_undo(const struct change *change)
{
	return change->rescans ? change->unbind_started
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

/* What an unbind has yet to restore inside. */
static int read_bound(const struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct change *change = &transaction->changes[i];
		const struct name_text name = name_text(&change->name);
		_cleanup_(binding_done) struct binding found = { 0 };
		int r = str_same(change->after.driver, VFIO_DRIVER)
				? 0
				: bound_read(transaction, change, &found);

		if (r < 0 && r != -ENOENT && r != -ESTALE)
			return fail(-ERROR_FAILED, name.text,
				    "the record of what bind found, %s/bound/%s.json, cannot be "
				    "read: %s; nothing was written; try again, or remove it to "
				    "leave the objects inside as they are",
				    RUNDIR_PATH, name.text, error_text(r));
	}
	return 0;
}

/* Each of those it makes is there, and was changed. */
static bool has_made_all(const struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->n_creations; i++)
		if (!transaction_has(transaction, &transaction->creations[i].made.name))
			return false;
	return true;
}

static bool is_as_asked(struct transaction *transaction)
{
	if (!has_made_all(transaction))
		return false;
	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];

		/* Only by the binding it looks like one that was made. */
		if (change->rescans && !change->unbind_started)
			return false;
	}
	return inspect_goal(transaction, FORWARD, false) >= 0;
}

/* All is as asked; a switch of the bus that stays off is no reason to take that back. */
static int complete(struct transaction *transaction)
{
	int r = transaction_restore_inside(transaction);

	if (r >= 0)
		r = switches_catch_up(transaction);
	if (r < 0)
		return r;
	transaction->has_residue |= inspect_switches(transaction, true) < 0;
	return transaction_commit(transaction);
}

static int settle(struct transaction *transaction, bool *ret_as_asked)
{
	int r = inspect_drop_replaced(transaction);

	if (r >= 0)
		r = read_bound(transaction);
	if (r >= 0)
		r = switches_restore(transaction) == -ERROR_TIMED_OUT ? -ERROR_TIMED_OUT : 0;
	if (r >= 0)
		r = losses_note_outside(transaction);
	if (r < 0)
		return r;
	r = is_as_asked(transaction) ? losses_outside(transaction) : -ERROR_FAILED;
	if (r == -ERROR_TIMED_OUT)
		return r;
	/* The lock comes last and cannot be read, so it is made once more. */
	if (r >= 0)
		r = lock_restore(transaction, FORWARD);
	if (r == -ERROR_TIMED_OUT)
		return r;
	*ret_as_asked = r >= 0 && ownership_give(transaction, FORWARD) >= 0;
	if (*ret_as_asked)
		return complete(transaction);
	r = refuse_in_use(transaction);
	if (r < 0)
		return r;
	r = transaction_restore(transaction);
	return r == -ERROR_FAILED ? 0 : r;
}

int transaction_settle(struct transaction *transaction, bool *ret_as_asked)
{
	int r;

	signals_hold();
	transaction_expect_no_memory();
	if (transaction->n_creations && !transaction->has_begun)
		return creations_settle(transaction, ret_as_asked);
	r = settle(transaction, ret_as_asked);
	/* Where something cannot be told, what was interrupted is as it was, and half done. */
	return r == -ERROR_FAILED ? -ERROR_RESIDUE : r;
}

static void say_difference(const struct change *change, const struct binding *now)
{
	const struct binding *before = &change->before;

	if (binding_equal(now, before))
		return;
	warn(name_text(&change->name).text,
	     "left as it is: driver %s and driver_override %s (before the change: %s and %s)",
	     or_none(now->driver), or_none(now->driver_override), or_none(before->driver),
	     or_none(before->driver_override));
}

/* From here on what it has is what it shall have. */
static int abandon_one(struct transaction *transaction, struct change *change)
{
	struct binding now = { 0 };
	int r = change_read_binding(transaction, change, &now);

	if (r < 0) {
		warn(name_text(&change->name).text, "left as it is: cannot read its driver: %s",
		     error_text(r));
		return 0;
	}
	say_difference(change, &now);
	binding_done(&change->after);
	change->after = now;
	if (transaction_records(change))
		r = bound_write(transaction, change);
	if (r < 0 || !(change->locked_before || change->locked_after))
		return r;
	warn(name_text(&change->name).text,
	     "whether it is locked is not known; 'fslmc-vfio unbind' will unlock it");
	return lock_write_record(transaction, change);
}

int transaction_abandon(struct transaction *transaction)
{
	int r = 0;

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++)
		r = abandon_one(transaction, &transaction->changes[i]);
	for (size_t i = 0; i < transaction->n_creations; i++)
		making_warn_abandoned(transaction->creations[i].made.label);
	if (r >= 0)
		r = journal_remove(transaction);
	if (r < 0)
		return fail(-ERROR_RESIDUE, NULL, "cannot replace the record in %s: %s",
			    RUNDIR_PATH, error_text(r));
	losses_list(transaction);
	inspect_switches(transaction, true);
	return 0;
}
