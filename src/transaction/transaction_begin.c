/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change of the bus, all or nothing: how it begins. */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/dprc.h"
#include "transaction/activity.h"
#include "transaction/journal.h"
#include "transaction/recovery.h"
#include "transaction/switches.h"
#include "transaction/transaction.h"

/* A write of another run that is about to end is no reason to give up. */
#define WRITER_PATIENCE_MS 1000

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

static int fail_running(const struct activity *activity)
{
	_cleanup_free_ char *who = activity->is_running ? activity_describe(activity) : NULL;

	return fail(-ERROR_BUSY, NULL,
		    "another fslmc-vfio is running%s%s; --wait SECONDS waits for it",
		    who ? ": " : "", who ? who : "");
}

static int fail_locked(const struct sysfs *sysfs)
{
	_cleanup_activity_ struct activity activity = { 0 };

	activity_read(sysfs, &activity);
	return fail_running(&activity);
}

static int fail_writer(int r)
{
	if (r != -EBUSY)
		return fail_rundir(r);
	return fail(-ERROR_BUSY, NULL,
		    "a write to the bus by an earlier run is still pending in the kernel; --wait "
		    "SECONDS "
		    "waits for it");
}

static void start_patience(struct transaction *transaction)
{
	if (transaction->lock_deadline < clock_now_ms() + WRITER_PATIENCE_MS)
		transaction->lock_deadline = clock_now_ms() + WRITER_PATIENCE_MS;
}

int transaction_begin(struct transaction *transaction, const struct sysfs *sysfs,
		      const char *operation, const struct transaction_options *options)
{
	int r;

	*transaction = TRANSACTION_EMPTY;
	transaction->operation = operation;
	transaction->sysfs = sysfs;
	transaction->timeout_s = options->timeout_s;
	r = rundir_open(sysfs, &transaction->rundir);
	if (r < 0)
		return fail_rundir(r);
	transaction->lock_deadline = clock_now_ms() + options->wait_s * INT64_C(1000);
	r = rundir_lock(&transaction->rundir, transaction->lock_deadline);
	if (r == -EBUSY)
		return fail_locked(sysfs);
	if (r >= 0)
		r = activity_publish(&transaction->rundir, operation, options->names);
	if (r < 0)
		return fail_rundir(r);
	start_patience(transaction);
	transaction->writer =
		rundir_lock_writer(&transaction->rundir, "bus", transaction->lock_deadline);
	if (transaction->writer < 0)
		return fail_writer(transaction->writer);
	switches_note(transaction);
	return 0;
}

/* Whoever is not root sees no records, and is told so where that matters. */
int transaction_begin_dry(struct transaction *transaction, const struct sysfs *sysfs,
			  const char *operation, const struct transaction_options *options)
{
	_cleanup_activity_ struct activity activity = { 0 };
	int r;

	*transaction = TRANSACTION_EMPTY;
	transaction->operation = operation;
	transaction->sysfs = sysfs;
	switches_note(transaction);
	if (!sysfs->is_live)
		return 0;
	transaction->lock_deadline = clock_now_ms() + options->wait_s * INT64_C(1000);
	r = activity_await_end(sysfs, transaction->lock_deadline, &activity);
	if (r < 0)
		return fail_rundir(r);
	if (activity.is_running)
		return fail_running(&activity);
	start_patience(transaction);
	r = rundir_open_existing(sysfs, &transaction->rundir);
	return r >= 0 || r == -ENOENT || r == -EACCES ? 0 : fail_rundir(r);
}

int transaction_publish(struct transaction *transaction, const struct strings *names)
{
	int r = activity_publish(&transaction->rundir, transaction->operation, names);

	return r < 0 ? fail_rundir(r) : 0;
}

static bool mentions(const struct journal *journal, const struct strings *ours)
{
	for (size_t i = 0; ours && i < ours->n_texts; i++)
		if (journal_has(journal, ours->texts[i]))
			return true;
	return false;
}

static int check_journals(const struct transaction *transaction, const struct strings *names,
			  bool is_making)
{
	_cleanup_strings_ struct strings files = { 0 };
	int r = transaction->rundir.fd < 0 ? 0 : journal_list(&transaction->rundir, &files);

	/* A dry run may come before the first run that makes them. */
	if (r < 0 && r != -ENOENT)
		return fail_rundir(r);
	for (size_t i = 0; i < files.n_texts; i++) {
		_cleanup_journal_ struct journal journal = { 0 };

		r = journal_load(transaction->sysfs, &transaction->rundir, files.texts[i],
				 &journal);
		if (r == -ENOENT)
			continue;
		if (r < 0)
			return recovery_fail_unread(-ERROR_REFUSED, files.texts[i], r);
		if (mentions(&journal, names) ||
		    (is_making && (journal.makes || journal.kind == JOURNAL_DESTRUCTION)))
			return fail(-ERROR_REFUSED, journal.names,
				    "an earlier change was interrupted; run 'fslmc-vfio recover' "
				    "first");
		recovery_warn_of(journal.names);
	}
	return 0;
}

int transaction_check_journals(const struct transaction *transaction, const struct strings *names)
{
	return check_journals(transaction, names, false);
}

int transaction_check_making(const struct transaction *transaction, const struct strings *names)
{
	return check_journals(transaction, names, true);
}

bool transaction_is_needed(const struct transaction *transaction)
{
	/* What was made is to be completed or taken back, also if somebody has bound it. */
	if (transaction->n_creations)
		return true;
	for (size_t i = 0; i < transaction->n_changes; i++)
		if (change_is_needed(&transaction->changes[i]))
			return true;
	return false;
}
