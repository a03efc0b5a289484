/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door to VFIO: groups, device files with iommufd, and the devices behind either.
 *
 * Whoever closes the last descriptor of a device makes the kernel reset it, a DPRC with all that is
 * in it (vfio_fsl_mc_close_device()).  Functions are silent: 0, a count or a descriptor, or a
 * negative errno, outputs untouched.  ENOTTY means a kernel too old for the question.
 * "VFIO container" is the kernel's word for an address space and has nothing to do with DPRCs.
 */
#ifndef KERNEL_VFIO_H
#define KERNEL_VFIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sysfs;

/* Group interface, in this order: VFIO container, group, add the group, set the IOMMU, devices. */

/*
 * Whether this kernel has groups.  Without CONFIG_VFIO_GROUP vfio.ko registers class vfio-dev only
 * (vfio_group_init()); as long as it is not loaded it may yet have them.
 */
bool vfio_has_groups(const struct sysfs *sysfs);

/* Opens /dev/vfio/vfio.  -EPROTONOSUPPORT: it is not of VFIO API version 0. */
int vfio_container_open(const struct sysfs *sysfs);

/* Whether VFIO_TYPE1v2_IOMMU can be set: 1 or 0. */
int vfio_container_has_type1(int container);

/* Opens /dev/vfio/GROUP.  -EBUSY: somebody has it, or a device of it, open. */
int vfio_group_open(const struct sysfs *sysfs, int group_number);

/* 1: a VFIO container can be set; 0: a member has a host driver. */
int vfio_group_is_viable(int group);
int vfio_group_set_container(int group, int container);
int vfio_container_set_type1(int container);

/* Opens a device by the name it has in sysfs.  -ENODEV: not of this group, or not on VFIO. */
int vfio_group_open_device(int group, const char *name);

/* Device files with iommufd: open both, bind, attach. */

/* Opens /dev/iommu. */
int vfio_iommufd_open(const struct sysfs *sysfs);
int vfio_iommufd_new_space(int iommufd, uint32_t *ret_space);

/* Opens /dev/vfio/devices/NODE; nothing but binding works on it before it is bound. */
int vfio_cdev_open(const struct sysfs *sysfs, const char *node);
int vfio_cdev_bind(int device, int iommufd);
int vfio_cdev_attach(int device, uint32_t space);

/* The address space of either: container and VFIO_SPACE_TYPE1, or iommufd and its space. */
#define VFIO_SPACE_TYPE1 0

struct vfio_iova {
	uint64_t first, last;
};

struct vfio_iommu {
	uint64_t page_sizes;	  /* a bit for each; an iommufd tells only the smallest */
	struct vfio_iova *ranges; /* where DMA can be mapped; none: the kernel does not say */
	size_t n_ranges;
};

int vfio_iommu_load(int space_fd, uint32_t space, struct vfio_iommu *ret_iommu);

/*
 * An answer of size bytes, at least struct vfio_iommu_type1_info, to VFIO_IOMMU_GET_INFO.
 * -EBADMSG: its capabilities lead back or beyond it.
 */
int vfio_iommu_parse_type1(const void *answer, size_t size, struct vfio_iommu *ret_iommu);
void vfio_iommu_done(struct vfio_iommu *iommu);

int vfio_dma_map(int space_fd, uint32_t space, void *memory, size_t size, uint64_t iova);
/* -EIO: something else than size bytes was unmapped. */
int vfio_dma_unmap(int space_fd, uint32_t space, size_t size, uint64_t iova);

/* Devices, however opened. */

struct vfio_device {
	uint32_t flags;	      /* as the kernel gave them */
	bool is_fsl_mc;	      /* bit 6, VFIO_DEVICE_FLAGS_FSL_MC */
	bool is_sdk_fsl_mc;   /* bit 4, where NXP's kernels had it before the driver was upstream */
	bool says_resettable; /* only DPRCs do, though others can be reset too */
	uint32_t n_regions, n_irqs;
};
/* -EBADMSG: more regions or interrupts than a device can have. */
int vfio_device_load(int device, struct vfio_device *ret_device);

struct vfio_region {
	uint64_t size, offset; /* bytes; the offset is for pread(2), pwrite(2) and mmap(2) */
	bool can_read, can_write, can_mmap;
};
int vfio_region_load(int device, uint32_t index, struct vfio_region *ret_region);

/* Maps a whole region and unmaps it; what it gives access to is not touched. */
int vfio_region_try_mmap(int device, const struct vfio_region *region);

struct vfio_irq {
	uint32_t count;
	bool has_eventfd, is_maskable, is_automasked, is_noresize;
};
int vfio_irq_load(int device, uint32_t index, struct vfio_irq *ret_irq);

/*
 * An interrupt must have had an eventfd before it is triggered or detached: otherwise
 * vfio_fsl_mc_set_irq_trigger() follows a NULL pointer (Linux 5.10 to 7.2 at least).
 * Detaching is done by eventfd -1 and never by count 0, for the same reason.
 */
int vfio_irq_attach(int device, uint32_t index, int eventfd);
int vfio_irq_trigger(int device, uint32_t index);
int vfio_irq_detach(int device, uint32_t index);

/* -ENOTTY on all but DPRCs before Linux 5.16. */
int vfio_device_reset(int device);

#endif
