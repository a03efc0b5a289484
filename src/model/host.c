/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine around the bus. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "kernel/vfio.h"
#include "model/bus.h"
#include "model/captured.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/module.h"
#include "model/node_access.h"

static char *read_or_null(int dir, const char *path)
{
	char *text;

	return sysfs_read(dir, path, &text) < 0 ? NULL : text;
}

/* A module parameter or a bus attribute: "Y", "N", "1", "0". */
static known_bool read_bool(int dir, const char *path)
{
	_cleanup_free_ char *text = NULL;
	int r = sysfs_read(dir, path, &text);

	if (r < 0)
		return r;
	if (streq(text, "Y") || streq(text, "1"))
		return 1;
	return streq(text, "N") || streq(text, "0") ? 0 : -EBADMSG;
}

/* The parameter exists only where the kernel was built with CONFIG_VFIO_NOIOMMU. */
static known_bool read_noiommu_mode(const struct sysfs *sysfs)
{
	known_bool mode = read_bool(sysfs->fd, "module/vfio/parameters/enable_unsafe_noiommu_mode");

	return mode == -ENOENT && sysfs_exists(sysfs->fd, "module/vfio") ? 0 : mode;
}

/* type1 and iommufd each have their own. */
static known_bool read_unsafe_interrupts(const struct sysfs *sysfs)
{
	known_bool type1 =
		read_bool(sysfs->fd, "module/vfio_iommu_type1/parameters/allow_unsafe_interrupts");
	known_bool iommufd =
		read_bool(sysfs->fd, "module/iommufd/parameters/allow_unsafe_interrupts");

	return type1 > 0 || iommufd < 0 ? type1 : iommufd;
}

/* By the device tree; else the DMI names of the maker and the product: "SolidRun HoneyComb". */
static char *read_machine(const struct sysfs *sysfs)
{
	char *model = read_or_null(sysfs->fd, "firmware/devicetree/base/model");
	_cleanup_free_ char *vendor = NULL, *product = NULL;

	if (model)
		return model;
	vendor = read_or_null(sysfs->fd, "class/dmi/id/sys_vendor");
	product = read_or_null(sysfs->fd, "class/dmi/id/product_name");
	if (vendor && product && strncmp(product, vendor, strlen(vendor)) != 0)
		return xasprintf("%s %s", vendor, product);
	return product ? take_pointer(product) : take_pointer(vendor);
}

/*
 * vfio_register_group_dev() asks for IOMMU_CAP_CACHE_COHERENCY since Linux 5.19; before, only who
 * attaches a group did.  A VFIO without the vfio-dev class is of 6.0 or older, when those that ask
 * were current for half a year.
 */
static bool vfio_wants_coherency(const struct sysfs *sysfs)
{
	return !sysfs_exists(sysfs->fd, "class/vfio") || sysfs_exists(sysfs->fd, "class/vfio-dev");
}

/* The last iommu.passthrough of the kernel's command line, as kstrtobool() takes it. */
static known_bool read_passthrough(const struct sysfs *sysfs)
{
	static const char option[] = "iommu.passthrough=";
	_cleanup_free_ char *line = read_or_null(sysfs->root_fd, "proc/cmdline");
	known_bool wants = -ENOENT;
	char *rest = line, *word;

	while ((word = strsep(&rest, " ")))
		if (strncmp(word, option, sizeof(option) - 1) == 0) {
			word += sizeof(option) - 1;
			wants = (*word && strchr("1yYtT", *word)) ||
				strncasecmp(word, "on", 2) == 0;
		}
	return wants;
}

void host_load(const struct bus *bus, struct host *ret_host)
{
	const struct sysfs *sysfs = bus->sysfs;
	const struct dprc *root = bus_root(bus);
	struct host host = {
		.vfio_fsl_mc = module_load_state(sysfs, "vfio-fsl-mc"),
		.vfio_iommu_type1 = module_load_state(sysfs, "vfio_iommu_type1"),
		.drivers_autoprobe = read_bool(bus->fd, "drivers_autoprobe"),
		.has_vfio_groups = vfio_has_groups(sysfs),
		.has_iommufd_node = sysfs_exists(sysfs->root_fd, "dev/iommu"),
		.wants_coherent_smmu = vfio_wants_coherency(sysfs),
		.wants_passthrough = read_passthrough(sysfs),
		.kernel = kernel_version_load(sysfs),
	};

	/* Without a module's directory, yet on the bus: it has no parameters and is built in. */
	if (host.vfio_fsl_mc != MODULE_LOADED && bus_has_driver(bus, VFIO_DRIVER))
		host.vfio_fsl_mc = MODULE_BUILT_IN;
	/* It is looked for on disk, unless it is loaded, so only where it matters. */
	if (!host.has_iommufd_node && !module_is_there(host.vfio_iommu_type1))
		host.iommufd = module_load_state(sysfs, "iommufd");
	host.has_root_group =
		root && iommu_group_load(sysfs, root->object->group, &host.root_group) == 0;
	*ret_host = host;
}

static size_t page_size(const struct sysfs *sysfs)
{
	int64_t bytes = 0;

	if (sysfs->is_live)
		return (size_t)sysconf(_SC_PAGESIZE);
	captured_read_number(sysfs, "page_size", &bytes);
	return (size_t)bytes;
}

int host_load_rest(const struct bus *bus, const char *user, struct host *host)
{
	const struct sysfs *sysfs = bus->sysfs;
	int r = memlock_load(sysfs, user, &host->memlock);

	if (r < 0)
		return r;
	host->access_error = node_access_load(bus, user, &host->denied);
	host->kernel_release = read_or_null(sysfs->root_fd, "proc/sys/kernel/osrelease");
	host->machine = read_machine(sysfs);
	host->iommufd = module_load_state(sysfs, "iommufd");
	host->iommu_driver = host_iommu_driver(bus, bus_root(bus));
	host->page_size = page_size(sysfs);
	host->has_vfio_node = sysfs_exists(sysfs->root_fd, "dev/vfio/vfio");
	host->noiommu_mode = read_noiommu_mode(sysfs);
	host->smmu_is_coherent = host_smmu_is_coherent(bus, bus_root(bus));
	host->has_msi = host_has_msi(bus);
	host->unsafe_interrupts = read_unsafe_interrupts(sysfs);
	return 0;
}

void host_done(struct host *host)
{
	free(host->kernel_release);
	free(host->machine);
	free(host->iommu_driver);
	iommu_group_done(&host->root_group);
	memlock_done(&host->memlock);
	strings_done(&host->denied);
	*host = (struct host){ 0 };
}
