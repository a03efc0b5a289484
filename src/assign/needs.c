/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What programs need to find in a container.
 *
 * dpdk, vpp: DPDK's fslmc bus (drivers/bus/fslmc), which VPP's DPDK plugin uses, too.
 * qemu: the drivers of a Linux guest (drivers/net/ethernet/freescale/dpaa2, drivers/soc/fsl/dpio).
 */
#include "assign/needs.h"
#include <errno.h>

#include "assign/candidate.h"
#include "assign/finding.h"
#include "base/exit_status.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/mc_inventory.h"

#define DPDK (CONSUMER_DPDK | CONSUMER_VPP)
#define QEMU CONSUMER_QEMU

#define DPMCP "dpmcp-too-few"
#define DPIO "dpio-too-few"
#define DPBP "dpbp-too-few"
#define DPCON "dpcon-too-few"
#define MC "mc-too-old"
#define GROUPS "groups-missing"

const char *const need_codes[] = { DPMCP, DPIO, DPBP, DPCON, MC, GROUPS, NEEDS_UNKNOWN };
const size_t n_need_codes = ARRAY_SIZE(need_codes);

static const struct {
	const char *name;
	enum consumer consumer;
} consumers[] = {
	{ "dpdk", CONSUMER_DPDK },
	{ "vpp", CONSUMER_VPP },
	{ "qemu", CONSUMER_QEMU },
};

enum consumer consumer_from_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(consumers); i++)
		if (streq(consumers[i].name, name))
			return consumers[i].consumer;
	return CONSUMER_NONE;
}

const char *consumer_name(enum consumer consumer)
{
	for (size_t i = 0; i < ARRAY_SIZE(consumers); i++)
		if (consumers[i].consumer == consumer)
			return consumers[i].name;
	return NULL;
}

#define UNKNOWN SIZE_MAX

/* How many objects of a type the container has itself. */
static size_t count(const struct candidate *candidate, const char *type)
{
	const struct mc_container *mc = candidate->n_parts ? candidate->parts[0].mc : NULL;
	const struct bus *bus = candidate->bus;
	size_t n = 0;

	if (mc && mc->is_complete) {
		for (size_t i = 0; i < mc->n_objects; i++)
			n += streq(mc->objects[i].name.type, type);
		return n;
	}
	if (!candidate->n_parts || !candidate->object->driver)
		return UNKNOWN;
	for (size_t i = 0; i < bus->n_objects; i++)
		n += bus->objects[i].container == candidate->dprc &&
		     streq(bus->objects[i].name.type, type);
	return n;
}

/*
 * fslmc_vfio_process_group(): every process maps a DPMCP ("No MC Portal device found"), a secondary
 * one that is not the primary's.  NXP's README_multiprocess: one a process.
 */
static size_t dpmcps_of_dpdk(const struct workload *workload,
			     const struct candidate *candidate _unused_)
{
	return workload->processes;
}

/*
 * dpaa2_affine_qbman_swp() and dpaa2_affine_qbman_ethrx_swp(): a thread takes a DPIO, and another
 * one if it receives ("No software portal resource left"); with several threads the main one
 * usually does not receive.  fslmc_vfio_process_group(): a primary process leaves the last DPIO to
 * a secondary one, unless DPIOs are blocked by option, as they have to be to run several.  So 10
 * for VPP's main thread and 4 workers, and 9 for 3 processes of 2 lcores in README_multiprocess.
 */
static size_t dpios_of_dpdk(const struct workload *workload,
			    const struct candidate *candidate _unused_)
{
	const size_t n_receivers = workload->lcores > 1 ? workload->lcores - 1 : 1;
	const size_t n_taken = workload->lcores + n_receivers;

	return workload->processes == 1 ? n_taken + 1 : n_taken * workload->processes;
}

/* rte_hw_mbuf_create_pool(): one a mempool ("DPAA2 pool not available"), made by the primary. */
static size_t dpbps_of_dpdk(const struct workload *workload _unused_,
			    const struct candidate *candidate _unused_)
{
	return 1;
}

static size_t one(const struct workload *workload _unused_,
		  const struct candidate *candidate _unused_)
{
	return 1;
}

/*
 * fsl_mc_portal_allocate() in dpaa2_dpio_probe() (a DPIO beyond the CPUs gives it back),
 * dpaa2_eth_probe() and dpaa2_dpseci_probe().
 */
static size_t dpmcps_of_guest(const struct workload *workload, const struct candidate *candidate)
{
	const size_t n_dpios = count(candidate, "dpio");

	return (n_dpios < workload->lcores ? n_dpios : workload->lcores) +
	       count(candidate, "dpni") + count(candidate, "dpseci");
}

/* dpaa2_eth_setup_default_dpbp(): one an interface, which waits for it for ever. */
static size_t dpnis(const struct workload *workload _unused_, const struct candidate *candidate)
{
	return count(candidate, "dpni");
}

/*
 * dpaa2_eth_setup_dpio(): for each CPU, up to the number of its queues, an interface wants a
 * DPCON of its own and the DPIO of that CPU, and waits for ever if there is none.
 */
static size_t dpios_of_guest(const struct workload *workload, const struct candidate *candidate)
{
	return count(candidate, "dpni") ? workload->lcores : 0;
}

static size_t dpcons_of_guest(const struct workload *workload, const struct candidate *candidate)
{
	return count(candidate, "dpni") * workload->lcores;
}

