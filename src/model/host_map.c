/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the ICIDs of DPRCs lead: by the maps in the MC's device tree node (fsl,qoriq-mc.txt, and
 * of_map_id() in the kernel), or by ACPI's IORT where the MC has no such node.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/host_acpi.h"

#define CELL 4
#define ENTRY (4 * CELL) /* first ICID, phandle of the controller, first ID there, length */

static uint32_t cell(const unsigned char *bytes)
{
	uint32_t big_endian;

	memcpy(&big_endian, bytes, CELL);
	return be32toh(big_endian);
}

/* -ENOENT: there is no device tree node. */
static int open_mc_node(const struct bus *bus, const struct dprc *dprc)
{
	_cleanup_free_ char *path = dprc_mc_path(dprc, "of_node");

	return path ? sysfs_open_at(bus->sysfs->fd, path, O_PATH | O_DIRECTORY) : -ENOENT;
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
static known_bool map_covers(int node, const char *name, const char *mask_name, uint32_t icid,
			     uint32_t *ret_phandle)
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
		/* The kernel's sum also has 32 bits. */
		if ((icid & mask) >= first && (icid & mask) < first + length) {
			*ret_phandle = cell(entry + CELL);
			return 1;
		}
	}
	return 0;
}

known_bool host_iommu_covers(const struct bus *bus, const struct dprc *dprc, uint32_t icid)
{
	_cleanup_close_ int node = open_mc_node(bus, dprc);
	uint32_t phandle = 0, working;
	known_bool covers;

	if (node < 0)
		return node == -ENOENT ? host_acpi_iommu_covers(bus, dprc, icid) : node;
	covers = map_covers(node, "iommu-map", "iommu-map-mask", icid, &phandle);
	if (covers <= 0)
		return covers == -ENOENT ? 0 : covers;
	/* An entry may lead to no node at all, or to one without a driver: then there is no group.
	 */
	return host_iommu_phandle(bus, dprc, &working) == 0 && phandle == working ? 1 : -ENXIO;
}

known_bool host_gives_msi(const struct bus *bus, const struct dprc *dprc, uint32_t icid)
{
	_cleanup_close_ int node = open_mc_node(bus, dprc);
	uint32_t phandle;
	known_bool covers;

	if (node < 0)
		return node == -ENOENT ? host_acpi_gives_msi(bus, dprc, icid) : node;
	covers = map_covers(node, "msi-map", "msi-map-mask", icid, &phandle);
	if (covers == 1 || sysfs_exists(node, "msi-parent"))
		return 1;
	return covers == -ENOENT ? 0 : covers;
}

known_bool host_has_msi(const struct bus *bus)
{
	const struct dprc *root = bus_root(bus);
	_cleanup_close_ int node = open_mc_node(bus, root);

	if (node < 0)
		return node == -ENOENT ? host_acpi_has_msi(bus, root) : node;
	return sysfs_exists(node, "msi-map") || sysfs_exists(node, "msi-parent");
}

const struct host_terms *host_terms(const struct bus *bus, const struct dprc *dprc)
{
	static const struct host_terms device_tree = {
		.iommu_map = "the iommu-map of the MC's device tree node",
		.map_icid = "see that the SMMU is enabled and the iommu-map of the MC's device "
			    "tree node, which the boot loader may set, covers its ICID",
		.msi_map = "msi-map or msi-parent of the MC's device tree node",
		.give_msi = "use a device tree whose MC node has msi-parent, or an msi-map that "
			    "covers its ICID",
		.smmu_coherence = "dma-coherent in the SMMU's device tree node, or one above it",
		.make_coherent = "use a device tree whose SMMU node has dma-coherent, as Linux's "
				 "own have",
	};
	static const struct host_terms acpi = {
		.iommu_map = "the mapping of the MC to the SMMU in the ACPI table IORT",
		.map_icid = "use UEFI firmware whose ACPI table IORT has the SMMU and maps its "
			    "ICID to it",
		.msi_map = "the mapping of the MC to an ITS in the ACPI table IORT",
		.give_msi = "use UEFI firmware whose ACPI table IORT maps its ICID to an ITS",
		.smmu_coherence = "the flag Coherent Walk of the SMMU in the ACPI table IORT",
		.make_coherent = "use UEFI firmware whose ACPI table IORT has it",
	};

	return host_acpi_has_mc(bus, dprc) ? &acpi : &device_tree;
}
