/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change of the bus, all or nothing. */
#include <errno.h>
#include <stdlib.h>

#include "assign/inspect.h"
#include "assign/journal.h"
#include "assign/plan.h"
#include "assign/policy.h"
#include "assign/transaction.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "kernel/sysfs.h"

static const char autorescan_path[] = "bus/fsl-mc/autorescan";

/* Writes to autorescan talk to the MC and so may hang; they are about no container. */
#define AUTORESCAN_TIMEOUT_S 20

#define UNDO_TRIES 5
#define UNDO_FIRST_PAUSE_MS 100

static bool autorescan_is_on(const struct sysfs *sysfs)
{
	_cleanup_free_ char *text = NULL;

	return sysfs_read(sysfs->fd, autorescan_path, &text) == 0 && streq(text, "1");
}

void transaction_begin_dry(struct transaction *transaction, const struct sysfs *sysfs,
			   const char *operation)
{
	*transaction = (struct transaction){
		.operation = operation,
		.sysfs = sysfs,
		.rundir = RUNDIR_CLOSED,
		.writer = -1,
		.autorescan = autorescan_is_on(sysfs),
	};
}

static int fail_rundir(int r)
{
	if (r == -EACCES)
		return fail(-ERROR_PERMISSION, NULL, "only root can write to the fsl-mc bus");
	if (r == -EPERM)
		return fail(
			-ERROR_REFUSED, NULL,
			"%s is not a directory of root's alone, so its records cannot be trusted; "
			"remove it",
			RUNDIR_PATH);
	return fail(-ERROR_FAILED, NULL, "cannot use %s: %s", RUNDIR_PATH, error_text(r));
}

int transaction_begin(struct transaction *transaction, const struct sysfs *sysfs,
		      const char *operation, const struct transaction_options *options)
{
	int r;

	transaction_begin_dry(transaction, sysfs, operation);
	transaction->timeout_s = options->timeout_s;
	r = rundir_open(sysfs, &transaction->rundir);
	if (r < 0)
		return fail_rundir(r);
	r = rundir_lock(&transaction->rundir, clock_now_ms() + options->wait_s * INT64_C(1000));
	if (r == -EBUSY)
		return fail(-ERROR_BUSY, NULL,
			    "another fslmc-vfio is at work; --wait SECONDS waits for it");
	if (r < 0)
		return fail_rundir(r);
	transaction->writer = rundir_lock_writer(&transaction->rundir, "bus");
	if (transaction->writer == -EBUSY)
		return fail(-ERROR_BUSY, NULL,
			    "the kernel is still at a write to the bus of an earlier run");
	if (transaction->writer < 0)
		return fail_rundir(transaction->writer);
	transaction->autorescan = autorescan_is_on(sysfs);
	return 0;
}

static bool mentions(const char *names, const struct strings *ours)
{
	_cleanup_free_ char *copy = xstrdup(names);
	char *rest = copy, *name;

	while ((name = strsep(&rest, " ")))
		if (strings_has(ours, name))
			return true;
	return false;
}

int transaction_check_journals(const struct transaction *transaction, const struct strings *names)
{
	_cleanup_strings_ struct strings files = { 0 };
	int r = journal_list(&transaction->rundir, &files);

	if (r < 0)
		return fail_rundir(r);
	for (size_t i = 0; i < files.n_texts; i++) {
		_cleanup_free_ char *found = NULL;

		r = journal_names(&transaction->rundir, files.texts[i], &found);
		if (r < 0 || mentions(found, names))
			return fail(-ERROR_REFUSED, found,
				    "an earlier change was interrupted; run 'fslmc-vfio recover' "
				    "first");
		warn(found, "an earlier change was interrupted; 'fslmc-vfio recover' settles it");
	}
	return 0;
}

bool transaction_is_needed(const struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];

		if (change->rescans || !binding_equal(&change->before, &change->after))
			return true;
	}
	return false;
}

/* The bindings as they are now, one per change; freed by bindings_free(). */
static int read_bindings(const struct transaction *transaction, struct binding **ret_now)
{
	struct binding *now = xcalloc(transaction->n_changes, sizeof(*now));

	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];
		int r = change_read_binding(transaction, change, &now[i]);

		if (r < 0) {
			while (i--)
				binding_done(&now[i]);
			free(now);
			return fail(-ERROR_NOT_FOUND, name_text(&change->name).text,
				    "cannot read its driver: %s", error_text(r));
		}
	}
	*ret_now = now;
	return 0;
}

static void free_bindings(const struct transaction *transaction, struct binding *now)
{
	for (size_t i = 0; i < transaction->n_changes; i++)
		binding_done(&now[i]);
	free(now);
}

static int plan_towards(const struct transaction *transaction, enum direction direction,
			struct plan *ret_plan)
{
	struct binding *now;
	int r = read_bindings(transaction, &now);

	if (r < 0)
		return r;
	plan_make(transaction, direction, now, autorescan_is_on(transaction->sysfs), ret_plan);
	free_bindings(transaction, now);
	return 0;
}

