/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses a DPRC through VFIO. */
#include <errno.h>
#include <fcntl.h>

#include "base/listing.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/captured.h"
#include "model/dprc.h"
#include "model/vfio_dev.h"
#include "model/vfio_use.h"

/* The node of the device itself; false: this kernel makes none. */
static bool add_device_node(const struct sysfs *sysfs, const char *device, struct strings *nodes)
{
	bool has_node;
	_cleanup_free_ char *name = vfio_dev_find(sysfs, device, &has_node);
	_cleanup_free_ char *node = NULL;

	if (!name)
		return true;
	node = xasprintf("/dev/vfio/devices/%s", name);
	if (has_node)
		strings_add(nodes, node);
	return has_node;
}

/*
 * What nobody can have is not looked for in every process.  The driver's link is gone before
 * vfio_unregister_group_dev() waits for the last descriptor; until that is over the objects and,
 * where there are groups, the group stay.
 */
static bool may_be_used(const struct bus *bus, const struct dprc *dprc)
{
	_cleanup_free_ char *group = NULL;

	if (dprc->object->driver)
		return streq(dprc->object->driver, VFIO_DRIVER);
	if (dprc->n_objects)
		return true;
	group = xasprintf("class/vfio/%d", dprc->object->group);
	return sysfs_exists(bus->sysfs->fd, group);
}

static void list_devices(const struct bus *bus, const struct dprc *dprc, struct strings *devices)
{
	strings_add(devices, dprc->path);
	for (size_t i = 0; i < bus->n_objects; i++)
		if (bus->objects[i].container == dprc) {
			_cleanup_free_ char *path =
				xasprintf("%s/%s", dprc->path,
					  name_text(&bus->objects[i].name).text);

			strings_add(devices, path);
		}
}

int vfio_use_load(const struct bus *bus, const struct dprc *dprc, struct holders *ret_holders)
{
	_cleanup_strings_ struct strings nodes = { 0 }, devices = { 0 };
	bool has_device_nodes;

	if (!may_be_used(bus, dprc)) {
		*ret_holders = (struct holders){ .is_complete = true };
		return 0;
	}
	if (!bus->sysfs->is_live)
		return captured_read_holders(bus->sysfs, &dprc->object->name, ret_holders);
	if (dprc->object->group != GROUP_NONE) {
		_cleanup_free_ char *node = xasprintf("/dev/vfio/%d", dprc->object->group);

		strings_add(&nodes, node);
	}
	list_devices(bus, dprc, &devices);
	has_device_nodes = sysfs_exists(bus->sysfs->fd, "class/vfio-dev");
	for (size_t i = 0; has_device_nodes && i < devices.n_texts; i++)
		has_device_nodes = add_device_node(bus->sysfs, devices.texts[i], &nodes);
	return procfs_find_holders(bus->sysfs, &nodes, &devices, ret_holders);
}

known_bool vfio_is_used(const struct holders *holders)
{
	for (size_t i = 0; i < holders->n_holders; i++)
		if (holders->holders[i].is_sure)
			return 1;
	return holders->n_holders || !holders->is_complete ? -EACCES : 0;
}

char *vfio_use_list(const struct holders *holders, bool are_sure)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < holders->n_holders; i++) {
		const struct holder *holder = &holders->holders[i];

		if (holder->is_sure == are_sure)
			listing_take(&listing, xasprintf("process %d (%s) has %s", (int)holder->pid,
							 holder->command, holder->file));
	}
	return listing.text;
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

bool vfio_has_device_nodes(const struct sysfs *sysfs)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	_cleanup_free_ char *path = NULL;
	const char *entry;

	if (sysfs_dir_open(sysfs->fd, "class/vfio-dev", &entries) < 0 ||
	    sysfs_dir_next(&entries, &entry) <= 0)
		return false;
	path = xasprintf("class/vfio-dev/%s/dev", entry);
	return sysfs_exists(sysfs->fd, path);
}
