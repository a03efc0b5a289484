/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many objects a program needs.  Each function says where its number comes from.
 *
 * dpdk, vpp: DPDK's fslmc bus (drivers/bus/fslmc), which the DPDK plugin of VPP also uses.
 * qemu: the drivers of a Linux guest (drivers/net/ethernet/freescale/dpaa2, drivers/soc/fsl/dpio).
 */
#include "rules/demand.h"
#include "base/util.h"

static size_t lcores(const struct workload *workload)
{
	return workload->lcores ? workload->lcores : 1;
}

static size_t processes(const struct workload *workload) { return 1 + workload->n_others; }

size_t demand_threads(const struct workload *workload)
{
	size_t n = lcores(workload);

	for (size_t i = 0; i < workload->n_others; i++)
		n += workload->others[i];
	return n;
}

/*
 * fslmc_vfio_process_group(): every process maps a DPMCP ("No MC Portal device found"), a secondary
 * one that is not the primary's.  NXP's README_multiprocess: one per process.
 */
static struct demand dpmcps_of_dpdk(const struct workload *workload,
				    const struct demand_base *base _unused_)
{
	return (struct demand){ .required = processes(workload) };
}

static char *why_dpmcps_of_dpdk(const struct workload *workload,
				const struct demand_base *base _unused_)
{
	return processes(workload) == 1 ? xstrdup("for the process")
					: xstrdup("1 for each process");
}

/*
 * dpaa2_affine_qbman_swp() and dpaa2_affine_qbman_ethrx_swp(): a thread takes a DPIO, and another
 * one if it receives ("No software portal resource left"); with several threads the main one
 * usually does not receive.  fslmc_vfio_process_group(): a primary process leaves the last DPIO to
 * a secondary one, unless DPIOs are blocked by option, as they have to be to run several.  So 10
 * for VPP's main thread and 4 workers, and 9 for 3 processes of 2 lcores in README_multiprocess.
 */
static size_t receiving(size_t n_lcores) { return n_lcores > 1 ? n_lcores - 1 : 1; }

static size_t dpios_of_process(size_t n_lcores) { return n_lcores + receiving(n_lcores); }

static struct demand dpios_of_dpdk(const struct workload *workload,
				   const struct demand_base *base _unused_)
{
	size_t n = dpios_of_process(lcores(workload));

	if (processes(workload) == 1)
		return (struct demand){ .required = n + 1 };
	for (size_t i = 0; i < workload->n_others; i++)
		n += dpios_of_process(workload->others[i]);
	return (struct demand){ .required = n };
}

static char *why_dpios_of_dpdk(const struct workload *workload,
			       const struct demand_base *base _unused_)
{
	if (processes(workload) == 1)
		return xasprintf("%zu for threads, %zu for those that receive, 1 that a lone "
				 "process leaves out",
				 lcores(workload), receiving(lcores(workload)));
	return xasprintf("%zu for threads of %zu processes, the others for those that receive",
			 demand_threads(workload), processes(workload));
}

/*
 * rte_hw_mbuf_create_pool(): one per mempool ("DPAA2 pool not available"), made by the primary.
 * How many mempools a program makes is its own affair; one there is always.
 */
static struct demand dpbps_of_dpdk(const struct workload *workload _unused_,
				   const struct demand_base *base _unused_)
{
	return (struct demand){ .required = 1 };
}

static char *why_dpbps_of_dpdk(const struct workload *workload _unused_,
			       const struct demand_base *base _unused_)
{
	return xstrdup("for a mempool");
}

static size_t dpios_in_use(const struct workload *workload, const struct demand_base *base)
{
	return base->n_dpios < lcores(workload) ? base->n_dpios : lcores(workload);
}

/*
 * The guest talks to the MC through one.  fsl_mc_portal_allocate() in dpaa2_dpio_probe() (a DPIO
 * beyond the CPUs gives it back), dpaa2_eth_probe() and dpaa2_dpseci_probe().
 */
