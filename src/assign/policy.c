/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assignment policy: the table of reasons. */
#include "assign/policy.h"
#include <errno.h>

#include "assign/candidate.h"
#include "assign/evidence.h"
#include "assign/readiness.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "model/object.h"

#define OWN_ICID "make a DPRC with an ICID of its own (restool dprc create takes one from the pool)"

/* bind refuses with the error of the first that refuses. */
const struct reason reasons[] = {
	{ "not-a-dprc", WEIGH_FINAL, evidence_not_a_dprc, "only a whole DPRC can be assigned",
	  "name the DPRC it is in" },
	{ "root-dprc", WEIGH_FINAL, evidence_root_dprc,
	  "Linux manages the MC through the root DPRC",
	  "make a child DPRC (restool dprc create) and assign that" },
	{ "aiop-container", WEIGH_REFUSE, evidence_aiop, "it belongs to the AIOP core",
	  "use another DPRC", .lasts = true },
	{ "in-use", WEIGH_REFUSE_BUSY, evidence_in_use, "it is in use through VFIO",
	  "stop that program first" },
	{ "nested-assigned", WEIGH_REFUSE, evidence_nested_assigned,
	  "a DPRC in it is with VFIO by itself", "'fslmc-vfio unbind' that one first" },
	{ "unbind-unfinished", WEIGH_REFUSE_BUSY, evidence_unbind_unfinished,
	  "no driver has it, yet its objects are still there: an unbind is at work, or hangs",
	  "stop what still has one of them open" },
	{ "driver-missing", WEIGH_REFUSE, evidence_driver_missing,
	  "the driver vfio-fsl-mc is not there",
	  "modprobe vfio-fsl-mc; where there is no such module, a kernel with CONFIG_VFIO_FSL_MC" },
	{ "autoprobe-off", WEIGH_REFUSE, evidence_autoprobe_off,
	  "the kernel would not bind the objects of the container",
	  "echo 1 > /sys/bus/fsl-mc/drivers_autoprobe" },
	{ "no-iommu-group", WEIGH_REFUSE, evidence_no_group,
	  "no IOMMU group, so nothing isolates its DMA, and some kernels crash on the bind",
	  "see that the SMMU is enabled and the iommu-map of the MC's device tree node covers its "
	  "ICID" },
	{ "smmu-not-coherent", WEIGH_REFUSE, evidence_smmu_not_coherent,
	  "the SMMU is not cache coherent, and VFIO takes no device behind such a one",
	  "use a device tree whose SMMU node has dma-coherent, as Linux's own have" },
	{ "noiommu-group", WEIGH_REFUSE, evidence_noiommu_group,
	  "its group is one of VFIO's no-IOMMU mode, which isolates nothing",
	  "boot with the SMMU enabled and without vfio.enable_unsafe_noiommu_mode", .lasts = true },
	{ "group-split", WEIGH_REFUSE, evidence_group_split,
	  "objects of it are not in its IOMMU group, so they would not come to VFIO with it",
	  "use the SMMU of the SoC, whose driver arm-smmu gives a stream ID one group",
	  .lasts = true },
	{ "group-shared", WEIGH_REFUSE, evidence_group_shared,
	  "its IOMMU group has members outside the container", OWN_ICID, .lasts = true },
	{ "icid-shared", WEIGH_REFUSE, evidence_icid_shared,
	  "another DPRC has the same ICID, so it shares its isolation", OWN_ICID, .lasts = true },
	{ "netdev-in-use", WEIGH_YIELD, evidence_netdev_in_use,
	  "it carries network interfaces that are in use",
	  "set them down and take their addresses, or --force" },
	{ "outside-consumer", WEIGH_YIELD, evidence_outside_consumer,
	  "objects outside the container depend on it and would lose their driver",
	  "unbind those first, or --force" },
	{ "mc-unknown", WEIGH_WARN_UNLESS_STRICT, evidence_mc_unknown,
	  "the MC did not tell all about it, so of ICID, options, contents and peers the rest is "
	  "unchecked",
	  "end what has /dev/dprc.N open, or be root; it takes CONFIG_FSL_MC_UAPI_SUPPORT",
	  .lasts = true },
	{ "contents-changeable", WEIGH_WARN_UNLESS_STRICT, evidence_contents_changeable,
	  "who gets it can change what it contains or is connected to",
	  "make a DPRC without these options", .lasts = true },
	{ "privileged-dma", WEIGH_WARN_UNLESS_STRICT, evidence_privileged_dma,
	  "its DMA may be marked privileged", "make a DPRC without this option", .lasts = true },
	{ "nested-dprc", WEIGH_WARN, evidence_nested,
	  "DPRCs inside it have IOMMU groups of their own, which go with it",
	  "hand those groups over, too" },
	{ "unplugged", WEIGH_WARN, evidence_unplugged,
	  "it is unplugged in the MC, so no host driver will take it back",
	  "none is needed to give it to VFIO and to take it away again" },
	{ "objects-missing", WEIGH_WARN, evidence_objects_missing,
	  "the MC lists objects that Linux lacks",
	  "'fslmc-vfio rebind' if it is with VFIO; if not, bind finds them" },
	{ "objects-gone", WEIGH_WARN, evidence_objects_gone,
	  "Linux has objects that the MC has not in it any more", "'fslmc-vfio rebind'" },
	{ "endpoint-outside", WEIGH_WARN, evidence_endpoint_outside, "a peer of it stays behind",
	  "see that whoever has the peer expects that" },
	{ "irq-pool-exceeded", WEIGH_WARN, evidence_irq_pool,
	  "more interrupts than the 256 a container can have at a time",
	  "use fewer of them at once" },
	{ "no-msi", WEIGH_WARN, evidence_no_msi,
	  "the device tree gives it no interrupt controller, so it has no interrupts, and since "
	  "Linux 6.3 no DMA mapping without allow_unsafe_interrupts",
	  "use a device tree whose MC node has an msi-map that covers its ICID, or msi-parent" },
	{ "type1-missing", WEIGH_WARN, evidence_type1_missing,
	  "VFIO has nothing to program the IOMMU with", REMEDY_NO_BACKEND },
	{ "iommu-passthrough", WEIGH_WARN, evidence_passthrough,
	  "until a program attaches it, its DMA goes untranslated (identity domain)",
	  "boot without iommu.passthrough=1" },
	{ "holders-unknown", WEIGH_INFO, evidence_holders_unknown,
	  "it may be in use: not every process can be looked into, or one has a device of some "
	  "DPRC and the kernel does not say of which",
	  "check as root and outside any container; stop what else uses VFIO" },
	{ "assigned", WEIGH_INFO, evidence_assigned, "it is with VFIO already",
	  "bind has nothing to do; 'fslmc-vfio rebind' refreshes it" },
};
const size_t n_reasons = ARRAY_SIZE(reasons);

