/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole firmware: what main() sets up and every part works on. */
#ifndef FIRMWARE_FIRMWARE_H
#define FIRMWARE_FIRMWARE_H

#include "fault.h"
#include "memory.h"
#include "model.h"
#include "msi.h"
#include "portal.h"
#include "trace.h"

struct firmware {
	struct memory memory;
	struct model model;
	struct portal portals[MC_PORTAL_COUNT];
	struct fault_list faults;
	unsigned int n_hits; /* of faults, since the last "clear" */
	struct trace trace;
	struct msi msi;
};

#endif
