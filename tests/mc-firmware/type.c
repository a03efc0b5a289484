/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The object types.  Module numbers: drivers/bus/fsl-mc (OPEN commands) and restool's mc_v10
 * headers.  Their versions are those of the firmware's release, see version.c.
 * Interrupts: DP*_MAX_IRQ_NUM and DP*_IRQ_INDEX_* of the kernel and restool headers; types whose
 * API has interrupt functions but no count (dpbp, dpcon, dpseci, dpdmai, dpdcei) are taken to have
 * one.
 */
#include <string.h>

#include "type.h"

static const struct object_type types[N_OBJECT_TYPES] = {
	{ "dpni", 0x01, PORTAL_NONE, 1, 0, 1, 0, 0 },
	{ "dpsw", 0x02, PORTAL_NONE, 2, 0, 8, 0, 0 },
	{ "dpio", 0x03, PORTAL_QBMAN, 1, 3, 0, 0, 0 },
	{ "dpbp", 0x04, PORTAL_NONE, 1, 0, 0, 0, 0 },
	{ "dprc", 0x05, PORTAL_MC, 1, 1, 0, 0, 0 },
	{ "dpdmux", 0x06, PORTAL_NONE, 2, 0, 8, 0, 0 },
	{ "dpci", 0x07, PORTAL_NONE, 1, 0, 1, 0, 0 },
	{ "dpcon", 0x08, PORTAL_NONE, 1, 0, 0, 0, 0 },
	{ "dpseci", 0x09, PORTAL_NONE, 1, 0, 0, 0, 0 },
	{ "dpaiop", 0x0a, PORTAL_NONE, 1, 0, 0, 0, 0 },
	{ "dpmcp", 0x0b, PORTAL_MC, 1, 1, 0, 0, 0 },
	{ "dpmac", 0x0c, PORTAL_NONE, 1, 0, 1, 0, 0 },
	{ "dpdcei", 0x0d, PORTAL_NONE, 1, 0, 0, 0, 0 },
	{ "dpdmai", 0x0e, PORTAL_NONE, 1, 0, 0, 0, 0 },
	{ "dpdbg", 0x0f, PORTAL_NONE, 0, 0, 0, 0, 0 },
	{ "dprtc", 0x10, PORTAL_NONE, 1, 0, 0, 0, 0 },
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
