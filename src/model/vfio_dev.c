/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/vfio_dev.h"

/* vfio_init_device() names it so; whatever else is there goes into no path, and no shell. */
static bool is_vfio_dev(const char *name)
{
	unsigned int number;

	return strncmp(name, "vfio", strlen("vfio")) == 0 &&
	       str_number(name + strlen("vfio"), INT_MAX, &number);
}

char *vfio_dev_find(const struct sysfs *sysfs, const char *device, bool *ret_has_node)
{
	_cleanup_free_ char *path = xasprintf("%s/vfio-dev", device);
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	_cleanup_free_ char *number = NULL;
	const char *name;

	if (sysfs_dir_open(sysfs->fd, path, &entries) < 0)
		return NULL;
	do
		if (sysfs_dir_next(&entries, &name) <= 0)
			return NULL;
	while (!is_vfio_dev(name));
	number = xasprintf("%s/dev", name);
	*ret_has_node = sysfs_exists(entries.fd, number);
	return xstrdup(name);
}
