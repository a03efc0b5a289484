/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IOMMU a DPRC's root is behind, by the link iommu_device_link() made. */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/host_acpi.h"

#define TREE "firmware/devicetree/base" /* below sys/ */

/* The IOMMU's own device. */
static int open_device(const struct bus *bus, const struct dprc *dprc)
{
	const struct dprc *root = dprc_root(dprc);
	_cleanup_free_ char *path = NULL;

	if (!root)
		return -ENOENT;
	path = xasprintf("%s/iommu/device", root->path);
	return sysfs_open_at(bus->sysfs->fd, path, O_PATH | O_DIRECTORY);
}

char *host_iommu_driver(const struct bus *bus, const struct dprc *dprc)
{
	_cleanup_close_ int device = open_device(bus, dprc);
	char *driver;

	return device < 0 || sysfs_read_link_name(device, "driver", &driver) < 0 ? NULL : driver;
}

int host_iommu_phandle(const struct bus *bus, const struct dprc *dprc, uint32_t *ret_phandle)
{
	const struct dprc *root = dprc_root(dprc);
	_cleanup_free_ unsigned char *bytes = NULL;
	_cleanup_free_ char *path = NULL;
	uint32_t big_endian;
	size_t n;
	int r;

	if (!root)
		return -ENOENT;
	path = xasprintf("%s/iommu/device/of_node/phandle", root->path);
	r = sysfs_read_bytes(bus->sysfs->fd, path, &bytes, &n);
	if (r < 0)
		return r;
	if (n != sizeof(big_endian))
		return -EBADMSG;
	memcpy(&big_endian, bytes, n);
	*ret_phandle = be32toh(big_endian);
	return 0;
}

/* __of_get_dma_parent() then goes to the interconnect it names, and no further up. */
static bool has_dma_interconnect(int node)
{
	static const char wanted[] = "dma-mem";
	_cleanup_free_ unsigned char *names = NULL;
	size_t n;

	return sysfs_read_bytes(node, "interconnect-names", &names, &n) == 0 &&
	       memmem(names, n, wanted, sizeof(wanted));
}

/* 1, 0, or -ENODATA: that the node above it has to say. */
static known_bool node_is_coherent(const struct sysfs *sysfs, const char *path)
{
	_cleanup_close_ int node = sysfs_open_at(sysfs->fd, path, O_PATH | O_DIRECTORY);

	if (node < 0)
		return node;
	if (sysfs_exists(node, "dma-coherent"))
		return 1;
	if (sysfs_exists(node, "dma-noncoherent"))
		return 0;
	return has_dma_interconnect(node) ? -EOPNOTSUPP : -ENODATA;
}

known_bool host_smmu_is_coherent(const struct bus *bus, const struct dprc *dprc)
{
	_cleanup_close_ int device = open_device(bus, dprc);
	_cleanup_free_ char *target = NULL;
	char *path, *slash;
	int r = device < 0 ? device : sysfs_read_link(device, "of_node", &target);

	if (r < 0)
		return r == -ENOENT ? host_acpi_smmu_is_coherent(bus, dprc) : r;
	path = strstr(target, TREE);
	if (!path)
		return -ENOENT;
	while ((r = node_is_coherent(bus->sysfs, path)) == -ENODATA) {
		slash = strrchr(path, '/');
		if (slash < path + strlen(TREE))
			return 0;
		*slash = '\0';
	}
	return r;
}
