/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door to VFIO: address spaces, those of a VFIO container (type 1) and those of an iommufd.
 *
 * The iommufd side is written down here, as Debian 12's headers lack linux/iommufd.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "kernel/vfio.h"

#define ANSWER_MAX (1 << 20) /* bytes; a range has 16, and an address space some ten ranges */

/* include/uapi/linux/iommufd.h, Linux 6.6 */
#define IOMMUFD_IOAS_ALLOC _IO(';', 0x81)
#define IOMMUFD_IOAS_IOVA_RANGES _IO(';', 0x84)
#define IOMMUFD_IOAS_MAP _IO(';', 0x85)
#define IOMMUFD_IOAS_UNMAP _IO(';', 0x86)

struct ioas_alloc {
	uint32_t size, flags, ret_id;
};

struct ioas_iova_ranges {
	uint32_t size, id, n_ranges, reserved;
	uint64_t ranges, ret_alignment;
};

enum { IOAS_MAP_FIXED_IOVA = 1, IOAS_MAP_WRITEABLE = 2, IOAS_MAP_READABLE = 4 };

struct ioas_map {
	uint32_t size, flags, id, reserved;
	uint64_t memory, length, iova;
};

struct ioas_unmap {
	uint32_t size, id;
	uint64_t iova, length;
};

static int result(int r) { return r < 0 ? -errno : 0; }

int vfio_iommufd_open(const struct sysfs *sysfs)
{
	return sysfs_open_at(sysfs->root_fd, "dev/iommu", O_RDWR);
}

int vfio_iommufd_new_space(int iommufd, uint32_t *ret_space)
{
	struct ioas_alloc alloc = { .size = sizeof(alloc) };

	if (ioctl(iommufd, IOMMUFD_IOAS_ALLOC, &alloc) < 0)
		return -errno;
	*ret_space = alloc.ret_id;
	return 0;
}

/* The capability is in the first size bytes and has the number of ranges that follow. */
static int read_ranges(const unsigned char *bytes, size_t size, struct vfio_iommu *iommu)
{
	struct vfio_iommu_type1_info_cap_iova_range capability;

	if (size < sizeof(capability))
		return -EBADMSG;
	memcpy(&capability, bytes, sizeof(capability));
	if (capability.nr_iovas > (size - sizeof(capability)) / sizeof(struct vfio_iova))
		return -EBADMSG;
	iommu->n_ranges = capability.nr_iovas;
	iommu->ranges = xcalloc(iommu->n_ranges, sizeof(*iommu->ranges));
	memcpy(iommu->ranges, bytes + sizeof(capability), iommu->n_ranges * sizeof(*iommu->ranges));
	return 0;
}

/*
 * Capabilities are chained by offsets from the start of the answer; 0 ends the chain.  The kernel
 * appends each to the one before (vfio_info_cap_add()), so no chain leads back.
 */
int vfio_iommu_parse_type1(const void *answer, size_t size, struct vfio_iommu *ret_iommu)
{
	const struct vfio_iommu_type1_info *info = answer;
	struct vfio_iommu iommu = {
		.page_sizes = info->flags & VFIO_IOMMU_INFO_PGSIZES ? info->iova_pgsizes : 0,
	};
	size_t at = info->flags & VFIO_IOMMU_INFO_CAPS ? info->cap_offset : 0, before = 0;

	while (at) {
		const unsigned char *capability = (const unsigned char *)answer + at;
		struct vfio_info_cap_header header;

		if (at <= before || size < sizeof(header) || at > size - sizeof(header))
			return -EBADMSG;
		memcpy(&header, capability, sizeof(header));
		if (header.id == VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE) {
			int r = read_ranges(capability, size - at, &iommu);

			if (r < 0)
				return r;
			break;
		}
		before = at;
		at = header.next;
	}
	*ret_iommu = iommu;
	return 0;
}

