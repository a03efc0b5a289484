/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine as an archive: which files of it, and the facts that are in no file. */
#include "export/capture.h"
#include <inttypes.h>
#include <stdlib.h>

#include "base/util.h"
#include "export/capture_files.h"
#include "kernel/archive.h"
#include "kernel/mc.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/captured.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/mc_inventory.h"
#include "model/memlock.h"
#include "model/netdev.h"
#include "model/pool.h"
#include "model/port.h"
#include "model/vfio_use.h"

#define COHERENCE "@(phandle|dma-coherent|dma-noncoherent|interconnect-names)"
#define DEVICES "sys/bus/fsl-mc/devices/"

/*
 * Extended patterns of fnmatch(3), matched component by component.  What a verb reads and is not
 * here is missing where a captured machine is looked at.
 */
static const char *const files[] = {
	"dev/iommu",
	"dev/vfio/*",
	"dev/vfio/devices/*",
	"etc/fslmc-vfio.d/[!.]*.json",
	"proc/@(cmdline|version|version_signature)",
	"proc/sys/kernel/osrelease",
	"sys/bus/fsl-mc/@(drivers_autoprobe|autorescan)",
	"sys/bus/fsl-mc/drivers/*",
	"sys/bus/fsl-mc/drivers/*/dp*",
	DEVICES "*/@(driver|driver_override|iommu_group|consumer:*|supplier:*)",
	DEVICES "*/net/*/@(ifindex|flags|carrier|master)",
	DEVICES "*/vfio-dev/*/dev",
	/* The IOMMU of the root DPRC, and what above it says whether it is coherent. */
	DEVICES "dprc.*/iommu/device/@(driver|of_node)",
	DEVICES "dprc.*/iommu/device/of_node/" COHERENCE,
	DEVICES "dprc.*/iommu/device/of_node/../" COHERENCE,
	DEVICES "dprc.*/iommu/device/of_node/../../" COHERENCE,
	/* The MC's own device is above the root DPRC. */
	DEVICES "dprc.*/../of_node/@(iommu-map|iommu-map-mask|msi-map|msi-map-mask|msi-parent)",
	DEVICES "dprc.*/../firmware_node/path",
	"sys/class/dmi/id/@(sys_vendor|product_name)",
	"sys/class/misc/@(vfio|iommu|dprc.*)/dev",
	"sys/class/@(vfio|vfio-dev)",
	"sys/class/@(vfio|vfio-dev)/*/dev",
	"sys/firmware/acpi/tables/IORT",
	"sys/firmware/devicetree/base/@(compatible|model)",
	("sys/firmware/devicetree/base/" COHERENCE),
	"sys/kernel/iommu_groups/*/@(name|type|reserved_regions)",
	"sys/kernel/iommu_groups/*/devices/*",
	"sys/kernel/mm/hugepages/*/nr_hugepages",
	"sys/module/@(vfio*|iommufd)",
	"sys/module/@(vfio*|iommufd)/initstate",
	"sys/module/@(vfio*|iommufd)/parameters/*",
};

static void add_text(struct archive *archive, char *path, char *text)
{
	archive_add_file(archive, path, text, strlen(text));
	free(path);
	free(text);
}

static void add_fact(struct archive *archive, const char *dir, const char *name, char *text)
{
	add_text(archive, xasprintf(CAPTURED_DIR "/%s%s", dir, name), text);
}

static void add_host(const struct bus *bus, struct archive *archive)
{
	_cleanup_host_ struct host host = { 0 };

	if (host_load_rest(bus, NULL, &host) < 0)
		return;
	add_fact(archive, "", "page_size", xasprintf("%zu\n", host.page_size));
	add_fact(archive, "", "memlock", captured_memlock_text(&host.memlock));
}

static void add_addresses(const struct bus *bus, const struct object *object,
			  struct archive *archive)
{
	_cleanup_netdevs_ struct netdevs netdevs = { 0 };

	if (netdevs_load(bus, object, &netdevs) < 0)
		return;
	for (size_t i = 0; i < netdevs.n_netdevs; i++) {
		const struct netdev *netdev = &netdevs.netdevs[i];

		if (netdev->n_addresses >= 0)
			add_fact(archive, "addresses/", netdev->name,
				 xasprintf("%d\n", netdev->n_addresses));
		else if (netdev->is_secret)
			add_fact(archive, "addresses/", netdev->name,
				 xstrdup(CAPTURED_UNKNOWN "\n"));
	}
}

static void add_holders(const struct bus *bus, const struct dprc *dprc, struct archive *archive)
{
	_cleanup_holders_ struct holders holders = { 0 };

	if (vfio_use_load(bus, dprc, &holders) < 0)
		return;
	for (size_t i = 0; i < holders.n_holders; i++)
		add_text(archive, xasprintf("proc/%d/comm", (int)holders.holders[i].pid),
			 xasprintf("%s\n", holders.holders[i].command));
	add_fact(archive, "holders/", name_text(&dprc->object->name).text,
		 captured_holders_text(&holders));
}

/* By asking all that the verbs ask. */
static int add_mc(struct bus *bus, const struct name *root, struct archive *archive)
{
	struct mc_recording *recording = mc_recording_new();
	_cleanup_mc_ struct mc mc = MC_CLOSED;
	int r = mc_open(bus->sysfs, root->id, MC_DEADLINE_MS, &mc);

	if (r >= 0) {
		mc_record(&mc, recording);
		r = mc_inventory_load(bus, MC_ENDPOINTS, &mc);
	}
	if (r >= 0) {
		_cleanup_ports_ struct ports ports = { 0 };
		_cleanup_pools_ struct pools pools = { 0 };

		ports_load(bus, &mc, &ports);
		pools_load(bus, &mc, &pools);
	}
	/* One without answers stands for an MC that cannot be queried. */
	if (mc_has_node(bus->sysfs, root->id))
		add_text(archive, xasprintf("dev/%s", name_text(root).text),
			 mc_recording_text(recording));
	mc_close(&mc);
	mc_recording_free(recording);
	return r;
}

int capture_machine(struct bus *bus, struct archive *archive, struct strings *ret_unreadable)
{
	const struct dprc *root = bus_root(bus);

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		capture_files(bus->sysfs, files[i], archive, ret_unreadable);
	capture_module_indices(bus->sysfs, archive);
	add_host(bus, archive);
	for (size_t i = 0; i < bus->n_objects; i++)
		add_addresses(bus, &bus->objects[i], archive);
	for (size_t i = 0; i < bus->n_dprcs; i++)
		add_holders(bus, &bus->dprcs[i], archive);
	return root ? add_mc(bus, &root->object->name, archive) : 0;
}
