/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which DPRCs were locked here, on record in /run/fslmc-vfio/locked. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/captured.h"
#include "model/dprc.h"
#include "model/object.h"
#include "transaction/change.h"
#include "transaction/lock.h"
#include "transaction/record.h"

static char *file_of(const struct name *name)
{
	return xasprintf("locked/%s.json", name_text(name).text);
}

int lock_write_record(const struct transaction *transaction, const struct change *change)
{
	_cleanup_free_ char *file = file_of(&change->name);
	struct json_object *record;
	int r = record_begin(transaction, &record);

	if (r < 0)
		return r;
	json_object_object_add(record, "change", record_change(change));
	return record_write(transaction, file, record);
}

int lock_remove_record(const struct transaction *transaction, const struct name *dprc)
{
	_cleanup_free_ char *file = file_of(dprc);

	return rundir_remove(&transaction->rundir, file);
}

static bool is_there(const struct transaction *transaction, const struct change *change)
{
	_cleanup_free_ char *file = file_of(&change->name);
	struct json_object *record;
	int r = rundir_read(&transaction->rundir, file, &record);

	if (r >= 0)
		json_object_put(record);
	return r >= 0;
}

int lock_update_records(const struct transaction *transaction, enum direction direction)
{
	int r = 0;

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		const struct change *change = &transaction->changes[i];

		/* An undo of what left the lock alone has nothing to say of it. */
		if (direction == ROLLBACK && change->locked_before == change->locked_after)
			continue;
		/* One from before the change says more, and there may be no room for another. */
		if (lock_goal(change, direction))
			r = direction == ROLLBACK && is_there(transaction, change)
				    ? 0
				    : lock_write_record(transaction, change);
		else if (change->locked_before || change->locked_after)
			r = lock_remove_record(transaction, &change->name);
	}
	return r;
}

/* Whether a device that Linux has added again is the same DPRC, only the MC reports. */
static int check_by_mc(struct json_object *change, const struct identity *identity)
{
	struct identity was;
	int r = record_read_identity(change, &was);

	if (r < 0)
		return r;
	return identity->icid != IDENTITY_UNKNOWN && identity->icid == was.icid &&
			       identity->portal_id == was.portal_id
		       ? 0
		       : -ESTALE;
}

/* 0: it is there.  -ENOENT, -ESTALE: it is not.  Other errors: that is unknown.  is_new: Linux may
 * have added the device since. */
static int find_record(const struct sysfs *sysfs, const struct rundir *rundir,
		       const struct name *name, const struct identity *identity, uint64_t inode,
		       bool is_new)
{
	_cleanup_free_ char *file = file_of(name);
	struct json_object *record, *change;
	int r = rundir->fd < 0 ? -ENOENT : rundir_read(rundir, file, &record);

	if (r < 0)
		return r;
	r = record_check(sysfs, record);
	change = json_object_object_get(record, "change");
	if (r >= 0)
		r = is_new ? check_by_mc(change, identity)
			   : record_check_device(change, identity, inode);
	json_object_put(record);
	return r;
}

int lock_read_record(const struct transaction *transaction, struct change *change)
{
	int r = find_record(transaction->sysfs, &transaction->rundir, &change->name,
			    &change->identity, change->inode, false);
	const bool is_of_device = r >= 0;

	if (r == -ESTALE)
		r = find_record(transaction->sysfs, &transaction->rundir, &change->name,
				&change->identity, change->inode, true);
	if (r < 0 && r != -ENOENT && r != -ESTALE)
		return r;
	change->locked_before = r >= 0;
	change->locked_after = is_of_device;
	change->lock = r < 0 ? LOCK_OFF : is_of_device ? LOCK_ON : LOCK_UNKNOWN;
	return 0;
}

bool lock_is_on_record(const struct sysfs *sysfs, const struct dprc *dprc)
{
	struct rundir rundir = RUNDIR_CLOSED;
	bool is_locked = false;

	if (!sysfs->is_live)
		return captured_is_locked(sysfs, &dprc->object->name);
	if (rundir_open_existing(sysfs, &rundir) < 0)
		return false;
	for (const struct dprc *at = dprc; at && !is_locked; at = at->parent) {
		struct identity identity;
		uint64_t inode;

		if (sysfs_inode(sysfs->fd, at->path, &inode) < 0)
			continue;
		identity_take(at, &identity);
		is_locked = find_record(sysfs, &rundir, &at->object->name, &identity, inode,
					false) >= 0;
		free(identity.label);
	}
	rundir_done(&rundir);
	return is_locked;
}
