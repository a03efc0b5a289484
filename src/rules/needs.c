/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs need to find in a container, compared with what there is: "check --for". */
#include "rules/needs.h"
#include <errno.h>

#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/mc_inventory.h"
#include "rules/candidate.h"
#include "rules/demand.h"
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

static struct demand demand(const struct candidate *candidate, const char *type)
{
	const struct demand_base base = { count(candidate, "dpni"), count(candidate, "dpio"),
					  count(candidate, "dpseci") };

	return demand_of(&candidate->workload, &base, type);
}

static char *need(const struct candidate *candidate, const char *type)
{
	return shortage(candidate, type, demand(candidate, type).required);
}

static char *want(const struct candidate *candidate, const char *type)
{
	return shortage(candidate, type, demand(candidate, type).wanted);
}

char *need_dpmcps(const struct candidate *candidate) { return need(candidate, "dpmcp"); }
char *want_dpmcps(const struct candidate *candidate) { return want(candidate, "dpmcp"); }
char *need_dpios(const struct candidate *candidate) { return need(candidate, "dpio"); }
char *want_dpios(const struct candidate *candidate) { return want(candidate, "dpio"); }
char *need_dpbps(const struct candidate *candidate) { return need(candidate, "dpbp"); }
char *need_dpcons(const struct candidate *candidate) { return need(candidate, "dpcon"); }
char *want_dpcons(const struct candidate *candidate) { return want(candidate, "dpcon"); }

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
	const bool is_unknown = candidate->object && !candidate->n_parts;

	return is_unknown || candidate->host->has_vfio_groups ? NULL : xstrdup("");
}

/*
 * fslmc_process_mcp() of DPDK of 2026 gives up on older MC firmware: MC_VER_MAJOR and MC_VER_MINOR
 * of its drivers/bus/fslmc/mc/fsl_dpmng.h; 10.3 in older releases, later 10.32.
 */
#define DPDK_MC_MAJOR 10
#define DPDK_MC_MINOR 39

char *evidence_mc_old(const struct candidate *candidate)
{
	const struct mc_version *version = candidate->bus->mc ? &candidate->bus->mc->version : NULL;

	if (!version || version->major > DPDK_MC_MAJOR ||
	    (version->major == DPDK_MC_MAJOR && version->minor >= DPDK_MC_MINOR))
		return NULL;
	return xasprintf("%u.%u.%u, not %d.%d", version->major, version->minor, version->revision,
			 DPDK_MC_MAJOR, DPDK_MC_MINOR);
}
