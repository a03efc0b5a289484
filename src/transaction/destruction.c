/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Destroying containers. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/object.h"
#include "transaction/change.h"
#include "transaction/destruction.h"
#include "transaction/in_use.h"
#include "transaction/inspect.h"
#include "transaction/journal.h"
#include "transaction/lock.h"
#include "transaction/making.h"
#include "transaction/plan.h"
#include "transaction/switches.h"
#include "transaction/transaction_parts.h"

#define TRIES 6
#define FIRST_PAUSE_MS 100
#define BUSY_MS 2000

/* 1: the MC has it; 0: it has not, or another one with its number. */
static int is_there(struct making *making, const struct made *made)
{
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	struct mc_dprc_look look;
	size_t n_objects;
	int r = making_list(making, making->parent, &objects, &n_objects);

	if (r < 0)
		return r;
	if (!making_find(objects, n_objects, made->name.type, made->name.id))
		return 0;
	r = making_retry(making,
			 mc_dprc_look(&making->transaction->mc, made->name.id, true, &look));
	if (r < 0)
		return making_fail(making, r, "cannot open it in the MC");
	return look.attributes.icid == made->icid && look.attributes.portal_id == made->portal_id;
}

/* Takes its writer lock.  Also without a driver: an unbind may still wait in the kernel. */
static int hold(struct transaction *transaction, const struct dprc *dprc,
		struct change **ret_change)
{
	const struct name *name = &dprc->object->name;
	struct change *change = transaction_find(transaction, name);
	int r = change ? 0 : change_add(transaction, name, dprc->path, &change);

	if (r < 0) {
		/* Or the next try would find it, and write without the lock. */
		transaction_drop(transaction, transaction->n_changes - 1);
		return r;
	}
	*ret_change = change;
	return in_use_refuse_unfinished(dprc, "run 'fslmc-vfio recover' once it has ended");
}

/*
 * Firmware that does not destroy plugged objects lets none be unplugged in a DPRC that is locked.
 * If it cannot be unlocked, the MC may destroy it all the same.
 */
static int unlock(struct making *making, struct change *change)
{
	struct transaction *transaction = making->transaction;
	int r = lock_read_record(transaction, change);

	if (r < 0 || !change->locked_before)
		return 0;
	r = lock_set(transaction, change, false, false);
	if (r == -ERROR_TIMED_OUT)
		return r;
	if (r >= 0)
		lock_remove_record(transaction, &change->name);
	return making_begin(making);
}

/*
 * A driver of the host has it, and what is in it, open.  No driver is to lose a DPNI with a live
 * connection (LX2160A, MC 10.39: dpaa2-controlplane docs/baseline).
 */
static int unbind(struct making *making, const struct name *name)
{
	struct transaction *transaction = making->transaction;
	_cleanup_(plan_done) struct plan plan = { 0 };
	_cleanup_bus_ struct bus *bus = NULL;
	struct change *change;
	struct dprc *dprc;
	int r = inspect_load(transaction, &bus);

	dprc = r < 0 ? NULL : bus_find_dprc(bus, name);
	if (!dprc)
		return r;
	if (str_same(dprc->object->driver, VFIO_DRIVER))
		return fail(-ERROR_FAILED, name_text(name).text,
			    "bound to vfio-fsl-mc meanwhile; once nothing uses it, run: "
			    "echo %s > /sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind; then "
			    "'fslmc-vfio recover'",
			    name_text(name).text);
	r = hold(transaction, dprc, &change);
	if (r == -ERROR_BUSY)
		return -ERROR_TIMED_OUT;
	if (r >= 0)
		r = unlock(making, change);
	if (r < 0 || !dprc->object->driver)
		return r;
	r = making_disconnect_container(making, name->id);
	if (r < 0)
		return r;
	mc_release(&transaction->mc);
	plan_add_unbind_dprc(&plan, change, dprc->object->driver);
	return plan_run(&plan, transaction,
			&(struct run_options){ .timeout_ms = transaction->timeout_s * 1000,
					       .quiet = !making->speak });
}

static int note_orphans(struct making *making, struct doomed *doomed)
{
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	size_t n_objects;
	int r = making_list(making, making->parent, &objects, &n_objects);

	for (size_t i = 0; i < n_objects && r >= 0; i++) {
		struct name name;

		if (name_make(objects[i].type, objects[i].id, &name) < 0 ||
		    !names_list_has(&doomed->made.objects, &name) ||
		    names_list_has(&doomed->orphans, &name))
			continue;
		names_list_add(&doomed->orphans, &name);
		warn(name_text(&name).text,
		     "created elsewhere, so it went to %s, unplugged; whoever created it can "
		     "destroy it",
		     name_text(&doomed->made.parent).text);
	}
	return r;
}

