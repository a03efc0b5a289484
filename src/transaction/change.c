/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one run does to the bus. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "transaction/change.h"
#include "transaction/creation.h"

#define PATIENCE_MS 2000 /* with an attribute that answers at once, or is stuck */

static void change_done(struct change *change)
{
	free(change->path);
	free(change->identity.label);
	close_pointer(&change->dir);
	close_pointer(&change->writer);
	binding_done(&change->before);
	binding_done(&change->after);
	ownership_done(&change->owner_before);
	ownership_done(&change->owner_after);
	snapshot_done(&change->found);
	strings_done(&change->losses);
	strings_done(&change->interfaces);
}

void transaction_done(struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->n_changes; i++)
		change_done(&transaction->changes[i]);
	free(transaction->changes);
	creations_done(transaction);
	snapshot_done(&transaction->snapshot);
	strings_done(&transaction->expected_losses);
	strings_done(&transaction->earlier_losses);
	free(transaction->journal);
	bus_free(transaction->after);
	close_pointer(&transaction->writer);
	/* Before the lock: a run that waits for that wants to query the MC as well. */
	mc_close(&transaction->mc);
	rundir_done(&transaction->rundir);
	*transaction = TRANSACTION_EMPTY;
}

void transaction_drop(struct transaction *transaction, size_t i)
{
	change_done(&transaction->changes[i]);
	memmove(&transaction->changes[i], &transaction->changes[i + 1],
		(--transaction->n_changes - i) * sizeof(*transaction->changes));
}

struct change *transaction_find(const struct transaction *transaction, const struct name *dprc)
{
	for (size_t i = 0; i < transaction->n_changes; i++)
		if (name_equal(&transaction->changes[i].name, dprc))
			return &transaction->changes[i];
	return NULL;
}

bool transaction_has(const struct transaction *transaction, const struct name *dprc)
{
	return transaction_find(transaction, dprc);
}

int change_read_binding(const struct transaction *transaction, const struct change *change,
			struct binding *ret_binding)
{
	int r = change_check_device(transaction, change);

	if (r < 0)
		return r;
	return binding_load(change->dir, clock_now_ms() + PATIENCE_MS, ret_binding);
}

static int lock_writer(const struct transaction *transaction, const char *name, int *ret_writer)
{
	int writer;

	if (transaction->rundir.fd < 0)
		return 0;
	writer = rundir_lock_writer(&transaction->rundir, name, transaction->lock_deadline);
	if (writer == -EBUSY)
		return fail(-ERROR_BUSY, name,
			    "a write by an earlier run is still pending in the kernel; run "
			    "'fslmc-vfio recover' once it has ended");
	if (writer < 0)
		return fail(-ERROR_FAILED, name, "cannot lock it in %s: %s", RUNDIR_PATH,
			    error_text(writer));
	*ret_writer = writer;
	return 0;
}

int change_add(struct transaction *transaction, const struct name *name, const char *path,
	       struct change **ret_change)
{
	const struct name_text text = name_text(name);
	struct change *change;
	int r;

	transaction->changes = xrealloc(transaction->changes, transaction->n_changes + 1,
					sizeof(*transaction->changes));
	change = &transaction->changes[transaction->n_changes++];
	*change = (struct change){
		.name = *name,
		.path = xstrdup(path),
		.dir = sysfs_open_at(transaction->sysfs->fd, path, O_PATH | O_DIRECTORY),
		.writer = -1,
		.identity = { IDENTITY_UNKNOWN, IDENTITY_UNKNOWN, NULL },
	};
	if (change->dir < 0)
		return fail(-ERROR_NOT_FOUND, text.text, "device disappeared: %s",
			    error_text(change->dir));
	r = sysfs_inode(change->dir, "", &change->inode);
	if (r < 0)
		return fail(-ERROR_NOT_FOUND, text.text, "device disappeared: %s", error_text(r));
	/* Before anything is read: driver_override_show() may wait for a stuck write's lock. */
	r = lock_writer(transaction, text.text, &change->writer);
	if (r < 0)
		return r;
	r = change_read_binding(transaction, change, &change->before);
	if (r == -EINPROGRESS)
		return fail(-ERROR_BUSY, text.text,
			    "a bind or unbind of it by another program hangs in the kernel");
	if (r == -EXDEV)
		return fail(
			-ERROR_REFUSED, text.text,
			"another file is mounted over its driver_override; nothing was written");
	if (r < 0)
		return fail(-ERROR_FAILED, text.text, "cannot read its driver: %s", error_text(r));
	*ret_change = change;
	return 0;
}

bool change_writes_lock(const struct change *change)
{
	const bool is_rebound =
		change->rescans || !str_same(change->before.driver, change->after.driver);

	return change->lock == LOCK_UNKNOWN || change->locked_before != change->locked_after ||
	       (change->locked_before && is_rebound);
}

bool change_is_needed(const struct change *change)
{
	return change->rescans || !binding_equal(&change->before, &change->after) ||
	       change_writes_lock(change) || ownership_changes(change);
}

int change_check_device(const struct transaction *transaction, const struct change *change)
{
	uint64_t inode;
	int r;

	if (change->dir < 0)
		return -ESTALE;
	r = sysfs_inode(transaction->sysfs->fd, change->path, &inode);
	if (r == -ENOENT)
		return -ESTALE;
	if (r < 0)
		return r;
	return inode == change->inode ? 0 : -ESTALE;
}