/* The first answer says how much room the one with capabilities takes. */
static int load_type1(int container, struct vfio_iommu *ret_iommu)
{
	struct vfio_iommu_type1_info short_info = { .argsz = sizeof(short_info) };
	_cleanup_free_ struct vfio_iommu_type1_info *info = NULL;
	size_t size;

	if (ioctl(container, VFIO_IOMMU_GET_INFO, &short_info) < 0)
		return -errno;
	if (short_info.argsz > ANSWER_MAX)
		return -EBADMSG;
	size = short_info.argsz > sizeof(*info) ? short_info.argsz : sizeof(*info);
	info = xcalloc(1, size);
	info->argsz = (uint32_t)size;
	if (ioctl(container, VFIO_IOMMU_GET_INFO, info) < 0)
		return -errno;
	return vfio_iommu_parse_type1(info, size, ret_iommu);
}

/* Too little room: EMSGSIZE, and n_ranges says how much it takes. */
static int load_ioas(int iommufd, uint32_t space, struct vfio_iommu *ret_iommu)
{
	struct ioas_iova_ranges query = { .size = sizeof(query), .id = space };
	_cleanup_free_ struct vfio_iova *ranges = NULL;
	uint32_t n_ranges;

	if (ioctl(iommufd, IOMMUFD_IOAS_IOVA_RANGES, &query) < 0 && errno != EMSGSIZE)
		return -errno;
	n_ranges = query.n_ranges;
	if (n_ranges > ANSWER_MAX / sizeof(*ranges))
		return -EBADMSG;
	ranges = xcalloc(n_ranges, sizeof(*ranges));
	query.ranges = (uintptr_t)ranges;
	if (ioctl(iommufd, IOMMUFD_IOAS_IOVA_RANGES, &query) < 0)
		return -errno;
	if (query.n_ranges > n_ranges)
		return -EBADMSG;
	*ret_iommu = (struct vfio_iommu){
		.page_sizes = query.ret_alignment,
		.n_ranges = query.n_ranges,
		.ranges = take_pointer(ranges),
	};
	return 0;
}

int vfio_iommu_load(int space_fd, uint32_t space, struct vfio_iommu *ret_iommu)
{
	return space == VFIO_SPACE_TYPE1 ? load_type1(space_fd, ret_iommu)
					 : load_ioas(space_fd, space, ret_iommu);
}

void vfio_iommu_done(struct vfio_iommu *iommu)
{
	free(iommu->ranges);
	*iommu = (struct vfio_iommu){ 0 };
}

int vfio_dma_map(int space_fd, uint32_t space, void *memory, size_t size, uint64_t iova)
{
	struct vfio_iommu_type1_dma_map type1 = {
		.argsz = sizeof(type1),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.iova = iova,
		.size = size,
	};
	struct ioas_map ioas = {
		.size = sizeof(ioas),
		.flags = IOAS_MAP_FIXED_IOVA | IOAS_MAP_WRITEABLE | IOAS_MAP_READABLE,
		.id = space,
		.memory = (uintptr_t)memory,
		.length = size,
		.iova = iova,
	};

	if (space == VFIO_SPACE_TYPE1)
		return result(ioctl(space_fd, VFIO_IOMMU_MAP_DMA, &type1));
	return result(ioctl(space_fd, IOMMUFD_IOAS_MAP, &ioas));
}

int vfio_dma_unmap(int space_fd, uint32_t space, size_t size, uint64_t iova)
{
	struct vfio_iommu_type1_dma_unmap type1 = {
		.argsz = sizeof(type1),
		.iova = iova,
		.size = size,
	};
	struct ioas_unmap ioas = { sizeof(ioas), space, iova, size };
	int r;

	if (space == VFIO_SPACE_TYPE1)
		r = ioctl(space_fd, VFIO_IOMMU_UNMAP_DMA, &type1);
	else
		r = ioctl(space_fd, IOMMUFD_IOAS_UNMAP, &ioas);
	if (r < 0)
		return -errno;
	return (space == VFIO_SPACE_TYPE1 ? type1.size : ioas.length) == size ? 0 : -EIO;
}
