/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a DPRC is wholly on VFIO.  A bind that returns success proves nothing: objects that could
 * not be made, or whose probe failed, are only mentioned in the kernel log
 * (fsl_mc_obj_device_add() returns void).
 */
#ifndef RULES_VERIFY_H
#define RULES_VERIFY_H

#include <stddef.h>

#include "base/listing.h"

struct bus;
struct dprc;

struct verdict {
	size_t n_objects;      /* of Linux's list and, if known, the MC's */
	struct listing faults; /* "dpni.1 (no driver), dpio.3 (not in Linux)" */
	/* The same by kind; what is wrong with IOMMU groups of DPRCs is of none. */
	struct listing unbound; /* not bound to vfio-fsl-mc, or in another IOMMU group */
	struct listing missing; /* the MC has them in it and Linux has not */
	struct listing gone;	/* the reverse */
};

/* Objects of DPRCs inside this one count too; those have IOMMU groups of their own. */
void verify_assigned(const struct bus *bus, const struct dprc *dprc, struct verdict *ret_verdict);
void verdict_done(struct verdict *verdict);
#define _cleanup_verdict_ __attribute__((cleanup(verdict_done)))

#endif
