/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether this host is ready: a table, as policy.c has one for containers. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "assign/needs.h"
#include "assign/policy.h"
#include "assign/readiness.h"
#include "base/exit_status.h"
#include "base/listing.h"
#include "base/strings.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/iommu_group.h"
#include "model/mc_inventory.h"

/* Not enough for the packet buffers of even a small program. */
#define MEMLOCK_LOW (INT64_C(64) << 20)

static char *evidence(bool applies, const char *text) { return applies ? xstrdup(text) : NULL; }

static char *root_missing(const struct readiness *readiness)
{
	return evidence(!bus_root(readiness->bus), "");
}

static char *driver_absent(const struct readiness *readiness)
{
	return evidence(readiness->host->vfio_fsl_mc == MODULE_ABSENT, "");
}

static char *driver_not_loaded(const struct readiness *readiness)
{
	const enum module_state state = readiness->host->vfio_fsl_mc;

	return evidence(!bus_has_driver(readiness->bus, VFIO_DRIVER) && state != MODULE_ABSENT,
			state == MODULE_AVAILABLE ? "its module is there" : "");
}

char *readiness_lacks_backend(const struct host *host)
{
	if (host->has_iommufd_node || module_is_there(host->vfio_iommu_type1))
		return NULL;
	if (host->vfio_iommu_type1 == MODULE_AVAILABLE)
		return xstrdup("vfio_iommu_type1 is installed but not loaded");
	if (host->iommufd == MODULE_AVAILABLE)
		return xstrdup("iommufd is installed but not loaded");
	if (module_is_there(host->iommufd))
		return xstrdup("iommufd is there, but /dev has no iommu");
	return xstrdup(host->vfio_iommu_type1 == MODULE_ABSENT
			       ? "neither vfio_iommu_type1 nor iommufd is in this kernel"
			       : "vfio_iommu_type1 is not loaded");
}

static bool can_have_backend(const struct host *host)
{
	return host->vfio_iommu_type1 != MODULE_ABSENT || host->iommufd != MODULE_ABSENT;
}

static char *no_backend(const struct readiness *readiness)
{
	const struct host *host = readiness->host;

	return evidence(!host->has_iommufd_node && !can_have_backend(host), "");
}

static char *type1_missing(const struct readiness *readiness)
{
	const struct host *host = readiness->host;

	return can_have_backend(host) ? readiness_lacks_backend(host) : NULL;
}

static char *iommu_missing(const struct readiness *readiness)
{
	const struct dprc *root = bus_root(readiness->bus);

	return evidence(root && root->object->driver && !readiness->group, "");
}

/*
 * Objects of one DPRC have one stream ID: arm-smmu-v3 takes that from one device alone and leaves
 * the others without a group (arm_smmu_insert_master()).
 */
static char *iommu_unfit(const struct readiness *readiness)
{
	return evidence(str_same(readiness->host->iommu_driver, "arm-smmu-v3"), "arm-smmu-v3");
}

static char *group_split(const struct readiness *readiness)
{
	const struct bus *bus = readiness->bus;
	struct listing listing = { 0 };

	for (size_t i = 0; i < bus->n_objects; i++)
		if (dprc_is_split_off(&bus->objects[i]))
			listing_add(&listing, name_text(&bus->objects[i].name).text);
	return listing.text;
}

static char *smmu_incoherent(const struct readiness *readiness)
{
	const struct host *host = readiness->host;

	return evidence(host->smmu_is_coherent == 0 && host->wants_coherent_smmu, "");
}

static char *passthrough(const struct readiness *readiness)
{
	return evidence(readiness->group && readiness->group->type &&
				streq(readiness->group->type, "identity"),
			"");
}

static char *noiommu_mode(const struct readiness *readiness)
{
	return evidence(readiness->host->noiommu_mode == 1, "");
}

static char *no_msi(const struct readiness *readiness)
{
	return evidence(readiness->host->has_msi == 0, "");
}

static char *unsafe_interrupts(const struct readiness *readiness)
{
	return evidence(readiness->host->unsafe_interrupts == 1, "");
}

static char *autoprobe_off(const struct readiness *readiness)
{
	return evidence(readiness->host->drivers_autoprobe == 0, "");
}