int transaction_plan(const struct transaction *transaction, struct plan *ret_plan)
{
	return plan_towards(transaction, TOWARDS_AFTER, ret_plan);
}

/* After a write that did not return: whatever it is about, the bus gets its events again. */
static void restore_autorescan(struct transaction *transaction)
{
	_cleanup_(plan_done) struct plan plan = { 0 };

	if (!transaction->autorescan || autorescan_is_on(transaction->sysfs))
		return;
	transaction->deadline = deadline_in(AUTORESCAN_TIMEOUT_S);
	plan_add_autorescan(&plan, true);
	plan_run(&plan, transaction, &(struct run_manner){ .is_silent = true });
}

static int run_towards(struct transaction *transaction, enum direction direction,
		       const struct run_manner *manner)
{
	_cleanup_(plan_done) struct plan plan = { 0 };
	int r = plan_towards(transaction, direction, &plan);

	if (r < 0)
		return r;
	transaction->deadline = deadline_in(transaction->timeout_s);
	r = plan_run(&plan, transaction, manner);
	if (r == -ERROR_TIMED_OUT)
		restore_autorescan(transaction);
	return r;
}

/* What bind found is recorded for unbind; a rebind finds nothing new. */
static bool is_recorded(const struct change *change)
{
	return str_same(change->after.driver, VFIO_DRIVER) &&
	       !str_same(change->before.driver, VFIO_DRIVER);
}

static int remove_records(const struct transaction *transaction, enum direction reached)
{
	int r = 0;

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		const struct change *change = &transaction->changes[i];
		const struct binding *binding =
			reached == TOWARDS_AFTER ? &change->after : &change->before;

		if (!str_same(binding->driver, VFIO_DRIVER))
			r = bound_remove(transaction, change);
	}
	return r < 0 ? r : journal_remove(transaction);
}

/* The same errors can come from /run as from the device; before the first write all mean:
 * untouched. */
static int put_on_record(struct transaction *transaction)
{
	int r = 0;

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++)
		if (is_recorded(&transaction->changes[i]))
			r = bound_write(transaction, &transaction->changes[i]);
	if (r >= 0)
		r = journal_write(transaction);
	if (r >= 0)
		return 0;
	remove_records(transaction, TOWARDS_BEFORE);
	return fail(-ERROR_FAILED, NULL, "cannot put the change on record in %s: %s", RUNDIR_PATH,
		    error_text(r));
}

int transaction_run(struct transaction *transaction)
{
	int r;

	signals_hold();
	r = inspect_identity(transaction);
	if (r >= 0)
		r = put_on_record(transaction);
	if (r < 0)
		return r;
	out_of_memory_status = STATUS_RESIDUE;
	r = run_towards(transaction, TOWARDS_AFTER,
			&(struct run_manner){ .is_interruptible = true });
	if (r >= 0)
		r = inspect_goal(transaction, TOWARDS_AFTER, true);
	if (r >= 0)
		r = inspect_bystanders(transaction);
	if (r >= 0 || r == -ERROR_TIMED_OUT)
		return r;
	return transaction_undo(transaction);
}

/* What failed on the way there, an MC that is busy say, may fail on the way back for a while. */
static int run_back(struct transaction *transaction)
{
	unsigned int pause_ms = UNDO_FIRST_PAUSE_MS;
	int r = -ERROR_FAILED;

	for (int try = 1; r == -ERROR_FAILED && try <= UNDO_TRIES; try++) {
		r = run_towards(transaction, TOWARDS_BEFORE,
				&(struct run_manner){ .is_silent = try < UNDO_TRIES });
		if (r == -ERROR_FAILED && try < UNDO_TRIES)
			clock_sleep_ms(pause_ms);
		pause_ms *= 2;
	}
	return r;
}

int transaction_undo(struct transaction *transaction)
{
	int r = run_back(transaction);

	if (r == -ERROR_TIMED_OUT)
		return r;
	/* Whether or not every write went well: what counts is what is there now. */
	r = inspect_goal(transaction, TOWARDS_BEFORE, true);
	if (r >= 0)
		r = inspect_everything(transaction);
	if (r < 0)
		return r == -ERROR_TIMED_OUT ? r : -ERROR_RESIDUE;
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
		return 0;
	fail(-ERROR_FAILED, NULL, "cannot remove the journal in %s: %s; undoing the change",
	     RUNDIR_PATH, error_text(r));
	return transaction_undo(transaction);
}

int transaction_settle(struct transaction *transaction, bool *ret_as_asked)
{
	int r;

	signals_hold();
	out_of_memory_status = STATUS_RESIDUE;
	*ret_as_asked = inspect_goal(transaction, TOWARDS_AFTER, false) >= 0;
	if (*ret_as_asked) {
		restore_autorescan(transaction);
		return transaction_commit(transaction);
	}
	r = transaction_undo(transaction);
	return r == -ERROR_FAILED ? 0 : r;
}
