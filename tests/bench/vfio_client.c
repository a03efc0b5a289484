/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfio_client GROUP NAME...: what fslmc-vfio probe asks of a container, and nothing around it:
 * opens the group and each device, asks for all regions and interrupts, closes.  The race's other
 * runner.
 */
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int check(int r, const char *what)
{
	if (r < 0) {
		perror(what);
		exit(EXIT_FAILURE);
	}
	return r;
}

static void ask(int device)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	check(ioctl(device, VFIO_DEVICE_GET_INFO, &info), "VFIO_DEVICE_GET_INFO");
	for (unsigned int i = 0; i < info.num_regions; i++) {
		struct vfio_region_info region = { .argsz = sizeof(region), .index = i };

		check(ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &region), "GET_REGION_INFO");
	}
	for (unsigned int i = 0; i < info.num_irqs; i++) {
		struct vfio_irq_info irq = { .argsz = sizeof(irq), .index = i };

		check(ioctl(device, VFIO_DEVICE_GET_IRQ_INFO, &irq), "GET_IRQ_INFO");
	}
}

int main(int argc, char **argv)
{
	struct vfio_iommu_type1_info iommu = { .argsz = sizeof(iommu) };
	struct vfio_group_status status = { .argsz = sizeof(status) };
	int container = check(open("/dev/vfio/vfio", O_RDWR), "/dev/vfio/vfio");
	int group, *devices = calloc((size_t)argc, sizeof(*devices));

	if (argc < 3 || !devices)
		return EXIT_FAILURE;
	check(ioctl(container, VFIO_GET_API_VERSION), "VFIO_GET_API_VERSION");
	check(ioctl(container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU), "VFIO_CHECK_EXTENSION");
	group = check(open(argv[1], O_RDWR), argv[1]);
	check(ioctl(group, VFIO_GROUP_GET_STATUS, &status), "VFIO_GROUP_GET_STATUS");
	check(ioctl(group, VFIO_GROUP_SET_CONTAINER, &container), "VFIO_GROUP_SET_CONTAINER");
	check(ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), "VFIO_SET_IOMMU");
	check(ioctl(container, VFIO_IOMMU_GET_INFO, &iommu), "VFIO_IOMMU_GET_INFO");
	for (int i = 2; i < argc; i++)
		devices[i] = check(ioctl(group, VFIO_GROUP_GET_DEVICE_FD, argv[i]), argv[i]);
	for (int i = 2; i < argc; i++)
		ask(devices[i]);
	for (int i = argc - 1; i >= 2; i--)
		close(devices[i]);
	close(group);
	close(container);
	return EXIT_SUCCESS;
}