/* Those that are there; a number that is free by now may have been given out again. */
static int destroy_host_objects(struct making *making, const struct made *made)
{
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	struct names_list left = { 0 };
	size_t n_objects;
	int r = made->host_objects.n_names
			? making_list(making, making->parent, &objects, &n_objects)
			: 0;

	if (r < 0 || !objects)
		return r;
	for (size_t i = 0; i < n_objects; i++) {
		struct name name;

		if (name_make(objects[i].type, objects[i].id, &name) >= 0 &&
		    names_list_has(&made->host_objects, &name) &&
		    streq(objects[i].label, made->label))
			names_list_add(&left, &name);
	}
	r = making_destroy_host_objects(making, &left);
	names_list_done(&left);
	return r;
}

/*
 * Whoever creates a DPRC next may get all that the MC tells it by.  That it is gone goes on record
 * at once, for what else there is to do may take until a later recovery.
 */
static int destroy_container(struct making *making, struct destruction *destruction,
			     struct doomed *doomed)
{
	const struct made *made = &doomed->made;
	int r = doomed->is_gone ? 0 : is_there(making, made);

	if (r > 0) {
		r = unbind(making, &made->name);
		if (r >= 0)
			r = making_destroy_container(making, made->name.id);
	}
	if (r < 0 || doomed->is_gone)
		return r;
	doomed->is_gone = true;
	/* Without room for that there is the journal that was written before. */
	journal_write_destruction(making->transaction, destruction);
	return 0;
}

static int destroy_one(struct making *making, struct destruction *destruction,
		       struct doomed *doomed)
{
	const struct made *made = &doomed->made;
	int r = destroy_container(making, destruction, doomed);

	if (r >= 0)
		r = note_orphans(making, doomed);
	if (r >= 0)
		r = destroy_host_objects(making, made);
	if (r >= 0)
		r = making_reconnect(making, made);
	return r;
}

static int destroy_all(struct making *making, struct destruction *destruction)
{
	int result = 0;

	for (size_t i = 0; i < destruction->n_doomed; i++) {
		const struct name_text name = name_text(&destruction->doomed[i].made.name);
		int r;

		making->what = name.text;
		r = destroy_one(making, destruction, &destruction->doomed[i]);
		if (r == -ERROR_TIMED_OUT)
			return r;
		result = r < 0 ? r : result;
	}
	return result;
}

static int settle_once(struct making *making, struct destruction *destruction)
{
	int r = making_begin(making), back;

	if (r >= 0)
		r = making_quiet(making);
	if (r >= 0)
		r = destroy_all(making, destruction);
	mc_release(&making->transaction->mc);
	if (r == -ERROR_TIMED_OUT)
		return making_end_quiet(making, r);
	/* What is gone is gone for Linux, too, whatever is left. */
	back = making_catch_up(making);
	if (r >= 0 || back == -ERROR_TIMED_OUT)
		r = back;
	return making_end_quiet(making, r);
}

/* Of its lock, too: another DPRC may get its number, ICID and portal. */
static void forget(const struct transaction *transaction, const struct destruction *destruction)
{
	for (size_t i = 0; i < destruction->n_doomed; i++) {
		const struct name *name = &destruction->doomed[i].made.name;
		const int r = made_remove(transaction, name);

		if (lock_remove_record(transaction, name) < 0 || r < 0)
			warn(name_text(name).text, "cannot remove what is on record of it");
	}
}

static int settle(struct transaction *transaction, struct destruction *destruction)
{
	struct making making = { .transaction = transaction,
				 .parent = destruction->doomed[0].made.parent.id };
	unsigned int pause_ms = FIRST_PAUSE_MS;
	int r;

	for (int try = 1;; try++, pause_ms *= 2) {
		making.speak = try == TRIES;
		making.deadline = clock_now_ms() + BUSY_MS;
		r = settle_once(&making, destruction);
		if (r != -ERROR_FAILED || making.speak)
			break;
		clock_sleep_ms(pause_ms);
	}
	if (r == -ERROR_TIMED_OUT)
		return r;
	if (r < 0)
		return fail(-ERROR_RESIDUE, NULL,
			    "not all could be destroyed; run 'fslmc-vfio recover' to go on, or "
			    "'fslmc-vfio recover --abandon DPRC' to leave it as it is");
	forget(transaction, destruction);
	return making_end_journal(transaction);
}

int destruction_run(struct transaction *transaction, struct destruction *destruction)
{
	int r;

	signals_hold();
	mc_release(&transaction->mc);
	switches_note(transaction);
	r = journal_write_destruction(transaction, destruction);
	if (r < 0) {
		journal_remove(transaction);
		return fail(-ERROR_FAILED, NULL, "cannot put the change on record in %s: %s",
			    RUNDIR_PATH, error_text(r));
	}
	transaction_expect_no_memory();
	return settle(transaction, destruction);
}

int destruction_settle(struct transaction *transaction, const struct journal *journal,
		       struct destruction *destruction)
{
	signals_hold();
	transaction_expect_no_memory();
	journal_resume_making(transaction, journal);
	return settle(transaction, destruction);
}
