/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to VFIO: groups and the VFIO container they share. */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "kernel/vfio.h"

static int result(int r) { return r < 0 ? -errno : r; }

bool vfio_has_groups(const struct sysfs *sysfs)
{
	return sysfs_exists(sysfs->fd, "class/vfio") || !sysfs_exists(sysfs->fd, "class/vfio-dev");
}

int vfio_container_open(const struct sysfs *sysfs)
{
	_cleanup_close_ int container = sysfs_open_at(sysfs->root_fd, "dev/vfio/vfio", O_RDWR);
	int version;

	if (container < 0)
		return take_fd(&container);
	version = ioctl(container, VFIO_GET_API_VERSION);
	if (version < 0)
		return -errno;
	return version == VFIO_API_VERSION ? take_fd(&container) : -EPROTONOSUPPORT;
}

int vfio_container_has_type1(int container)
{
	return result(ioctl(container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU));
}

int vfio_group_open(const struct sysfs *sysfs, int group_number)
{
	char path[32];

	snprintf(path, sizeof(path), "dev/vfio/%d", group_number);
	return sysfs_open_at(sysfs->root_fd, path, O_RDWR);
}

int vfio_group_is_viable(int group)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };

	if (ioctl(group, VFIO_GROUP_GET_STATUS, &status) < 0)
		return -errno;
	return !!(status.flags & VFIO_GROUP_FLAGS_VIABLE);
}

int vfio_group_set_container(int group, int container)
{
	return result(ioctl(group, VFIO_GROUP_SET_CONTAINER, &container));
}

int vfio_container_set_type1(int container)
{
	return result(ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU));
}

int vfio_group_open_device(int group, const char *name)
{
	return result(ioctl(group, VFIO_GROUP_GET_DEVICE_FD, name));
}
