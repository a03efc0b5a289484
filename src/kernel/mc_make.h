/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands by which the MC firmware changes what it has.  The kernel passes them on for whoever
 * has CAP_NET_ADMIN in the initial user namespace.  Errors as in mc.h, -EPERM also without that;
 * -EINPROGRESS: no answer, though the kernel should have given up.  -ETIMEDOUT and -EINPROGRESS
 * leave it unknown whether the command was executed.
 */
#ifndef KERNEL_MC_MAKE_H
#define KERNEL_MC_MAKE_H

#include <stdbool.h>
#include <stdint.h>

struct mc;

/* Whether this process has the capability; it may still be of another user namespace. */
bool mc_may_change(void);

/*
 * Locks or unlocks a DPRC: while it is locked, no software in it or below it can create, destroy
 * or assign anything.  parent_token is that of the DPRC directly around it.  Since MC 10.20; it
 * cannot be read back.
 */
int mc_dprc_set_locked(struct mc *mc, uint16_t parent_token, uint32_t child, bool locked);

#endif
