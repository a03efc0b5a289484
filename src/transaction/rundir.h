/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /run/fslmc-vfio: the locks and the records that one run leaves for the next.  On tmpfs, for what
 * sysfs holds is gone after a reboot, too.  Owned by root, no link followed; mode 0711, so that all
 * can read the activity, and nothing else.
 *
 *	lock			held by the one run that may write
 *	activity		which run that is, see activity.h
 *	dprc.2.writer		held while a write for dprc.2 is in the kernel, also by a stuck one
 *	journal/dprc.2.json	a change that is in flight, named after its first DPRC
 *	bound/dprc.2.json	what bind found, for unbind to restore
 *	locked/dprc.2.json	it was locked in the MC, for unbind to unlock
 *	created/dprc.2.json	what create made, for destroy to take away
 *
 * Functions return 0 or a negative errno and print nothing.
 */
#ifndef TRANSACTION_RUNDIR_H
#define TRANSACTION_RUNDIR_H

#include <stdint.h>

#define RUNDIR_PATH "/run/fslmc-vfio"

struct json_object;
struct strings;
struct sysfs;

struct rundir {
	int fd;
	int lock;
	int activity;
};

#define RUNDIR_CLOSED ((struct rundir){ -1, -1, -1 })

/*
 * Makes the directory if it is not there.  -EACCES: not root.  -EPERM: it is there, but not root's
 * alone, so nothing in it can be trusted.
 */
int rundir_open(const struct sysfs *sysfs, struct rundir *ret_rundir);

/* The same for who only looks.  -ENOENT: no run has written to the bus since boot. */
int rundir_open_existing(const struct sysfs *sysfs, struct rundir *ret_rundir);
/* A descriptor for anybody, by which only names that are known can be opened.  As above. */
int rundir_open_public(const struct sysfs *sysfs);
void rundir_done(struct rundir *rundir);

/* Takes the lock, waiting until deadline.  -EBUSY: another run has it. */
int rundir_lock(struct rundir *rundir, int64_t deadline);

/*
 * Takes name's writer lock, waiting until deadline, and returns its descriptor, to be handed to
 * sysfs_write().  -EBUSY: a write for it is still in the kernel.
 */
int rundir_lock_writer(const struct rundir *rundir, const char *name, int64_t deadline);

/*
 * Records: written whole or not at all (temporary file, fsync, rename, fsync of the directory).
 * -EFBIG: larger than rundir_read() reads.
 */
int rundir_write(const struct rundir *rundir, const char *file, struct json_object *record);

/* -ENOENT: none.  -EBADMSG: not JSON, or not ours (owner, mode, links, size over 16 MiB). */
int rundir_read(const struct rundir *rundir, const char *file, struct json_object **ret_record);

/* The records in a subdirectory, by file name. */
int rundir_list(const struct rundir *rundir, const char *subdirectory, struct strings *ret_files);

/* Not there is fine, too. */
int rundir_remove(const struct rundir *rundir, const char *file);

#endif
