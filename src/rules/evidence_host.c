/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the rules apply that are about the host, and what to do by what made them. */
#include <errno.h>
#include <inttypes.h>

#include "base/listing.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/mc_inventory.h"
#include "model/mc_unseen.h"
#include "rules/candidate.h"
#include "rules/evidence.h"
#include "rules/kernel_defects.h"
#include "rules/needs.h"

/* Not enough for the packet buffers of even a small program. */
#define MEMLOCK_LOW (INT64_C(64) << 20)

static char *evidence(bool applies, const char *text) { return applies ? xstrdup(text) : NULL; }

char *evidence_root_missing(const struct candidate *candidate)
{
	return evidence(!bus_root(candidate->bus), "");
}

static bool is_unbound_root(const struct dprc *dprc)
{
	return dprc && dprc->is_root && !str_same(dprc->object->driver, DPRC_DRIVER);
}

/* The candidate's root; of the host, the first one. */
static const struct dprc *unbound_root(const struct candidate *candidate)
{
	const struct bus *bus = candidate->bus;

	if (candidate->object)
		return is_unbound_root(dprc_root(candidate->dprc)) ? dprc_root(candidate->dprc)
								   : NULL;
	for (size_t i = 0; i < bus->n_dprcs; i++)
		if (is_unbound_root(&bus->dprcs[i]))
			return &bus->dprcs[i];
	return NULL;
}

/*
 * As after a probe that failed, or between the two halves of a restart of the MC.  Without it there
 * is no /dev/dprc.N, and of what is in it Linux shows nothing.
 */
char *evidence_root_unbound(const struct candidate *candidate)
{
	const struct dprc *root = unbound_root(candidate);

	return root ? xasprintf("%s has %s%s", name_text(&root->object->name).text,
				root->object->driver ? "the driver " : "no driver",
				root->object->driver ? root->object->driver : "")
		    : NULL;
}

char *advise_root_unbound(const struct candidate *candidate)
{
	const struct dprc *root = unbound_root(candidate);

	return xasprintf("see why in the kernel's log (dmesg), then: echo %s > "
			 "/sys/bus/fsl-mc/drivers/" DPRC_DRIVER "/bind",
			 name_text(&root->object->name).text);
}

char *advise_driver_missing(const struct candidate *candidate)
{
	switch (candidate->host->vfio_fsl_mc) {
	case MODULE_ABSENT:
		return xstrdup("use a kernel with CONFIG_VFIO_FSL_MC");
	case MODULE_LOADED:
	case MODULE_BUILT_IN:
		return xstrdup("see why in the kernel's log");
	default:
		return xstrdup("modprobe vfio-fsl-mc");
	}
}

char *evidence_type1_missing(const struct candidate *candidate)
{
	const struct host *host = candidate->host;

	if (host->has_iommufd_node || module_is_there(host->vfio_iommu_type1))
		return NULL;
	if (host->vfio_iommu_type1 == MODULE_AVAILABLE)
		return xstrdup("vfio_iommu_type1 is installed but not loaded");
	if (host->iommufd == MODULE_AVAILABLE)
		return xstrdup("iommufd is installed but not loaded");
	if (module_is_there(host->iommufd))
		return xstrdup("iommufd is loaded, but /dev/iommu is missing");
	if (host->vfio_iommu_type1 == MODULE_ABSENT && host->iommufd == MODULE_ABSENT)
		return xstrdup("not built: this kernel has no such module");
	return xstrdup("vfio_iommu_type1 is not loaded");
}

char *advise_type1_missing(const struct candidate *candidate)
{
	const struct host *host = candidate->host;

	if (host->vfio_iommu_type1 == MODULE_AVAILABLE)
		return xstrdup("modprobe vfio_iommu_type1");
	if (host->iommufd == MODULE_AVAILABLE)
		return xstrdup("modprobe iommufd");
	if (module_is_there(host->iommufd))
		return xstrdup("in a container, pass /dev/iommu in");
	if (host->vfio_iommu_type1 == MODULE_ABSENT && host->iommufd == MODULE_ABSENT)
		return xstrdup("use a kernel with CONFIG_VFIO_IOMMU_TYPE1 or CONFIG_IOMMUFD");
	return xstrdup("modprobe vfio_iommu_type1");
}

/*
 * Objects of one DPRC have one stream ID: arm-smmu-v3 takes that from one device alone and leaves
 * the others without a group (arm_smmu_insert_master()).
 */
char *evidence_iommu_unfit(const struct candidate *candidate)
{
	return evidence(str_same(candidate->host->iommu_driver, "arm-smmu-v3"), "arm-smmu-v3");
}

