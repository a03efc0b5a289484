/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MC through a portal that VFIO shows as region 0 of a DPMCP: 64 bytes written are a command,
 * 64 bytes read its answer (vfio_fsl_mc_write(), which waits up to 5 s, and vfio_fsl_mc_read()).
 * The write succeeds whatever the MC answers; its status is in the answer.  Region 0 of the DPRC
 * would do, too, but the kernel uses that portal itself and does not take turns with us.
 *
 * Silent: 0 or a negative errno, an MC status as the kernel would give it (mc_status_name()).
 */
#ifndef KERNEL_MC_PORTAL_H
#define KERNEL_MC_PORTAL_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/mc.h"

struct mc_portal {
	int device; /* VFIO device of the DPMCP */
	uint64_t offset;
};

int mc_portal_get_version(const struct mc_portal *portal, struct mc_version *ret_version);

/* -EOPNOTSUPP: no command is known that opens this type.  What is opened has to be closed. */
int mc_portal_open(const struct mc_portal *portal, const char *type, uint32_t id,
		   uint16_t *ret_token);
int mc_portal_close(const struct mc_portal *portal, uint16_t token);

/* The settings of an open object's interrupt. */
struct mc_irq {
	bool is_enabled;
	uint32_t mask; /* a bit for each event that may interrupt */
};
int mc_portal_get_irq(const struct mc_portal *portal, uint16_t token, uint8_t index,
		      struct mc_irq *ret_irq);
/* The mask is set even if disabling it failed: who puts settings back wants all that can be. */
int mc_portal_set_irq(const struct mc_portal *portal, uint16_t token, uint8_t index,
		      const struct mc_irq *irq);

/* The events that are pending; they stay until cleared. */
int mc_portal_get_irq_status(const struct mc_portal *portal, uint16_t token, uint8_t index,
			     uint32_t *ret_status);
int mc_portal_clear_irq_status(const struct mc_portal *portal, uint16_t token, uint8_t index,
			       uint32_t status);

#endif
