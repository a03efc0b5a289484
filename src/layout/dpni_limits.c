/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a DPNI can have. */
#include "layout/dpni_limits.h"
#include "base/util.h"

/*
 * Of one SoC the newest first.  Queues: restool, dpni create, and MC 10.29.1 in qoriq-mc-binary's
 * CHANGELOG.  TCs: NXP's dynamic_dpl.sh; firmware before 10.17 could hang on more.
 */
static const struct dpni_limits limits[] = {
	{ SOC_LX2160A, { 0, 0, 0 }, 32, 16 }, { SOC_LS2088A, { 10, 29, 1 }, 16, 8 },
	{ SOC_LS2088A, { 0, 0, 0 }, 8, 8 },   { SOC_LS1088A, { 10, 29, 1 }, 16, 8 },
	{ SOC_LS1088A, { 0, 0, 0 }, 8, 8 },   { SOC_UNKNOWN, { 10, 29, 1 }, 16, 8 },
	{ SOC_UNKNOWN, { 0, 0, 0 }, 8, 8 },
};

/* DPNI_OPT_... of fsl_dpni.h and the version of its API that has it, by the MC that brought it. */
const struct dpni_option_name dpni_options[] = {
	{ "TX_FRM_RELEASE", 0x1, { 0 }, SOC_UNKNOWN },
	{ "NO_MAC_FILTER", 0x2, { 0 }, SOC_UNKNOWN },
	{ "HAS_POLICING", 0x4, { 0 }, SOC_UNKNOWN },
	{ "SHARED_CONGESTION", 0x8, { 0 }, SOC_UNKNOWN },
	{ "HAS_KEY_MASKING", DPNI_HAS_KEY_MASKING, { 0 }, SOC_LS1088A },
	{ "NO_FS", 0x20, { 0 }, SOC_UNKNOWN },
	{ "HAS_OPR", 0x40, { 0 }, SOC_UNKNOWN },
	{ "OPR_PER_TC", 0x80, { 0 }, SOC_UNKNOWN },
	{ "SINGLE_SENDER", DPNI_SINGLE_SENDER, { 10, 5, 0 }, SOC_UNKNOWN },
	{ "CUSTOM_CG", DPNI_CUSTOM_CG, { 10, 14, 0 }, SOC_UNKNOWN },
	{ "CUSTOM_OPR", DPNI_CUSTOM_OPR, { 10, 19, 0 }, SOC_UNKNOWN },
	{ "SHARED_HASH_KEY", 0x800, { 10, 23, 0 }, SOC_UNKNOWN },
	{ "SHARED_FS", 0x1000, { 10, 24, 0 }, SOC_UNKNOWN },
	{ "STASHING_DIS", 0x2000, { 10, 32, 0 }, SOC_UNKNOWN },
	{ "HAS_REPLICATION", 0x4000, { 10, 40, 0 }, SOC_UNKNOWN },
};
const size_t n_dpni_options = ARRAY_SIZE(dpni_options);

bool mc_version_is_since(const struct mc_version *version, const struct mc_version *since)
{
	if (version->major != since->major)
		return version->major > since->major;
	if (version->minor != since->minor)
		return version->minor > since->minor;
	return version->revision >= since->revision;
}

const struct dpni_limits *dpni_limits_of(enum soc soc, const struct mc_version *version)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (limits[i].soc == soc && mc_version_is_since(version, &limits[i].since))
			return &limits[i];
	return &limits[ARRAY_SIZE(limits) - 1];
}