/* Of the two that decide, the command line has the last word (iommu_set_def_domain_type()). */
char *advise_passthrough(const struct candidate *candidate)
{
	return xstrdup(candidate->host->wants_passthrough == 1 ? "boot without iommu.passthrough=1"
							       : "boot with iommu.passthrough=0");
}

char *evidence_noiommu_mode(const struct candidate *candidate)
{
	return evidence(candidate->host->noiommu_mode == 1, "");
}

/* Without it vfio_iommu_type1_attach_group() maps no DMA.  Negative: unknown. */
static known_bool needs_unsafe_interrupts(const struct host *host)
{
	const enum defect_state state = kernel_defect_of(host, "irq-isolation");

	if (host->has_msi == 0 || state == DEFECT_PRESENT)
		return true;
	return host->has_msi == 1 && state == DEFECT_ABSENT ? false : -ENODATA;
}

char *evidence_unsafe_interrupts_needed(const struct candidate *candidate)
{
	const struct host *host = candidate->host;
	const known_bool is_needed = needs_unsafe_interrupts(host);

	return evidence(host->unsafe_interrupts == 1 && is_needed,
			is_needed < 0 ? "maybe no DMA can be mapped here without it"
				      : "no DMA can be mapped here without it");
}

char *evidence_unsafe_interrupts(const struct candidate *candidate)
{
	return evidence(candidate->host->unsafe_interrupts == 1, "this host does not need it");
}

char *evidence_no_huge_pages(const struct candidate *candidate)
{
	return evidence(candidate->host->memlock.huge == 0, "");
}

char *evidence_unseen_dprcs(const struct candidate *candidate)
{
	const struct mc_object *unseen;
	struct listing listing = { 0 };

	for (size_t i = 0; (unseen = mc_unseen_dprc(candidate->bus, i)); i++)
		listing_add(&listing, name_text(&unseen->name).text);
	return listing.text;
}

char *evidence_nothing_to_assign(const struct candidate *candidate)
{
	return evidence(bus_root(candidate->bus) && candidate->bus->n_dprcs == 1 &&
				!unbound_root(candidate) && !mc_unseen_dprc(candidate->bus, 0),
			"");
}

/* capable(CAP_IPC_LOCK) in vfio_lock_acct() exempts root. */
char *evidence_memlock_low(const struct candidate *candidate)
{
	const struct memlock *memlock = &candidate->host->memlock;

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

char *evidence_memlock_unknown(const struct candidate *candidate)
{
	const struct memlock *memlock = &candidate->host->memlock;

	return evidence(memlock->bytes == MEMLOCK_UNKNOWN && !memlock->is_root, memlock->user);
}

char *evidence_no_access(const struct candidate *candidate)
{
	const struct strings *denied = &candidate->host->denied;
	struct listing listing = { 0 };

	for (size_t i = 0; i < denied->n_texts; i++)
		listing_add(&listing, denied->texts[i]);
	return listing.text;
}

char *evidence_access_unknown(const struct candidate *candidate)
{
	const int error = candidate->host->access_error;

	return error && error != -ENOENT ? xstrdup(error_text(error)) : NULL;
}

char *evidence_page_size(const struct candidate *candidate)
{
	const size_t size = candidate->host->page_size;

	return size && size != 4096 ? xasprintf("%zu KiB", size / 1024) : NULL;
}

/* One that crashes every bind, unless the DPRC shows that it did not. */
static const struct kernel_defect *find_crash(const struct candidate *candidate,
					      enum defect_state state)
{
	if (candidate->object && str_same(candidate->object->driver, VFIO_DRIVER))
		return NULL;
	return kernel_defects_crash(candidate->host, state);
}

static char *crash(const struct candidate *candidate, enum defect_state state)
{
	const struct kernel_defect *defect = find_crash(candidate, state);
	_cleanup_free_ char *version = kernel_version_text(&candidate->host->kernel);

	return defect ? xasprintf("%s, in %s", defect->id, version) : NULL;
}

char *advise_kernel(const struct candidate *candidate)
{
	const struct kernel_defect *defect = find_crash(candidate, DEFECT_PRESENT);

	return xstrdup((defect ? defect : find_crash(candidate, DEFECT_POSSIBLE))->remedy);
}

char *evidence_kernel_crashes(const struct candidate *candidate)
{
	return crash(candidate, DEFECT_PRESENT);
}

char *evidence_kernel_may_crash(const struct candidate *candidate)
{
	return candidate->host->kernel.has_build ? crash(candidate, DEFECT_POSSIBLE) : NULL;
}

char *evidence_kernel_untold(const struct candidate *candidate)
{
	return candidate->host->kernel.has_build ? NULL : crash(candidate, DEFECT_POSSIBLE);
}