static enum severity severity_of(const struct policy *policy, enum weight weight)
{
	switch (weight) {
	case WEIGH_YIELD:
		return policy->force ? SEVERITY_WARN : SEVERITY_REFUSE;
	case WEIGH_WARN_UNLESS_STRICT:
		return policy->strict ? SEVERITY_REFUSE : SEVERITY_WARN;
	case WEIGH_WARN:
		return SEVERITY_WARN;
	case WEIGH_INFO:
		return SEVERITY_INFO;
	default:
		return SEVERITY_REFUSE;
	}
}

static void find(const struct policy *policy, const struct candidate *candidate, bool is_assigned,
		 struct findings *findings)
{
	for (size_t i = 0; i < n_reasons; i++) {
		const struct reason *reason = &reasons[i];
		char *evidence = is_assigned && !reason->lasts ? NULL : reason->evidence(candidate);

		if (!evidence)
			continue;
		findings_add(findings,
			     &(struct finding){
				     .code = reason->code,
				     .severity = severity_of(policy, reason->weight),
				     .error = reason->weight == WEIGH_REFUSE_BUSY ? ERROR_BUSY
										  : ERROR_REFUSED,
				     .text = reason->text,
				     .evidence = evidence,
				     .remedy = reason->remedy,
			     });
		if (reason->weight == WEIGH_FINAL)
			return;
	}
}

void policy_find(const struct policy *policy, const struct candidate *candidate,
		 struct findings *findings)
{
	find(policy, candidate, false, findings);
}

static int refuse(const struct policy *policy, const struct candidate *candidate, bool is_assigned)
{
	_cleanup_findings_ struct findings findings = { 0 };

	find(policy, candidate, is_assigned, &findings);
	return findings_refuse(&findings, name_text(&candidate->object->name).text);
}

int policy_refuse(const struct policy *policy, const struct candidate *candidate)
{
	return refuse(policy, candidate, false);
}

int policy_refuse_assigned(const struct policy *policy, const struct candidate *candidate)
{
	return refuse(policy, candidate, true);
}
