/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An IOMMU group, of /sys/kernel/iommu_groups. */
#ifndef MODEL_IOMMU_GROUP_H
#define MODEL_IOMMU_GROUP_H

#include <stdbool.h>

#include "base/strings.h"

struct sysfs;

struct iommu_group {
	int number;
	char *type;		/* "DMA", "DMA-FQ", "identity", ...; NULL: not known */
	char *reserved_regions; /* lines "0xSTART 0xEND TYPE"; NULL: not known */
	bool is_noiommu;	/* made up by VFIO's no-IOMMU mode: isolates nothing */
	struct strings devices; /* all members, also those of other buses */
};

/* -ENOENT: no such group. */
int iommu_group_load(const struct sysfs *sysfs, int number, struct iommu_group *ret_group);
void iommu_group_done(struct iommu_group *group);
#define _cleanup_iommu_group_ __attribute__((cleanup(iommu_group_done)))

#endif
