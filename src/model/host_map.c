/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The maps of ICIDs in the MC's device tree node (fsl,qoriq-mc.txt, and of_map_id() in the kernel).
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"

#define CELL 4
#define ENTRY (4 * CELL) /* first ICID, phandle of the controller, first ID there, length */

static uint32_t cell(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

int host_open_mc_node(const struct bus *bus, const struct dprc *dprc)
{
	const struct dprc *root = dprc_root(dprc);
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

/* A mask that is absent or too short selects all bits, as of_property_read_u32() then fails. */
static int read_mask(int node, const char *name, uint32_t *ret_mask)
{
	_cleanup_free_ unsigned char *bytes = NULL;
	size_t n = 0;
	int r = sysfs_read_bytes(node, name, &bytes, &n);

	if (r < 0 && r != -ENOENT)
		return r;
	*ret_mask = n < CELL ? UINT32_MAX : cell(bytes);
	return 0;
}

/* -ENOENT: there is no such map.  -EBADMSG: one that the kernel gives up on before it got there. */
static known_bool map_covers(int node, const char *name, const char *mask_name, uint32_t icid)
{
	_cleanup_free_ unsigned char *map = NULL;
	uint32_t mask;
	size_t n;
	int r = sysfs_read_bytes(node, name, &map, &n);

	if (r >= 0)
		r = read_mask(node, mask_name, &mask);
	if (r < 0)
		return r;
	if (!n || n % ENTRY)
		return -EBADMSG;
	for (const unsigned char *entry = map; entry < map + n; entry += ENTRY) {
		const uint32_t first = cell(entry), length = cell(entry + 3 * CELL);

		if (first & ~mask)
			return -EBADMSG;
		/* The kernel's sum has 32 bits, too. */
		if ((icid & mask) >= first && (icid & mask) < first + length)
			return 1;
	}
	return 0;
}

known_bool host_iommu_map_covers(const struct bus *bus, const struct dprc *dprc, uint32_t icid)
{
	_cleanup_close_ int node = host_open_mc_node(bus, dprc);
	known_bool covers;

	if (node < 0)
		return node;
	covers = map_covers(node, "iommu-map", "iommu-map-mask", icid);
	return covers == -ENOENT ? 0 : covers;
}

known_bool host_gives_msi(const struct bus *bus, const struct dprc *dprc, uint32_t icid)
{
	_cleanup_close_ int node = host_open_mc_node(bus, dprc);
	known_bool covers;

	if (node < 0)
		return node;
	covers = map_covers(node, "msi-map", "msi-map-mask", icid);
	if (covers == 1 || sysfs_exists(node, "msi-parent"))
		return 1;
	return covers == -ENOENT ? 0 : covers;
}
