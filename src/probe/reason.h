/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why something did not work: what was being done, and what its errno means there.
 */
#ifndef PROBE_REASON_H
#define PROBE_REASON_H

enum probe_reason {
	REASON_NONE,
	/* opening the container */
	REASON_NO_GROUPS,
	REASON_OPEN_VFIO,
	REASON_TYPE1,
	REASON_OPEN_GROUP,
	REASON_GROUP_STATUS,
	REASON_NOT_VIABLE,
	REASON_SET_CONTAINER,
	REASON_SET_IOMMU,
	REASON_OPEN_IOMMUFD,
	REASON_NEW_SPACE,
	REASON_IOMMU_INFO,
	/* opening an object */
	REASON_OPEN_DEVICE,
	REASON_NO_NODE,
	REASON_OPEN_NODE,
	REASON_BIND_IOMMUFD,
	REASON_ATTACH,
	/* asking it */
	REASON_DEVICE_INFO,
	REASON_SDK_DEVICE,
	REASON_OTHER_DEVICE,
	REASON_REGION_INFO,
	REASON_IRQ_INFO,
	/* trying it */
	REASON_MMAP,
	REASON_DMA_ROOM,
	REASON_DMA_MAP,
	REASON_DMA_UNMAP,
	REASON_COMMAND,
	REASON_EVENTFD,
	REASON_IRQ_ATTACH,
	REASON_IRQ_TRIGGER,
	REASON_IRQ_RECEIVE,
	REASON_IRQ_DETACH,
	REASON_RESET,
	REASON_OBJECT_OPEN,
	REASON_IRQ_ADDRESS,
	REASON_IRQ_ENABLE,
	REASON_IRQ_PUT_BACK,
	REASON_OBJECT_CLOSE,
	REASON_IRQ_AGAIN,
	/* nothing to try */
	REASON_DMA_UNKNOWN,
	REASON_NO_REGION,
	REASON_DPRC_MMAP,
	REASON_UNALIGNED,
	REASON_NO_DPMCP,
	REASON_NO_IRQ,
	REASON_NO_EVENTFD,
	REASON_OLD_RESET,
	REASON_MC_UNSUPPORTED,
	N_PROBE_REASONS,
};

/* "VFIO_SET_IOMMU: Operation not permitted (EPERM); ADVICE", in a new string. */
char *probe_reason_text(enum probe_reason reason, int error);

/* Which of the results of base/exit_status.h it means, if it keeps the container from being opened.
 */
int probe_reason_result(enum probe_reason reason, int error);

#endif
