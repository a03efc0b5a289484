/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assignment policy: the table of rules. */
#include "rules/policy.h"
#include <errno.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "model/object.h"
#include "rules/candidate.h"
#include "rules/evidence.h"
#include "rules/hints.h"
#include "rules/kernel_defects.h"
#include "rules/needs.h"

#define DPDK (CONSUMER_DPDK | CONSUMER_VPP)
#define MAKE_MORE "make one with enough: 'fslmc-vfio create' with the same --for and --lcores"
#define OWN_ICID "make a DPRC with an ICID of its own, as 'fslmc-vfio create' does"
#define CRYPTO_TEXT "the host's crypto driver dpaa2_caam supports one DPSECI only"

/* bind refuses with the error of the first that refuses. */
const struct rule rules[] = {
	{ "root-missing", WEIGH_NOTHING, evidence_root_missing, "the bus has no root DPRC",
	  "see why fsl_mc_bus failed in the kernel's log", .host = WEIGH_REFUSE },
	{ "not-a-dprc", REFUSE_AND_STOP, evidence_not_a_dprc, "only a whole DPRC can be assigned",
	  "name the DPRC it is in" },
	{ "root-unbound", REFUSE_AND_STOP, evidence_root_unbound,
	  "the root DPRC is not bound to fsl_mc_dprc, so Linux does not manage the MC", NULL,
	  .host = WEIGH_REFUSE, .advise = advise_root_unbound, .applies_when_bound = true,
	  .destroy = REFUSE_AND_STOP },
	{ "root-dprc", REFUSE_AND_STOP, evidence_root_dprc,
	  "Linux manages the MC through the root DPRC",
	  "make a child DPRC ('fslmc-vfio create') and assign that" },
	{ "aiop-container", WEIGH_REFUSE, evidence_aiop, "belongs to the AIOP core",
	  "use another DPRC", .applies_when_bound = true, .applies_to_options = true },
	{ "in-use", WEIGH_REFUSE_BUSY, evidence_in_use, "in use through VFIO",
	  "stop that program" },
	{ "nested-assigned", WEIGH_REFUSE, evidence_nested_assigned,
	  "a DPRC inside it is bound to vfio-fsl-mc on its own",
	  "'fslmc-vfio unbind' that one first" },
	{ "unbind-unfinished", WEIGH_REFUSE_BUSY, evidence_unbind_unfinished,
	  "unbind in progress or hung: no driver bound, but child objects remain",
	  "stop what still has one of them open", .destroy = WEIGH_REFUSE_BUSY },
	{ "driver-missing", WEIGH_REFUSE, evidence_driver_missing,
	  "the driver vfio-fsl-mc is missing", NULL, .host = WEIGH_REFUSE,
	  .advise = advise_driver_missing },
	{ KERNEL_DEFECT, FORCEABLE, evidence_kernel_crashes, "a bind crashes this kernel", NULL,
	  .host = WEIGH_REFUSE, .advise = advise_kernel },
	{ KERNEL_DEFECT, WEIGH_WARN, evidence_kernel_may_crash,
	  "a bind may crash this kernel, unless its vendor fixed that", NULL, .host = WEIGH_WARN,
	  .advise = advise_kernel },
	{ KERNEL_DEFECT, WEIGH_INFO, evidence_kernel_untold,
	  "a bind may crash this kernel; there is no /proc/version to tell", NULL,
	  .host = WEIGH_INFO, .advise = advise_kernel },
	{ "autoprobe-off", WEIGH_REFUSE, evidence_autoprobe_off,
	  "the kernel would not bind the objects of the container",
	  "echo 1 > /sys/bus/fsl-mc/drivers_autoprobe", .host = WEIGH_REFUSE,
	  .spares_bound = true },
	{ "no-iommu-group", WEIGH_REFUSE, evidence_no_group,
	  "no IOMMU group, so nothing isolates its DMA, and some kernels crash on the bind", NULL,
	  .host = WEIGH_REFUSE, .advise = advise_no_group },
	{ "smmu-not-coherent", WEIGH_REFUSE, evidence_smmu_not_coherent,
	  "SMMU is not cache coherent; VFIO requires coherent DMA", NULL, .host = WEIGH_REFUSE,
	  .advise = advise_smmu_not_coherent, .spares_bound = true },
	{ "noiommu-group", WEIGH_REFUSE, evidence_noiommu_group,
	  "its IOMMU group is of VFIO's no-IOMMU mode, which isolates nothing",
	  "boot with the SMMU enabled and without vfio.enable_unsafe_noiommu_mode",
	  .applies_when_bound = true },
	{ "group-split", WEIGH_REFUSE, evidence_group_split,
	  "objects are not in the IOMMU group of their DPRC, so they cannot all be bound",
	  "use the SMMU of the SoC with the driver arm-smmu, which gives a stream ID one group",
	  .applies_when_bound = true, .host = WEIGH_REFUSE },
	{ "group-shared", WEIGH_REFUSE, evidence_group_shared,
	  "its IOMMU group has, or may have, members outside the container", OWN_ICID,
	  .applies_when_bound = true, .advise = hint_group_shared },
	{ "icid-shared", WEIGH_REFUSE, evidence_icid_shared,
	  "another DPRC has, or may have, the same ICID, and so shares its isolation", OWN_ICID,
	  .applies_when_bound = true, .advise = hint_icid_shared },
	{ "netdev-in-use", FORCEABLE, evidence_netdev_in_use,
	  "contains network interfaces that are in use", NULL, .advise = hint_netdev_in_use,
	  .destroy = WEIGH_REFUSE },
	{ "outside-netdev", FORCEABLE, evidence_outside_netdev,
	  "network interfaces of the host that are in use go through a switch in it", NULL,
	  .applies_when_bound = true, .spares_rebind = true, .advise = hint_outside_netdev,
	  .destroy = WEIGH_REFUSE },
	{ "host-crypto", FORCEABLE, evidence_host_crypto, CRYPTO_TEXT, NULL,
	  .advise = hint_host_crypto, .destroy = WEIGH_REFUSE },
	{ "host-crypto", WEIGH_NOTHING, evidence_host_crypto_at_unbind, CRYPTO_TEXT, NULL,
	  .unbind = FORCEABLE, .advise = hint_host_crypto_at_unbind },
	{ "outside-consumer", FORCEABLE, evidence_outside_consumer,
	  "objects outside the container depend on it and would lose their driver", NULL,
	  .advise = hint_outside_consumer, .destroy = WEIGH_REFUSE },
	{ "objects-unbound", WEIGH_REFUSE, evidence_objects_unbound,
	  "bound to vfio-fsl-mc, but objects in it are not", "'fslmc-vfio rebind'",
	  .applies_when_bound = true, .spares_rebind = true },
	{ "objects-missing", WEIGH_WARN, evidence_objects_missing,
	  "the MC lists objects that Linux does not have", NULL, .applies_when_bound = true,
	  .spares_rebind = true, .find_weight = weight_if_bound, .advise = hint_objects_missing },
	{ "objects-missing", WEIGH_NOTHING, evidence_unseen_dprcs,
	  "the MC has DPRCs that Linux has not scanned", "echo 1 > /sys/bus/fsl-mc/rescan",
	  .host = WEIGH_WARN },
	{ "objects-gone", WEIGH_REFUSE, evidence_objects_gone,
	  "Linux has objects that the MC no longer has in it", "'fslmc-vfio rebind'",
	  .applies_when_bound = true, .spares_rebind = true },
	{ "mc-unknown", WEIGH_WARN_UNLESS_STRICT, evidence_mc_unknown,
	  "MC data incomplete; ICID, options, contents and connections not fully checked", NULL,
	  .applies_when_bound = true, .host = WEIGH_WARN, .advise = hint_mc_unknown },
	{ "contents-changeable", WEIGH_WARN_UNLESS_STRICT, evidence_contents_changeable,
	  "its user can change its contents or connections", NULL, .applies_when_bound = true,
	  .applies_to_options = true, .find_weight = weight_contents_changeable,
	  .advise = hint_contents_changeable },
	{ "lock-unsupported", WEIGH_REFUSE, evidence_lock_unsupported,
	  "--lock: this MC firmware is not known to be able to lock a DPRC",
	  "leave out the lock, for the options of the DPRC decide, or update the firmware to 10.20 "
	  "or newer",
	  .applies_when_bound = true, .spares_rebind = true, .applies_to_new = true,
	  .advise = hint_lock_unsupported },
	{ "privileged-dma", WEIGH_WARN_UNLESS_STRICT, evidence_privileged_dma,
	  "its DMA may be marked privileged", "make a DPRC without this option",
	  .applies_when_bound = true, .applies_to_options = true },
	{ "irq-cfg-denied", WEIGH_WARN, evidence_irq_cfg_denied,
	  "the MC lets its user configure no interrupts, so none will arrive",
	  "poll, or make a DPRC with the option IRQ_CFG_ALLOWED" },
	{ "nested-dprc", WEIGH_WARN, evidence_nested,
	  "DPRCs inside it have IOMMU groups of their own, which are assigned with it", NULL,
	  .advise = hint_nested },
	{ "endpoint-outside", WEIGH_WARN, evidence_endpoint_outside,
	  "an object is connected to an endpoint outside the DPRC", "make sure this is intended" },
	{ "irq-pool-exceeded", WEIGH_WARN, evidence_irq_pool,
	  "more interrupts than the 256 a container can have at a time",
	  "use fewer of them at once" },
	{ "no-msi", WEIGH_WARN, evidence_no_msi,
	  "no interrupt controller, so no interrupts, and since Linux 6.3 no DMA mapping without "
	  "allow_unsafe_interrupts",
	  NULL, .host = WEIGH_WARN, .advise = advise_no_msi },
	{ "type1-missing", WEIGH_WARN, evidence_type1_missing,
	  "no VFIO IOMMU backend (vfio_iommu_type1 or iommufd), so no DMA can be mapped", NULL,
	  .host = WEIGH_REFUSE, .advise = advise_type1_missing },
	{ "iommu-passthrough", WEIGH_WARN, evidence_passthrough,
	  "DMA is not translated until a program attaches the container (identity domain)", NULL,
	  .host = WEIGH_WARN, .advise = advise_passthrough },
	{ "unplugged", WEIGH_INFO, evidence_unplugged,
	  "unplugged in the MC: no host driver is bound to it after an unbind",
	  "nothing needs to be done to bind and unbind it" },
	{ "holders-unknown", WEIGH_INFO, evidence_holders_unknown,
	  "possibly in use: not every process can be examined, or one has a device of a DPRC open "
	  "and the kernel does not report which",
	  "check as root and outside any container; stop other programs that use VFIO" },
	{ "assigned", WEIGH_INFO, evidence_assigned, "already bound to vfio-fsl-mc",
	  "bind has nothing to do; 'fslmc-vfio rebind' refreshes it" },
	/* For a program; see needs.c. */
	{ "dpmcp-too-few", WEIGH_REFUSE, need_dpmcps, "each process takes a DPMCP", MAKE_MORE,
	  .consumers = DPDK },
	{ "dpmcp-too-few", WEIGH_REFUSE, need_dpmcps,
	  "a guest talks to the MC through a DPMCP, for the DPRC's own portal refuses it",
	  MAKE_MORE, .consumers = CONSUMER_QEMU },
	{ "dpmcp-too-few", WEIGH_WARN, want_dpmcps,
	  "a Linux guest keeps a DPMCP for each DPIO, DPNI and DPSECI", MAKE_MORE,
	  .consumers = CONSUMER_QEMU },
	{ "dpio-too-few", WEIGH_REFUSE, need_dpios,
	  "each thread takes a DPIO, and one more if it receives (the main one of several does "
	  "not); a lone process leaves one out",
	  MAKE_MORE, .consumers = DPDK },
	{ "dpio-too-few", WEIGH_WARN, want_dpios, "a Linux guest wants a DPIO for each CPU",
	  MAKE_MORE, .consumers = CONSUMER_QEMU },
	{ "dpbp-too-few", WEIGH_REFUSE, need_dpbps, "each mempool takes a DPBP", MAKE_MORE,
	  .consumers = DPDK },
	{ "dpbp-too-few", WEIGH_REFUSE, need_dpbps, "each interface of a Linux guest takes a DPBP",
	  MAKE_MORE, .consumers = CONSUMER_QEMU },
	{ "dpcon-too-few", WEIGH_REFUSE, need_dpcons,
	  "each interface of a Linux guest takes a DPCON", MAKE_MORE, .consumers = CONSUMER_QEMU },
	{ "dpcon-too-few", WEIGH_WARN, want_dpcons,
	  "each interface of a Linux guest takes a DPCON for each CPU it has a queue for",
	  MAKE_MORE, .consumers = CONSUMER_QEMU },
	{ "mc-too-old", WEIGH_WARN, evidence_mc_old,
	  "the newest DPDK requires a newer MC firmware; an older DPDK may accept this one",
	  "compare MC_VER_MINOR of your DPDK, or update the firmware", .consumers = DPDK,
	  .host = WEIGH_WARN },
	{ "groups-missing", WEIGH_REFUSE, need_groups,
	  "the program opens the files of VFIO groups, which this kernel does not have",
	  "use a kernel with CONFIG_VFIO_GROUP", .consumers = DPDK | CONSUMER_QEMU,
	  .applies_to_new = true },
	{ NEEDS_UNKNOWN, WEIGH_WARN, need_unknown, "contents unknown; requirements not checked",
	  "run as root, where the MC can be queried, or bind it to a driver",
	  .consumers = DPDK | CONSUMER_QEMU },
	/* About the host; see evidence_host.c. */
	{ "iommu-unfit", WEIGH_NOTHING, evidence_iommu_unfit,
	  "this IOMMU gives a DPRC and its objects no common group, so they cannot all be bound",
	  "use the SMMU of the SoC with the driver arm-smmu", .host = WEIGH_WARN },
	{ "noiommu-mode", WEIGH_NOTHING, evidence_noiommu_mode,
	  "no-IOMMU mode of VFIO is on, which isolates nothing",
	  "echo N > /sys/module/vfio/parameters/enable_unsafe_noiommu_mode", .host = WEIGH_WARN },
	{ "unsafe-interrupts", WEIGH_NOTHING, evidence_unsafe_interrupts_needed,
	  "VFIO accepts devices that can send any interrupt",
	  "give containers only to programs you trust", .host = WEIGH_INFO },
	{ "unsafe-interrupts", WEIGH_NOTHING, evidence_unsafe_interrupts,
	  "VFIO accepts devices that can send any interrupt",
	  "turn allow_unsafe_interrupts of vfio_iommu_type1 or iommufd off", .host = WEIGH_WARN },
	{ "nothing-to-assign", WEIGH_NOTHING, evidence_nothing_to_assign,
	  "there is no DPRC besides the root", "make one: 'fslmc-vfio create'",
	  .host = WEIGH_WARN },
	{ "memlock-low", WEIGH_NOTHING, evidence_memlock_low,
	  "programs may lock too little memory to map it for DMA",
	  "raise memlock in /etc/security/limits.d, LimitMEMLOCK= of the service, or --ulimit "
	  "memlock of the container",
	  .host = WEIGH_WARN },
	{ "no-access", WEIGH_NOTHING, evidence_no_access,
	  "that user cannot open device nodes of VFIO",
	  "'fslmc-vfio bind --owner' gives away those of a DPRC; /dev/vfio/vfio is usually open to "
	  "all, and a container must be given them",
	  .host = WEIGH_WARN },
	{ "no-access", WEIGH_NOTHING, evidence_access_unknown,
	  "cannot tell whether that user can open device nodes of VFIO",
	  "run as root or as that user", .host = WEIGH_INFO },
	{ "memlock-unknown", WEIGH_NOTHING, evidence_memlock_unknown,
	  "no process of that user runs that could show how much it may lock",
	  "log in as that user and run doctor again", .host = WEIGH_INFO },
	{ "no-huge-pages", WEIGH_NOTHING, evidence_no_huge_pages,
	  "no huge pages are reserved; DPDK and VPP allocate their memory from them",
	  "echo 512 > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", .host = WEIGH_INFO },
	{ "page-size", WEIGH_NOTHING, evidence_page_size,
	  "pages are not 4 KiB, so regions that are not multiples of a page cannot be mapped",
	  "'fslmc-vfio probe' shows which can be mapped", .host = WEIGH_INFO },
};
const size_t n_rules = ARRAY_SIZE(rules);

