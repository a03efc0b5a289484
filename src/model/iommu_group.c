/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An IOMMU group. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/iommu_group.h"

/* Given by vfio_noiommu_group_alloc(). */
#define NOIOMMU_NAME "vfio-noiommu"

static int load_devices(int dir, struct strings *devices)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	const char *name;
	int r = sysfs_dir_open(dir, "devices", &entries);

	if (r < 0)
		return r;
	while ((r = sysfs_dir_next(&entries, &name)) > 0)
		strings_add(devices, name);
	strings_sort(devices);
	return r;
}

int iommu_group_load(const struct sysfs *sysfs, int number, struct iommu_group *ret_group)
{
	_cleanup_free_ char *path = xasprintf("kernel/iommu_groups/%d", number);
	_cleanup_iommu_group_ struct iommu_group group = { .number = number };
	_cleanup_close_ int dir = sysfs_open_at(sysfs->fd, path, O_PATH | O_DIRECTORY);
	_cleanup_free_ char *name = NULL;
	int r;

	if (dir < 0)
		return dir;
	r = load_devices(dir, &group.devices);
	if (r < 0)
		return r;
	/* Only some groups have a name. */
	r = sysfs_read(dir, "name", &name);
	if (r < 0 && r != -ENOENT)
		return r;
	group.is_noiommu = name && streq(name, NOIOMMU_NAME);
	/* Since Linux 5.11 and 4.8; older ones have neither. */
	sysfs_read(dir, "type", &group.type);
	sysfs_read(dir, "reserved_regions", &group.reserved_regions);
	*ret_group = group;
	group = (struct iommu_group){ 0 };
	return 0;
}

void iommu_group_done(struct iommu_group *group)
{
	free(group->type);
	free(group->reserved_regions);
	strings_done(&group->devices);
	*group = (struct iommu_group){ 0 };
}
