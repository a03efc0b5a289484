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

int lock_remove_record(const struct transaction *transaction, const struct change *change)
{
	_cleanup_free_ char *file = file_of(&change->name);

	return rundir_remove(&transaction->rundir, file);
}

/* 0: it is.  -ENOENT, -ESTALE: it is not.  Other errors: that is unknown. */
static int find_record(const struct sysfs *sysfs, const struct rundir *rundir,
		       const struct name *name, const struct identity *identity, uint64_t inode)
{
	_cleanup_free_ char *file = file_of(name);
	struct json_object *record;
	int r = rundir->fd < 0 ? -ENOENT : rundir_read(rundir, file, &record);

	if (r < 0)
		return r;
	r = record_check(sysfs, record);
	if (r >= 0)
		r = record_check_device(json_object_object_get(record, "change"), identity, inode);
	json_object_put(record);
	return r;
}

int lock_read_record(const struct transaction *transaction, struct change *change)
{
	int r = find_record(transaction->sysfs, &transaction->rundir, &change->name,
			    &change->identity, change->inode);

	if (r < 0 && r != -ENOENT && r != -ESTALE)
		return r;
	change->locked_before = r >= 0;
	change->locked_after = change->locked_before;
	change->lock = change->locked_before ? LOCK_ON : LOCK_OFF;
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
		is_locked = find_record(sysfs, &rundir, &at->object->name, &identity, inode) >= 0;
		free(identity.label);
	}
	rundir_done(&rundir);
	return is_locked;
}
