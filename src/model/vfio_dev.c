/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entry VFIO makes below a device it has: vfio-dev/vfioN. */
#include "model/vfio_dev.h"
#include "base/util.h"
#include "kernel/sysfs.h"

char *vfio_dev_find(const struct sysfs *sysfs, const char *device, bool *ret_has_node)
{
	_cleanup_free_ char *path = xasprintf("%s/vfio-dev", device);
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	_cleanup_free_ char *number = NULL;
	const char *name;

	if (sysfs_dir_open(sysfs->fd, path, &entries) < 0 || sysfs_dir_next(&entries, &name) <= 0)
		return NULL;
	number = xasprintf("%s/dev", name);
	*ret_has_node = sysfs_exists(entries.fd, number);
	return xstrdup(name);
}
