/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to /proc: which processes hold VFIO files open, and what a user's processes may. */
#ifndef KERNEL_PROCFS_H
#define KERNEL_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/strings.h"

struct sysfs;

/*
 * A process and one VFIO file it has.  A device descriptor (anon_inode:[vfio-device]) does not say
 * of which device it is before Linux 6.18; then it is one of some container's, not surely of ours.
 * So is the node of a device that an unbind has removed ("/dev/vfio/devices/vfio0 (deleted)").  A
 * container may have a node by any name.
 */
struct holder {
	pid_t pid;
	char *command;	 /* untrusted; "" if it cannot be read */
	char *file;	 /* "/dev/vfio/5", "/dev/vfio/devices/vfio0", "anon_inode:[vfio-device]" */
	bool is_mapping; /* seen in maps: the descriptor may be closed already */
	bool is_sure;	 /* of what was asked about, not only perhaps */
};

struct holders {
	struct holder *holders; /* by pid; at most one a process and file */
	size_t n_holders;
	bool is_complete; /* false: some process hides, or may not be looked into: none is not none
			   */
};

/*
 * Finds the holders of character devices (paths below /dev, e.g. "/dev/vfio/5", compared by device
 * number where they exist) and of VFIO devices (paths of their directories below sys/).  Errors
 * only if /proc cannot be read at all.
 */
int procfs_find_holders(const struct sysfs *sysfs, const struct strings *nodes,
			const struct strings *devices, struct holders *ret_holders);
void holders_done(struct holders *holders);
#define _cleanup_holders_ __attribute__((cleanup(holders_done)))

/*
 * The smallest RLIMIT_MEMLOCK (soft) among the user's processes, in bytes; -1: unlimited, all of
 * them.  -ENOENT: none runs, or none may be looked into.
 */
int procfs_least_memlock(const struct sysfs *sysfs, uid_t uid, int64_t *ret_bytes);

#endif
