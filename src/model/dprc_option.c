/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a DPRC by name. */
#include "model/dprc_option.h"
#include "base/util.h"
#include "kernel/mc.h"

const struct dprc_option dprc_options[] = {
	{ MC_DPRC_SPAWN, "SPAWN_ALLOWED" },
	{ MC_DPRC_ALLOC, "ALLOC_ALLOWED" },
	{ MC_DPRC_OBJ_CREATE, "OBJ_CREATE_ALLOWED" },
	{ MC_DPRC_TOPOLOGY_CHANGES, "TOPOLOGY_CHANGES_ALLOWED" },
	{ MC_DPRC_AIOP, "AIOP" },
	{ MC_DPRC_IRQ_CFG, "IRQ_CFG_ALLOWED" },
	{ MC_DPRC_PL, "PL_ALLOWED" },
};
const size_t n_dprc_options = ARRAY_SIZE(dprc_options);