static struct demand dpmcps_of_guest(const struct workload *workload,
				     const struct demand_base *base)
{
	return (struct demand){ .required = 1,
				.wanted = dpios_in_use(workload, base) + base->n_dpnis +
					  base->n_dpsecis };
}

static char *why_dpmcps_of_guest(const struct workload *workload, const struct demand_base *base)
{
	return xasprintf("%zu for DPIOs, %zu for DPNIs, %zu for DPSECIs; 1 at least",
			 dpios_in_use(workload, base), base->n_dpnis, base->n_dpsecis);
}

/*
 * dpaa2_eth_setup_dpio(): for each CPU, up to the number of its queues, an interface wants a
 * DPCON of its own and the DPIO of that CPU, and never stops waiting if there is none.
 * dpaa2_dpseci_dpio_setup(): so does a DPSECI want a DPIO of each CPU.
 */
static struct demand dpios_of_guest(const struct workload *workload, const struct demand_base *base)
{
	return (struct demand){ .wanted = base->n_dpnis || base->n_dpsecis ? lcores(workload) : 0 };
}

static char *why_dpios_of_guest(const struct workload *workload _unused_,
				const struct demand_base *base _unused_)
{
	return xstrdup("1 for each CPU");
}

static struct demand dpcons_of_guest(const struct workload *workload,
				     const struct demand_base *base)
{
	return (struct demand){ .required = base->n_dpnis,
				.wanted = base->n_dpnis * lcores(workload) };
}

static char *why_dpcons_of_guest(const struct workload *workload, const struct demand_base *base)
{
	return xasprintf("%zu CPUs, for each of %zu DPNIs", lcores(workload), base->n_dpnis);
}

/* dpaa2_eth_setup_default_dpbp(): one per interface, which never stops waiting for it. */
static struct demand dpbps_of_guest(const struct workload *workload _unused_,
				    const struct demand_base *base)
{
	return (struct demand){ .required = base->n_dpnis };
}

static char *why_dpbps_of_guest(const struct workload *workload _unused_,
				const struct demand_base *base _unused_)
{
	return xstrdup("1 for each DPNI");
}

static const struct {
	unsigned int consumers; /* of enum consumer */
	const char *type;
	struct demand (*find)(const struct workload *workload, const struct demand_base *base);
	char *(*explain)(const struct workload *workload, const struct demand_base *base);
} demands[] = {
	{ CONSUMER_DPDK | CONSUMER_VPP, "dpio", dpios_of_dpdk, why_dpios_of_dpdk },
	{ CONSUMER_DPDK | CONSUMER_VPP, "dpmcp", dpmcps_of_dpdk, why_dpmcps_of_dpdk },
	{ CONSUMER_DPDK | CONSUMER_VPP, "dpbp", dpbps_of_dpdk, why_dpbps_of_dpdk },
	{ CONSUMER_QEMU, "dpio", dpios_of_guest, why_dpios_of_guest },
	{ CONSUMER_QEMU, "dpmcp", dpmcps_of_guest, why_dpmcps_of_guest },
	{ CONSUMER_QEMU, "dpbp", dpbps_of_guest, why_dpbps_of_guest },
	{ CONSUMER_QEMU, "dpcon", dpcons_of_guest, why_dpcons_of_guest },
};

struct demand demand_of(const struct workload *workload, const struct demand_base *base,
			const char *type)
{
	struct demand demand = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(demands); i++)
		if ((demands[i].consumers & workload->consumer) && streq(demands[i].type, type))
			demand = demands[i].find(workload, base);
	if (demand.wanted < demand.required)
		demand.wanted = demand.required;
	return demand;
}

char *demand_reason(const struct workload *workload, const struct demand_base *base,
		    const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(demands); i++)
		if ((demands[i].consumers & workload->consumer) && streq(demands[i].type, type))
			return demands[i].explain(workload, base);
	return xstrdup("");
}
