/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/host_acpi.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/iort.h"

#define TABLES "firmware/acpi/tables" /* below sys/ */

/* The ACPI path of the MC, "\_SB_.MCE0", by which the IORT names it, too. */
static int read_component(const struct bus *bus, const struct dprc *dprc, char **ret_component)
{
	_cleanup_free_ char *path = dprc_mc_path(dprc, "firmware_node/path");

	return path ? sysfs_read(bus->sysfs->fd, path, ret_component) : -ENOENT;
}

bool host_acpi_has_mc(const struct bus *bus, const struct dprc *dprc)
{
	_cleanup_free_ char *component = NULL;

	return read_component(bus, dprc, &component) == 0;
}

/* -ENODATA: there are tables, but no such one. */
static int load_iort(const struct bus *bus, unsigned char **ret_bytes, struct iort *ret_iort)
{
	_cleanup_free_ unsigned char *bytes = NULL;
	size_t n;
	int r = sysfs_read_bytes(bus->sysfs->fd, TABLES "/IORT", &bytes, &n);

	if (r == -ENOENT && sysfs_exists(bus->sysfs->fd, TABLES))
		return -ENODATA;
	if (r == 0)
		r = iort_open(bytes, n, ret_iort);
	if (r < 0)
		return r;
	*ret_bytes = take_pointer(bytes);
	return 0;
}

/* icid NULL: any. */
static known_bool leads(const struct bus *bus, const struct dprc *dprc, const uint32_t *icid,
			enum iort_target target)
{
	_cleanup_free_ unsigned char *bytes = NULL;
	_cleanup_free_ char *component = NULL;
	struct iort iort;
	int r = read_component(bus, dprc, &component);

	if (r < 0)
		return r;
	r = load_iort(bus, &bytes, &iort);
	if (r < 0)
		return r == -ENODATA ? 0 : r;
	return icid ? iort_leads(&iort, component, *icid, target)
		    : iort_leads_any(&iort, component, target);
}

known_bool host_acpi_iommu_covers(const struct bus *bus, const struct dprc *dprc, uint32_t icid)
{
	return leads(bus, dprc, &icid, IORT_IOMMU);
}

known_bool host_acpi_gives_msi(const struct bus *bus, const struct dprc *dprc, uint32_t icid)
{
	return leads(bus, dprc, &icid, IORT_MSI_CONTROLLER);
}

known_bool host_acpi_has_msi(const struct bus *bus, const struct dprc *dprc)
{
	return leads(bus, dprc, NULL, IORT_MSI_CONTROLLER);
}

/* The link has the name that arm_smmu_device_probe() gives an SMMU: "smmu." and its address. */
static int read_smmu_base(const struct bus *bus, const struct dprc *dprc, uint64_t *ret_base)
{
	const struct dprc *root = dprc_root(dprc);
	_cleanup_free_ char *path = NULL, *name = NULL;
	int r, end = 0;

	if (!root)
		return -ENOENT;
	path = xasprintf("%s/iommu", root->path);
	r = sysfs_read_link_name(bus->sysfs->fd, path, &name);
	if (r < 0)
		return r;
	return sscanf(name, "smmu.0x%16" SCNx64 "%n", ret_base, &end) == 1 && !name[end]
		       ? 0
		       : -EOPNOTSUPP;
}

known_bool host_acpi_smmu_is_coherent(const struct bus *bus, const struct dprc *dprc)
{
	_cleanup_free_ unsigned char *bytes = NULL;
	struct iort iort;
	uint64_t base;
	int r = read_smmu_base(bus, dprc, &base);

	if (r < 0)
		return r;
	r = load_iort(bus, &bytes, &iort);
	return r < 0 ? r : iort_smmu_is_coherent(&iort, base);
}
