/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An object of the fsl-mc bus. */
#include <stddef.h>

#include "base/util.h"
#include "model/object.h"

bool object_type_is_known(const char *type)
{
	static const char *const types[] = {
		"dprc",	 "dpni",   "dpio",   "dpsw",   "dpbp",	 "dpcon", "dpmcp",  "dpmac",
		"dprtc", "dpseci", "dpdmux", "dpdcei", "dpaiop", "dpci",  "dpdmai", "dpdbg",
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (streq(types[i], type))
			return true;
	return false;
}

bool object_type_is_allocatable(const char *type)
{
	return streq(type, "dpbp") || streq(type, "dpcon") || streq(type, "dpmcp");
}

/* By the drivers' tables of ids; of dpmac, only NXP's own kernels. */
const char *object_host_driver(const char *type)
{
	static const struct {
		const char *type, *driver;
	} drivers[] = {
		{ "dprc", DPRC_DRIVER },	 { "dpbp", "fsl_mc_allocator" },
		{ "dpcon", "fsl_mc_allocator" }, { "dpmcp", "fsl_mc_allocator" },
		{ "dpio", "fsl_mc_dpio" },	 { "dpni", "fsl_dpaa2_eth" },
		{ "dpsw", "fsl_dpaa2_switch" },	 { "dprtc", "fsl_dpaa2_ptp" },
		{ "dpseci", "dpaa2_caam" },	 { "dpdmai", "dpaa2-qdma" },
		{ "dpmac", "fsl_dpaa2_mac" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (streq(drivers[i].type, type))
			return drivers[i].driver;
	return NULL;
}