bool rule_is_of(const struct rule *rule, enum rule_scope scope)
{
	switch (scope) {
	case RULES_OF_HOST:
		return rule->host;
	case RULES_OF_NEW:
		return rule->weight && (rule->host || rule->applies_to_new);
	case RULES_OF_OPTIONS:
		return rule->applies_to_options;
	case RULES_OF_NEEDS:
		return rule->consumers;
	case RULES_OF_ASSIGNED:
		return rule->weight && !rule->consumers && rule->applies_when_bound;
	case RULES_OF_BOUND:
		return rule->weight && !rule->consumers && !rule->spares_bound;
	case RULES_OF_REBIND:
		return rule->weight && !rule->consumers && !rule->spares_rebind;
	case RULES_OF_UNBIND:
		return rule->unbind;
	case RULES_OF_DESTROY:
		return rule->destroy;
	default:
		return rule->weight && !rule->consumers;
	}
}

bool policy_code_is_forceable(const char *code)
{
	for (size_t i = 0; i < n_rules; i++)
		if (rules[i].weight == FORCEABLE && streq(rules[i].code, code))
			return true;
	return false;
}

static enum severity severity_of(const struct policy *policy, const char *code, enum weight weight)
{
	switch (weight) {
	case FORCEABLE:
		return policy->force || (policy->allowed && strings_has(policy->allowed, code))
			       ? SEVERITY_WARN
			       : SEVERITY_REFUSE;
	case WEIGH_WARN_UNLESS_STRICT:
		return policy->strict ? SEVERITY_REFUSE : SEVERITY_WARN;
	case WEIGH_WARN:
		return SEVERITY_WARN;
	case WEIGH_INFO_UNLESS_STRICT:
		return policy->strict ? SEVERITY_REFUSE : SEVERITY_INFO;
	case WEIGH_INFO:
		return SEVERITY_INFO;
	default:
		return SEVERITY_REFUSE;
	}
}

