/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What programs need to find in a container: the arithmetic behind "check --for".  Each function
 * says where its number comes from.
 *
 * dpdk, vpp: DPDK's fslmc bus (drivers/bus/fslmc), which VPP's DPDK plugin uses, too.
 * qemu: the drivers of a Linux guest (drivers/net/ethernet/freescale/dpaa2, drivers/soc/fsl/dpio).
 */
#include "rules/needs.h"
#include <errno.h>

#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/mc_inventory.h"
#include "rules/candidate.h"
#include "rules/evidence.h"

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

static char *shortage(const struct candidate *candidate, const char *type, size_t required)
{
	const size_t n = count(candidate, type);

	if (n == UNKNOWN || n >= required)
		return NULL;
	return xasprintf("%zu required, %zu available", required, n);
}

static size_t lcores(const struct candidate *candidate)
{
	return candidate->workload.lcores ? candidate->workload.lcores : 1;
}

static size_t processes(const struct candidate *candidate)
{
	const struct workload *workload = &candidate->workload;

	return workload->processes ? workload->processes : 1 + workload->n_others;
}

/*
 * fslmc_vfio_process_group(): every process maps a DPMCP ("No MC Portal device found"), a secondary
 * one that is not the primary's.  NXP's README_multiprocess: one per process.
 */
char *need_dpmcps_of_dpdk(const struct candidate *candidate)
{
	return shortage(candidate, "dpmcp", processes(candidate));
}

/*
 * dpaa2_affine_qbman_swp() and dpaa2_affine_qbman_ethrx_swp(): a thread takes a DPIO, and another
 * one if it receives ("No software portal resource left"); with several threads the main one
 * usually does not receive.  fslmc_vfio_process_group(): a primary process leaves the last DPIO to
 * a secondary one, unless DPIOs are blocked by option, as they have to be to run several.  So 10
 * for VPP's main thread and 4 workers, and 9 for 3 processes of 2 lcores in README_multiprocess.
 */
static size_t dpios_of_process(size_t n_lcores)
{
	return n_lcores + (n_lcores > 1 ? n_lcores - 1 : 1);
}

char *need_dpios_of_dpdk(const struct candidate *candidate)
{
	const struct workload *workload = &candidate->workload;
	size_t n_taken = dpios_of_process(lcores(candidate));

	if (processes(candidate) == 1)
		return shortage(candidate, "dpio", n_taken + 1);
	if (workload->processes)
		n_taken *= workload->processes;
	for (size_t i = 0; i < workload->n_others; i++)
		n_taken += dpios_of_process(workload->others[i]);
	return shortage(candidate, "dpio", n_taken);
}

/* rte_hw_mbuf_create_pool(): one per mempool ("DPAA2 pool not available"), made by the primary. */
char *need_dpbp_of_dpdk(const struct candidate *candidate)
{
	return shortage(candidate, "dpbp", 1);
}

char *need_dpmcp_of_guest(const struct candidate *candidate)
{
	return shortage(candidate, "dpmcp", 1);
}

/*
 * fsl_mc_portal_allocate() in dpaa2_dpio_probe() (a DPIO beyond the CPUs gives it back),
 * dpaa2_eth_probe() and dpaa2_dpseci_probe().
 */
char *need_dpmcps_of_guest(const struct candidate *candidate)
{
	const size_t n_dpios = count(candidate, "dpio");

	return shortage(candidate, "dpmcp",
			(n_dpios < lcores(candidate) ? n_dpios : lcores(candidate)) +
				count(candidate, "dpni") + count(candidate, "dpseci"));
}

/* dpaa2_eth_setup_default_dpbp(): one per interface, which waits for it for ever. */
char *need_dpbps_of_guest(const struct candidate *candidate)
{
	return shortage(candidate, "dpbp", count(candidate, "dpni"));
}

/*
 * dpaa2_eth_setup_dpio(): for each CPU, up to the number of its queues, an interface wants a
 * DPCON of its own and the DPIO of that CPU, and waits for ever if there is none.
 */
char *need_dpios_of_guest(const struct candidate *candidate)
{
	return shortage(candidate, "dpio", count(candidate, "dpni") ? lcores(candidate) : 0);
}

char *need_dpcon_of_guest(const struct candidate *candidate)
{
	return shortage(candidate, "dpcon", count(candidate, "dpni"));
}

char *need_dpcons_of_guest(const struct candidate *candidate)
{
	return shortage(candidate, "dpcon", count(candidate, "dpni") * lcores(candidate));
}

/* Nothing was compared, so that nothing was found says nothing. */
char *need_unknown(const struct candidate *candidate)
{
	return candidate->n_parts && count(candidate, "dpni") == UNKNOWN
		       ? xstrdup("no driver scanned it and the MC was not queried")
		       : NULL;
}

/*
 * Of DPDK, fslmc_vfio_setup_group(), and of NXP's QEMU, hw/vfio/fsl_mc.c: both open /dev/vfio/N,
 * and know nothing of the devices' own files and iommufd.
 */
char *need_groups(const struct candidate *candidate)
{
	return candidate->n_parts && !candidate->host->has_vfio_groups ? xstrdup("") : NULL;
}

/* fslmc_process_mcp(); 10.3 in older releases, later 10.32. */
bool dpdk_refuses_firmware(const struct mc_version *version)
{
	return version && (version->major < DPDK_MC_MAJOR ||
			   (version->major == DPDK_MC_MAJOR && version->minor < DPDK_MC_MINOR));
}

char *evidence_mc_old(const struct candidate *candidate)
{
	const struct mc_version *version = candidate->bus->mc ? &candidate->bus->mc->version : NULL;

	if (!dpdk_refuses_firmware(version))
		return NULL;
	return xasprintf("%u.%u.%u, not %d.%d", version->major, version->minor, version->revision,
			 DPDK_MC_MAJOR, DPDK_MC_MINOR);
}