static char *nothing_to_assign(const struct readiness *readiness)
{
	return evidence(bus_root(readiness->bus) && readiness->bus->n_dprcs == 1, "");
}

static char *mc_unknown(const struct readiness *readiness)
{
	return evidence(!readiness->bus->mc, "");
}

static char *mc_old(const struct readiness *readiness)
{
	const struct mc_version *version = readiness->bus->mc ? &readiness->bus->mc->version : NULL;

	if (!dpdk_refuses_firmware(version))
		return NULL;
	return xasprintf("%u.%u.%u, not %d.%d", version->major, version->minor, version->revision,
			 DPDK_MC_MAJOR, DPDK_MC_MINOR);
}

/* capable(CAP_IPC_LOCK) in vfio_lock_acct() exempts root. */
static char *memlock_low(const struct readiness *readiness)
{
	const struct memlock *memlock = readiness->memlock;

	if (memlock->is_root || memlock->bytes == MEMLOCK_UNLIMITED ||
	    memlock->bytes == MEMLOCK_UNKNOWN ||
	    (memlock->bytes >= MEMLOCK_LOW && memlock->bytes >= memlock->huge))
		return NULL;
	if (memlock->bytes >= memlock->huge)
		return xasprintf("%s may lock %" PRId64 " KiB", memlock->user,
				 memlock->bytes / 1024);
	return xasprintf("%s may lock %" PRId64 " KiB, and there are %" PRId64 " KiB of huge pages",
			 memlock->user, memlock->bytes / 1024, memlock->huge / 1024);
}

static char *memlock_unknown(const struct readiness *readiness)
{
	return evidence(readiness->memlock->bytes == MEMLOCK_UNKNOWN &&
				!readiness->memlock->is_root,
			readiness->memlock->user);
}

static char *no_access(const struct readiness *readiness)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < readiness->denied->n_texts; i++)
		listing_add(&listing, readiness->denied->texts[i]);
	return listing.text;
}

static char *page_size(const struct readiness *readiness)
{
	const size_t size = readiness->host->page_size;

	return size && size != 4096 ? xasprintf("%zu KiB", size / 1024) : NULL;
}

/* Says only "deprecated", and only there: the notice was withdrawn in Linux 7.0. */
static char *deprecation_notice(const struct readiness *readiness)
{
	const char *release = readiness->host->kernel_release;
	unsigned int major, minor;

	if (!release || sscanf(release, "%u.%u", &major, &minor) != 2)
		return NULL;
	return evidence(major == 6 && (minor == 18 || minor == 19), release);
}

