/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to VFIO: devices, opened through their group or as device files. */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "kernel/vfio.h"

/* include/uapi/linux/vfio.h from Linux 6.6 on; Debian 12's is of 6.1. */
#ifndef VFIO_DEVICE_BIND_IOMMUFD
#define VFIO_DEVICE_BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)
#define VFIO_DEVICE_ATTACH_IOMMUFD_PT _IO(VFIO_TYPE, VFIO_BASE + 19)
#endif

/* Of regions, and of interrupts: the MC has a byte for each (struct fsl_mc_obj_desc). */
#define COUNT_MAX 255

struct cdev_bind {
	uint32_t size, flags;
	int32_t iommufd;
	uint32_t ret_id;
};

struct cdev_attach {
	uint32_t size, flags, space;
};

static int result(int r) { return r < 0 ? -errno : 0; }

int vfio_cdev_open(const struct sysfs *sysfs, const char *node)
{
	_cleanup_free_ char *path = xasprintf("dev/vfio/devices/%s", node);

	return sysfs_open_at(sysfs->root_fd, path, O_RDWR);
}

int vfio_cdev_bind(int device, int iommufd)
{
	struct cdev_bind bind = { .size = sizeof(bind), .iommufd = iommufd };

	return result(ioctl(device, VFIO_DEVICE_BIND_IOMMUFD, &bind));
}

int vfio_cdev_attach(int device, uint32_t space)
{
	struct cdev_attach attach = { .size = sizeof(attach), .space = space };

	return result(ioctl(device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach));
}

int vfio_device_load(int device, struct vfio_device *ret_device)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	if (ioctl(device, VFIO_DEVICE_GET_INFO, &info) < 0)
		return -errno;
	if (info.num_regions > COUNT_MAX || info.num_irqs > COUNT_MAX)
		return -EBADMSG;
	*ret_device = (struct vfio_device){
		.flags = info.flags,
		.is_fsl_mc = info.flags & VFIO_DEVICE_FLAGS_FSL_MC,
		.is_sdk_fsl_mc = info.flags & VFIO_DEVICE_FLAGS_CCW,
		.says_resettable = info.flags & VFIO_DEVICE_FLAGS_RESET,
		.n_regions = info.num_regions,
		.n_irqs = info.num_irqs,
	};
	return 0;
}

int vfio_region_load(int device, uint32_t index, struct vfio_region *ret_region)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info) < 0)
		return -errno;
	*ret_region = (struct vfio_region){
		.size = info.size,
		.offset = info.offset,
		.can_read = info.flags & VFIO_REGION_INFO_FLAG_READ,
		.can_write = info.flags & VFIO_REGION_INFO_FLAG_WRITE,
		.can_mmap = info.flags & VFIO_REGION_INFO_FLAG_MMAP,
	};
	return 0;
}

int vfio_region_try_mmap(int device, const struct vfio_region *region)
{
	void *memory = mmap(NULL, (size_t)region->size, PROT_READ | PROT_WRITE, MAP_SHARED, device,
			    (off_t)region->offset);

	if (memory == MAP_FAILED)
		return -errno;
	return result(munmap(memory, (size_t)region->size));
}

int vfio_irq_load(int device, uint32_t index, struct vfio_irq *ret_irq)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(device, VFIO_DEVICE_GET_IRQ_INFO, &info) < 0)
		return -errno;
	*ret_irq = (struct vfio_irq){
		.count = info.count,
		.has_eventfd = info.flags & VFIO_IRQ_INFO_EVENTFD,
		.is_maskable = info.flags & VFIO_IRQ_INFO_MASKABLE,
		.is_automasked = info.flags & VFIO_IRQ_INFO_AUTOMASKED,
		.is_noresize = info.flags & VFIO_IRQ_INFO_NORESIZE,
	};
	return 0;
}

/* One interrupt's worth: data is an eventfd, or the byte that says "trigger it". */
static int set_irq(int device, uint32_t index, uint32_t data_type, const void *data, size_t size)
{
	union {
		struct vfio_irq_set set;
		unsigned char bytes[sizeof(struct vfio_irq_set) + sizeof(int32_t)];
	} irq = { .set = {
			  .argsz = (uint32_t)(sizeof(irq.set) + size),
			  .flags = VFIO_IRQ_SET_ACTION_TRIGGER | data_type,
			  .index = index,
			  .count = 1,
		  } };

	memcpy(irq.bytes + sizeof(irq.set), data, size);
	return result(ioctl(device, VFIO_DEVICE_SET_IRQS, &irq));
}

int vfio_irq_attach(int device, uint32_t index, int eventfd)
{
	const int32_t data = eventfd;

	return set_irq(device, index, VFIO_IRQ_SET_DATA_EVENTFD, &data, sizeof(data));
}

int vfio_irq_trigger(int device, uint32_t index)
{
	const uint8_t yes = 1;

	return set_irq(device, index, VFIO_IRQ_SET_DATA_BOOL, &yes, sizeof(yes));
}

int vfio_irq_detach(int device, uint32_t index) { return vfio_irq_attach(device, index, -1); }

int vfio_device_reset(int device) { return result(ioctl(device, VFIO_DEVICE_RESET)); }
