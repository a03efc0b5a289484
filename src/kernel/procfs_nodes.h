/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of a process's files are the device nodes that are looked for.  For procfs.c only. */
#ifndef KERNEL_PROCFS_NODES_H
#define KERNEL_PROCFS_NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct strings;
struct sysfs;

struct node {
	const char *path; /* "/dev/vfio/5" */
	bool is_here;
	struct stat status;
};

struct nodes {
	struct node *nodes;
	size_t n_nodes;
};

/* The paths stay the caller's. */
struct nodes nodes_load(const struct sysfs *sysfs, const struct strings *paths);
void nodes_done(struct nodes *nodes);
#define _cleanup_nodes_ __attribute__((cleanup(nodes_done)))

/*
 * Whether a path in /proc ends like a node's.  The path alone tells nothing: any user can have a
 * file of that name, but no device.
 */
bool nodes_has_path(const struct nodes *nodes, const char *file);
bool nodes_has_device(const struct nodes *nodes, const struct statx *status, const char *file);
bool nodes_has_inode(const struct nodes *nodes, dev_t dev, uint64_t inode);

/* "/dev/vfio/devices/vfio0 (deleted)": an unbind removes a device's own node at once, and then
 * nothing says which device it was. */
bool nodes_is_removed(const char *file);

#endif