static void add_finding(const struct policy *policy, const struct candidate *candidate,
			const struct rule *rule, enum weight weight, struct findings *findings)
{
	char *evidence = rule->evidence(candidate), *remedy;

	if (!evidence)
		return;
	remedy = rule->advise ? rule->advise(candidate) : NULL;
	if (candidate->object && rule->find_weight)
		weight = rule->find_weight(candidate);
	findings_add(findings,
		     &(struct finding){
			     .code = rule->code,
			     .severity = severity_of(policy, rule->code, weight),
			     .error = weight == WEIGH_REFUSE_BUSY ? ERROR_BUSY : ERROR_REFUSED,
			     .text = rule->text,
			     .evidence = evidence,
			     .remedy = remedy ? remedy : xstrdup(rule->remedy),
			     .is_need = rule->consumers,
		     });
}

static bool is_asked(const struct rule *rule, enum rule_scope scope, enum consumer consumer)
{
	return rule_is_of(rule, scope) &&
	       (!rule->consumers || scope == RULES_OF_HOST || (rule->consumers & consumer));
}

static enum weight weight_in(const struct rule *rule, enum rule_scope scope)
{
	if (scope == RULES_OF_HOST)
		return rule->host;
	if (scope == RULES_OF_DESTROY)
		return rule->destroy;
	return scope == RULES_OF_UNBIND ? rule->unbind : rule->weight;
}

void policy_find(const struct policy *policy, const struct candidate *candidate,
		 enum rule_scope scope, struct findings *findings)
{
	struct candidate asked = *candidate;

	asked.gets_lock = policy->lock;
	asked.permission = policy->permission;
	for (size_t i = 0; i < n_rules; i++) {
		const struct rule *rule = &rules[i];
		const enum weight weight = weight_in(rule, scope);

		if (!is_asked(rule, scope, candidate->workload.consumer) ||
		    findings_have(findings, rule->code))
			continue;
		add_finding(policy, &asked, rule, weight, findings);
		if (weight == REFUSE_AND_STOP && findings_have(findings, rule->code))
			return;
	}
	if (scope == RULES_OF_HOST)
		kernel_defects_find(candidate->host, findings);
}

int policy_refuse(const struct policy *policy, const struct candidate *candidate,
		  enum rule_scope scope)
{
	_cleanup_findings_ struct findings findings = { 0 };

	policy_find(policy, candidate, scope, &findings);
	return findings_refuse(&findings,
			       candidate->object ? name_text(&candidate->object->name).text : NULL);
}