/* Of two needs of one code, the first that is not met counts. */
static const struct need {
	unsigned int consumers;
	const char *code;
	enum severity severity;
	const char *type;
	size_t (*needed)(const struct workload *workload, const struct candidate *candidate);
	const char *text;
} needs[] = {
	{ DPDK, DPMCP, SEVERITY_REFUSE, "dpmcp", dpmcps_of_dpdk, "each process takes a DPMCP" },
	{ DPDK, DPIO, SEVERITY_REFUSE, "dpio", dpios_of_dpdk,
	  "each thread takes a DPIO, and another one to receive, and a lone process leaves one "
	  "out" },
	{ DPDK, DPBP, SEVERITY_REFUSE, "dpbp", dpbps_of_dpdk, "each mempool takes a DPBP" },
	{ QEMU, DPMCP, SEVERITY_REFUSE, "dpmcp", one,
	  "a guest talks to the MC through a DPMCP, for the DPRC's own portal refuses it" },
	{ QEMU, DPMCP, SEVERITY_WARN, "dpmcp", dpmcps_of_guest,
	  "a Linux guest keeps a DPMCP for each DPIO, DPNI and DPSECI" },
	{ QEMU, DPBP, SEVERITY_REFUSE, "dpbp", dpnis,
	  "each interface of a Linux guest takes a DPBP" },
	{ QEMU, DPIO, SEVERITY_WARN, "dpio", dpios_of_guest,
	  "a Linux guest wants a DPIO for each CPU" },
	{ QEMU, DPCON, SEVERITY_REFUSE, "dpcon", dpnis,
	  "each interface of a Linux guest takes a DPCON" },
	{ QEMU, DPCON, SEVERITY_WARN, "dpcon", dpcons_of_guest,
	  "each interface of a Linux guest takes a DPCON for each CPU it has a queue for" },
};

static void find_shortage(const struct need *need, const struct workload *workload,
			  const struct candidate *candidate, struct findings *findings)
{
	const size_t n = count(candidate, need->type);
	size_t needed;

	if (n == UNKNOWN || findings_have(findings, need->code))
		return;
	needed = need->needed(workload, candidate);
	if (n >= needed)
		return;
	findings_add(findings,
		     &(struct finding){
			     .code = need->code,
			     .severity = need->severity,
			     .error = ERROR_REFUSED,
			     .text = need->text,
			     .evidence = xasprintf("%zu needed, %zu there", needed, n),
			     .remedy = "make more in it (restool, with --container), then "
				       "'fslmc-vfio rebind' if it is with VFIO",
			     .is_need = true,
		     });
}

static size_t n_known_types(const struct workload *workload, const struct candidate *candidate)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(needs); i++)
		n += needs[i].consumers & workload->consumer &&
		     count(candidate, needs[i].type) != UNKNOWN;
	return n;
}

static void add_need(struct findings *findings, const char *code, enum severity severity,
		     const char *text, const char *evidence, const char *remedy)
{
	findings_add(findings, &(struct finding){
				       .code = code,
				       .severity = severity,
				       .error = ERROR_REFUSED,
				       .text = text,
				       .evidence = xstrdup(evidence),
				       .remedy = remedy,
				       .is_need = true,
			       });
}

/* Nothing was compared, so that nothing was found says nothing. */
static void find_unknown(const struct workload *workload, const struct candidate *candidate,
			 struct findings *findings)
{
	if (!workload->consumer || n_known_types(workload, candidate))
		return;
	add_need(findings, NEEDS_UNKNOWN, SEVERITY_WARN,
		 "what it contains is not known, so what is needed was not looked for",
		 "no driver scanned it and the MC was not asked",
		 "be root, where the MC can be asked, or bind it to a driver");
}

/*
 * Of DPDK, fslmc_vfio_setup_group(), and of NXP's QEMU, hw/vfio/fsl_mc.c: both open /dev/vfio/N,
 * and know nothing of the devices' own files and iommufd.
 */
static void find_missing_groups(const struct candidate *candidate, struct findings *findings)
{
	if (candidate->host->has_vfio_groups)
		return;
	add_need(findings, GROUPS, SEVERITY_REFUSE,
		 "it uses VFIO by the files of groups, which this kernel has not", "",
		 "use a kernel with CONFIG_VFIO_GROUP");
}

/* fslmc_process_mcp(); 10.3 in older releases, later 10.32. */
bool dpdk_refuses_firmware(const struct mc_version *version)
{
	return version && (version->major < DPDK_MC_MAJOR ||
			   (version->major == DPDK_MC_MAJOR && version->minor < DPDK_MC_MINOR));
}

static void find_old_firmware(const struct candidate *candidate, struct findings *findings)
{
	const struct mc_version *version = candidate->bus->mc ? &candidate->bus->mc->version : NULL;

	if (!dpdk_refuses_firmware(version))
		return;
	findings_add(
		findings,
		&(struct finding){
			.code = MC,
			.severity = SEVERITY_WARN,
			.text = "the newest DPDK wants a newer MC firmware; an older one may do",
			.evidence = xasprintf("%u.%u.%u, not %d.%d", version->major, version->minor,
					      version->revision, DPDK_MC_MAJOR, DPDK_MC_MINOR),
			.remedy = "compare MC_VER_MINOR of your DPDK, or update the firmware",
			.is_need = true,
		});
}

void needs_find(const struct workload *workload, const struct candidate *candidate,
		struct findings *findings)
{
	const struct workload settled = {
		.consumer = workload->consumer,
		.lcores = workload->lcores ? workload->lcores : 1,
		.processes = workload->processes ? workload->processes : 1,
	};

	for (size_t i = 0; candidate->n_parts && i < ARRAY_SIZE(needs); i++)
		if (needs[i].consumers & workload->consumer)
			find_shortage(&needs[i], &settled, candidate, findings);
	if (candidate->n_parts)
		find_unknown(workload, candidate, findings);
	if (candidate->n_parts && workload->consumer)
		find_missing_groups(candidate, findings);
	if (candidate->n_parts && (workload->consumer & DPDK))
		find_old_firmware(candidate, findings);
}
