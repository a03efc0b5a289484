/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The iommu-map of the MC's device tree node (fsl,qoriq-mc.txt, and of_map_id() in the kernel). */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"

#define CELL 4
#define ENTRY (4 * CELL) /* first ICID, phandle of the IOMMU, first stream ID, length */

static uint32_t cell(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

int host_open_mc_node(const struct bus *bus)
{
	const struct dprc *root = bus_root(bus);
	_cleanup_free_ char *path = NULL;
	char *slash;

	if (!root)
		return -ENOENT;
	path = xasprintf("%s/", root->path);
	slash = memrchr(path, '/', strlen(path) - 1);
	if (!slash)
		return -ENOENT;
	strcpy(slash, "/of_node");
	return sysfs_open_at(bus->sysfs->fd, path, O_PATH | O_DIRECTORY);
}

static int read_mask(int node, uint32_t *ret_mask)
{
	_cleanup_free_ unsigned char *bytes = NULL;
	size_t n;
	int r = sysfs_read_bytes(node, "iommu-map-mask", &bytes, &n);

	if (r == -ENOENT) {
		*ret_mask = UINT32_MAX;
		return 0;
	}
	if (r < 0)
		return r;
	if (n != CELL)
		return -EBADMSG;
	*ret_mask = cell(bytes);
	return 0;
}

int host_iommu_map_covers(const struct bus *bus, uint32_t icid)
{
	_cleanup_close_ int node = host_open_mc_node(bus);
	_cleanup_free_ unsigned char *map = NULL;
	uint32_t mask;
	size_t n;
	int r;

	if (node < 0)
		return node;
	r = sysfs_read_bytes(node, "iommu-map", &map, &n);
	if (r == -ENOENT)
		return 0;
	if (r >= 0)
		r = read_mask(node, &mask);
	if (r < 0)
		return r;
	if (n % ENTRY)
		return -EBADMSG;
	for (const unsigned char *entry = map; entry < map + n; entry += ENTRY) {
		const uint64_t first = cell(entry), length = cell(entry + 3 * CELL);

		if ((icid & mask) >= first && (icid & mask) < first + length)
			return 1;
	}
	return 0;
}
