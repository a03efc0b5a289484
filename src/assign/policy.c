/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assignment policy: the table of reasons. */
#include <errno.h>

#include "assign/candidate.h"
#include "assign/evidence.h"
#include "assign/policy.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "model/object.h"

#define REFUSE SEVERITY_REFUSE, ERROR_REFUSED, false, false
#define REFUSE_BUSY SEVERITY_REFUSE, ERROR_BUSY, false, false
#define REFUSE_UNLESS_FORCED SEVERITY_REFUSE, ERROR_REFUSED, true, false
#define WARN SEVERITY_WARN, 0, false, false
#define WARN_OR_REFUSE_IF_STRICT SEVERITY_WARN, ERROR_REFUSED, false, true
#define INFO SEVERITY_INFO, 0, false, false

/* bind stops at the first that refuses; check shows them all. */
const struct reason reasons[] = {
	{ "not-a-dprc", REFUSE, evidence_not_a_dprc, "only a whole DPRC can be assigned",
	  "name the DPRC it is in" },
	{ "root-dprc", REFUSE, evidence_root_dprc, "Linux manages the MC through the root DPRC",
	  "make a child DPRC (restool dprc create) and assign that" },
	{ "aiop-container", REFUSE, evidence_aiop, "it belongs to the AIOP core",
	  "use another DPRC" },
	{ "in-use", REFUSE_BUSY, evidence_in_use, "its VFIO group is in use",
	  "stop that program first" },
	{ "driver-missing", REFUSE, evidence_driver_missing, "the driver vfio-fsl-mc is not there",
	  "modprobe vfio-fsl-mc, or a kernel with CONFIG_VFIO_FSL_MC" },
	{ "autoprobe-off", REFUSE, evidence_autoprobe_off,
	  "the kernel would not bind the objects of the container",
	  "echo 1 > /sys/bus/fsl-mc/drivers_autoprobe" },
	{ "no-iommu-group", REFUSE, evidence_no_group,
	  "no IOMMU group, so nothing isolates its DMA, and some kernels crash on the bind",
	  "see that the SMMU is enabled and the iommu-map of the MC's device tree node covers its "
	  "ICID" },
	{ "noiommu-group", REFUSE, evidence_noiommu_group,
	  "its group is one of VFIO's no-IOMMU mode, which isolates nothing",
	  "boot with the SMMU enabled and vfio.enable_unsafe_noiommu_mode=0" },
	{ "group-shared", REFUSE, evidence_group_shared,
	  "its IOMMU group has members outside the container",
	  "give the container an ICID of its own (restool dprc create takes one from the pool)" },
	{ "icid-shared", REFUSE, evidence_icid_shared,
	  "another DPRC has the same ICID, so it shares its isolation",
	  "give the container an ICID of its own (restool dprc create takes one from the pool)" },
	{ "netdev-in-use", REFUSE_UNLESS_FORCED, evidence_netdev_in_use,
	  "it carries network interfaces that are in use",
	  "set them down and take their addresses, or --force" },
	{ "outside-consumer", REFUSE_UNLESS_FORCED, evidence_outside_consumer,
	  "objects outside the container depend on it", "unbind those first, or --force" },
	{ "contents-changeable", WARN_OR_REFUSE_IF_STRICT, evidence_contents_changeable,
	  "who gets it can change what it contains or is connected to",
	  "make the DPRC without these options" },
	{ "privileged-dma", WARN, evidence_privileged_dma,
	  "its DMA may be privileged and pass the SMMU by", "make the DPRC without this option" },
	{ "nested-dprc", WARN, evidence_nested,
	  "DPRCs inside it have IOMMU groups of their own, which go with it",
	  "hand those groups over, too" },
	{ "unplugged", WARN, evidence_unplugged,
	  "it is unplugged in the MC, so no host driver will take it back",
	  "plug it: restool dprc assign PARENT --object=NAME --plugged=1" },
	{ "objects-missing", WARN, evidence_objects_missing,
	  "the MC lists objects that Linux lacks",
	  "fslmc-vfio rebind, if it is bound to VFIO; else a rescan" },
	{ "endpoint-outside", WARN, evidence_endpoint_outside, "a peer of it stays behind",
	  "see that whoever has the peer expects that" },
	{ "irq-pool-exceeded", WARN, evidence_irq_pool,
	  "more interrupts than the 256 a container can have at a time",
	  "use fewer of them at once" },
	{ "type1-missing", WARN, evidence_type1_missing,
	  "nothing for VFIO to program the IOMMU with", "modprobe vfio_iommu_type1" },
	{ "iommu-passthrough", WARN, evidence_passthrough,
	  "its group's default domain is identity: until a program attaches it, its DMA goes "
	  "untranslated",
	  "boot without iommu.passthrough=1" },
};
const size_t n_reasons = ARRAY_SIZE(reasons);

enum severity reason_severity(const struct reason *reason, const struct policy *policy)
{
	if (reason->yields_to_force && policy->force)
		return SEVERITY_WARN;
	if (reason->refuses_if_strict && policy->strict)
		return SEVERITY_REFUSE;
	return reason->severity;
}

const char *severity_name(enum severity severity)
{
	static const char *const names[] = {
		[SEVERITY_REFUSE] = "refuse",
		[SEVERITY_WARN] = "warn",
		[SEVERITY_INFO] = "info",
	};

	return names[severity];
}

int policy_refuse(const struct policy *policy, const struct candidate *candidate)
{
	for (size_t i = 0; i < n_reasons; i++) {
		const struct reason *reason = &reasons[i];
		_cleanup_free_ char *evidence = NULL;

		if (reason_severity(reason, policy) != SEVERITY_REFUSE)
			continue;
		evidence = reason->evidence(candidate);
		if (!evidence)
			continue;
		return fail(-reason->error, name_text(&candidate->object->name).text,
			    "%s: %s%s%s; %s", reason->code, reason->text, *evidence ? ": " : "",
			    evidence, reason->remedy);
	}
	return 0;
}
