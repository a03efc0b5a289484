/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/strings.h"
#include "base/util.h"
#include "kernel/procfs_nodes.h"
#include "kernel/sysfs.h"

#define DEVICE_NODES "/dev/vfio/devices/"
#define DELETED " (deleted)"

struct nodes nodes_load(const struct sysfs *sysfs, const struct strings *paths)
{
	struct nodes nodes = {
		.nodes = xcalloc(paths->n_texts, sizeof(*nodes.nodes)),
		.n_nodes = paths->n_texts,
	};

	for (size_t i = 0; i < nodes.n_nodes; i++) {
		struct node *node = &nodes.nodes[i];

		node->path = paths->texts[i];
		node->is_here = sysfs_stat(sysfs->root_fd, node->path + 1, &node->status) >= 0 &&
				S_ISCHR(node->status.st_mode);
	}
	return nodes;
}

void nodes_done(struct nodes *nodes)
{
	free(nodes->nodes);
	*nodes = (struct nodes){ 0 };
}

/*
 * By the end of the path only: a process can have its /dev elsewhere, by its root and its mounts.
 * d_path() marks a file that was removed.
 */
static bool is_path_of(const char *file, const char *node)
{
	const char *end = node + strlen("/dev");
	const size_t n_deleted = strlen(DELETED), n_end = strlen(end);
	size_t n = strlen(file);

	if (n > n_deleted && streq(file + n - n_deleted, DELETED))
		n -= n_deleted;
	return n >= n_end && strncmp(file + n - n_end, end, n_end) == 0;
}

bool nodes_has_path(const struct nodes *nodes, const char *file)
{
	for (size_t i = 0; i < nodes->n_nodes; i++)
		if (is_path_of(file, nodes->nodes[i].path))
			return true;
	return false;
}

bool nodes_has_device(const struct nodes *nodes, const struct statx *status, const char *file)
{
	const dev_t number = makedev(status->stx_rdev_major, status->stx_rdev_minor);

	for (size_t i = 0; S_ISCHR(status->stx_mode) && i < nodes->n_nodes; i++)
		if (nodes->nodes[i].is_here ? nodes->nodes[i].status.st_rdev == number
					    : is_path_of(file, nodes->nodes[i].path))
			return true;
	return false;
}

bool nodes_has_inode(const struct nodes *nodes, dev_t dev, uint64_t inode)
{
	for (size_t i = 0; i < nodes->n_nodes; i++)
		if (nodes->nodes[i].is_here && nodes->nodes[i].status.st_dev == dev &&
		    nodes->nodes[i].status.st_ino == inode)
			return true;
	return false;
}

bool nodes_is_removed(const char *file)
{
	const size_t n = strlen(file);

	return strncmp(file, DEVICE_NODES, strlen(DEVICE_NODES)) == 0 && n > strlen(DELETED) &&
	       streq(file + n - strlen(DELETED), DELETED);
}
