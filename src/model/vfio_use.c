/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses a DPRC through VFIO. */
#include <errno.h>
#include <fcntl.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/vfio_use.h"

/* The node of the device itself, which kernels with CONFIG_VFIO_DEVICE_CDEV have. */
static void add_device_node(const struct sysfs *sysfs, const char *device, struct strings *nodes)
{
	_cleanup_free_ char *path = xasprintf("%s/vfio-dev", device);
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	const char *name;

	if (sysfs_dir_open(sysfs->fd, path, &entries) < 0)
		return;
	while (sysfs_dir_next(&entries, &name) > 0) {
		_cleanup_free_ char *node = xasprintf("/dev/vfio/devices/%s", name);

		strings_add(nodes, node);
	}
}

/*
 * Without a node nothing of it is with VFIO, and what nobody can have is not looked for in every
 * process: vfio_unregister_group_dev() waits for the last descriptor before the node goes.
 */
static bool any_exists(const struct sysfs *sysfs, const struct strings *nodes)
{
	for (size_t i = 0; i < nodes->n_texts; i++)
		if (sysfs_exists(sysfs->root_fd, nodes->texts[i] + strlen("/")))
			return true;
	return false;
}

int vfio_use_load(const struct bus *bus, const struct dprc *dprc, struct holders *ret_holders)
{
	const bool has_device_nodes = sysfs_exists(bus->sysfs->root_fd, "dev/vfio/devices");
	_cleanup_strings_ struct strings nodes = { 0 }, devices = { 0 };

	if (!bus->sysfs->is_live)
		return -ENOENT;
	if (dprc->object->group != GROUP_NONE) {
		_cleanup_free_ char *node = xasprintf("/dev/vfio/%d", dprc->object->group);

		strings_add(&nodes, node);
	}
	strings_add(&devices, dprc->path);
	for (size_t i = 0; i < bus->n_objects; i++)
		if (bus->objects[i].container == dprc) {
			_cleanup_free_ char *path =
				xasprintf("%s/%s", dprc->path,
					  name_text(&bus->objects[i].name).text);

			strings_add(&devices, path);
		}
	for (size_t i = 0; has_device_nodes && i < devices.n_texts; i++)
		add_device_node(bus->sysfs, devices.texts[i], &nodes);
	if (!any_exists(bus->sysfs, &nodes)) {
		*ret_holders = (struct holders){ .is_complete = true };
		return 0;
	}
	return procfs_find_holders(bus->sysfs, &nodes, &devices, ret_holders);
}

int vfio_group_is_busy(const struct sysfs *sysfs, int group)
{
	_cleanup_free_ char *path = xasprintf("dev/vfio/%d", group);
	_cleanup_close_ int fd = -1;

	if (!sysfs->is_live)
		return -ENOENT;
	fd = sysfs_open_at(sysfs->root_fd, path, O_RDWR);
	if (fd >= 0)
		return 0;
	return fd == -EBUSY ? 1 : fd;
}
