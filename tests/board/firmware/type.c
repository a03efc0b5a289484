/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The object types.  Module numbers: drivers/bus/fsl-mc (OPEN commands) and restool's mc_v10
 * headers. Versions of dpbp, dpcon, dpio, dpmac, dpmcp, dpni, dprtc and dpseci: MC 10.39.0 on an
 * LX2160A (dpaa2-controlplane, reference-environment.md); the others are not documented for it and
 * only have to be new enough for Linux.
 * Interrupts: DP*_MAX_IRQ_NUM and DP*_IRQ_INDEX_* of the kernel and restool headers; types whose
 * API has interrupt functions but no count (dpbp, dpcon, dpseci, dpdmai, dpdcei) are taken to have
 * one.
 */
#include <string.h>

#include "type.h"

static const struct object_type types[N_OBJECT_TYPES] = {
	{ "dpni", 0x01, PORTAL_NONE, 1, 0, 1, 8, 5 },
	{ "dpsw", 0x02, PORTAL_NONE, 2, 0, 8, 8, 12 },
	{ "dpio", 0x03, PORTAL_QBMAN, 1, 3, 0, 4, 3 },
	{ "dpbp", 0x04, PORTAL_NONE, 1, 0, 0, 3, 4 },
	{ "dprc", 0x05, PORTAL_MC, 1, 1, 0, 6, 7 },
	{ "dpdmux", 0x06, PORTAL_NONE, 2, 0, 8, 6, 10 },
	{ "dpci", 0x07, PORTAL_NONE, 1, 0, 1, 3, 5 },
	{ "dpcon", 0x08, PORTAL_NONE, 1, 0, 0, 3, 3 },
	{ "dpseci", 0x09, PORTAL_NONE, 1, 0, 0, 5, 4 },
	{ "dpaiop", 0x0a, PORTAL_NONE, 1, 0, 0, 2, 2 },
	{ "dpmcp", 0x0b, PORTAL_MC, 1, 1, 0, 4, 1 },
	{ "dpmac", 0x0c, PORTAL_NONE, 1, 0, 1, 4, 10 },
	{ "dpdcei", 0x0d, PORTAL_NONE, 1, 0, 0, 2, 3 },
	{ "dpdmai", 0x0e, PORTAL_NONE, 1, 0, 0, 3, 4 },
	{ "dpdbg", 0x0f, PORTAL_NONE, 0, 0, 0, 1, 2 },
	{ "dprtc", 0x10, PORTAL_NONE, 1, 0, 0, 2, 3 },
};

int type_by_name(const char *name)
{
	for (int i = 0; i < N_OBJECT_TYPES; i++)
		if (strcmp(types[i].name, name) == 0)
			return i;
	return -1;
}

int type_by_module(uint8_t module)
{
	for (int i = 0; i < N_OBJECT_TYPES; i++)
		if (types[i].module == module)
			return i;
	return -1;
}

void type_defaults(struct object_type ret_types[N_OBJECT_TYPES])
{
	memcpy(ret_types, types, sizeof(types));
}