static const struct {
	const char *code;
	enum severity severity;
	char *(*evidence)(const struct readiness *readiness);
	const char *text;
	const char *remedy;
} ailments[] = {
	{ "root-missing", SEVERITY_REFUSE, root_missing, "the bus has no root DPRC",
	  "see why fsl_mc_bus failed in the kernel's log" },
	{ "driver-absent", SEVERITY_REFUSE, driver_absent,
	  "this kernel was built without the driver vfio-fsl-mc",
	  "use a kernel with CONFIG_VFIO_FSL_MC" },
	{ "driver-not-loaded", SEVERITY_REFUSE, driver_not_loaded,
	  "the driver vfio-fsl-mc is not loaded, and nothing loads it by itself",
	  "modprobe vfio-fsl-mc" },
	{ "no-backend", SEVERITY_REFUSE, no_backend,
	  "this kernel has neither vfio_iommu_type1 nor iommufd, so no DMA can be mapped",
	  "use a kernel with CONFIG_VFIO_IOMMU_TYPE1 or CONFIG_IOMMUFD" },
	{ "type1-missing", SEVERITY_REFUSE, type1_missing,
	  "vfio_iommu_type1 is not loaded and there is no /dev/iommu, so no DMA can be mapped",
	  REMEDY_NO_BACKEND },
	{ "iommu-missing", SEVERITY_REFUSE, iommu_missing, "the root DPRC has no IOMMU group",
	  "see that the boot loader sets iommu-map, and that no iommu option turns the SMMU off" },
	{ "smmu-incoherent", SEVERITY_REFUSE, smmu_incoherent,
	  "the SMMU is not dma-coherent, which VFIO insists on",
	  "use a device tree with dma-coherent in the SMMU's node" },
	{ "autoprobe-off", SEVERITY_REFUSE, autoprobe_off,
	  "no driver is asked about objects that appear, so they would stay unbound",
	  "echo 1 > /sys/bus/fsl-mc/drivers_autoprobe" },
	{ "group-split", SEVERITY_REFUSE, group_split,
	  "objects are not in the IOMMU group of the DPRC they are in, so they cannot all be bound",
	  "use the SMMU of the SoC, whose driver arm-smmu gives a stream ID one group" },
	{ "iommu-unfit", SEVERITY_WARN, iommu_unfit,
	  "this IOMMU gives a DPRC and its objects no common group, so they cannot all be bound",
	  "use the SMMU of the SoC, whose driver arm-smmu does" },
	{ "iommu-passthrough", SEVERITY_WARN, passthrough,
	  "DMA of the host's devices is not translated", "boot without iommu.passthrough=1" },
	{ "noiommu-mode", SEVERITY_WARN, noiommu_mode,
	  "VFIO's no-IOMMU mode is on, which isolates nothing",
	  "echo N > /sys/module/vfio/parameters/enable_unsafe_noiommu_mode" },
	{ "no-msi", SEVERITY_WARN, no_msi,
	  "the device tree gives the MC no interrupt controller, so there are no interrupts, and "
	  "since Linux 6.3 no DMA mapping without allow_unsafe_interrupts",
	  "use a device tree with msi-map or msi-parent in the MC's node" },
	{ "unsafe-interrupts", SEVERITY_WARN, unsafe_interrupts,
	  "VFIO accepts devices that can send any interrupt",
	  "leave allow_unsafe_interrupts off unless VFIO_SET_IOMMU fails with EPERM" },
	{ "nothing-to-assign", SEVERITY_WARN, nothing_to_assign,
	  "there is no DPRC besides the root", "make one, in the DPL or with restool" },
	{ "mc-unknown", SEVERITY_WARN, mc_unknown, "what the MC knows could not be asked",
	  "run it as root, on a kernel with CONFIG_FSL_MC_UAPI_SUPPORT" },
	{ "mc-old", SEVERITY_WARN, mc_old, "the MC firmware is older than the newest DPDK expects",
	  "update the firmware, or use the DPDK that belongs to it" },
	{ "memlock-low", SEVERITY_WARN, memlock_low,
	  "programs may lock too little memory to map it for DMA",
	  "raise memlock in /etc/security/limits.d, or LimitMEMLOCK= of the service" },
	{ "no-access", SEVERITY_WARN, no_access,
	  "that user cannot open device nodes of VFIO, by their owner, group and mode",
	  "'fslmc-vfio bind --owner' gives away those of a DPRC; /dev/vfio/vfio is usually open to "
	  "all" },
	{ "memlock-unknown", SEVERITY_INFO, memlock_unknown,
	  "no process of that user runs that could show how much it may lock",
	  "log in as that user and ask again" },
	{ "page-size", SEVERITY_INFO, page_size,
	  "pages are not 4 KiB, so regions that are not multiples of a page cannot be mapped",
	  "see with probe which can" },
	{ "driver-notice", SEVERITY_INFO, deprecation_notice,
	  "this kernel calls vfio-fsl-mc deprecated; Linux 7.0 took that back",
	  "ignore the notice" },
};

void readiness_find(const struct readiness *readiness, struct findings *findings)
{
	for (size_t i = 0; i < ARRAY_SIZE(ailments); i++) {
		char *text = ailments[i].evidence(readiness);

		if (text)
			findings_add(findings, &(struct finding){
						       .code = ailments[i].code,
						       .severity = ailments[i].severity,
						       .error = ERROR_REFUSED,
						       .text = ailments[i].text,
						       .evidence = text,
						       .remedy = ailments[i].remedy,
					       });
	}
}

const char *readiness_code(size_t i) { return i < ARRAY_SIZE(ailments) ? ailments[i].code : NULL; }
