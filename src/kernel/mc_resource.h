/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the MC has besides objects: pools of resources, and the addresses of its ports.  Errors as
 * those of mc.h.
 */
#ifndef KERNEL_MC_RESOURCE_H
#define KERNEL_MC_RESOURCE_H

#include <stdint.h>

#include "kernel/mc.h"

#define MC_POOLS_MAX 64 /* more than any firmware lists */

/* How many types of resources there are: DPRC_GET_POOL_COUNT. */
int mc_dprc_get_pool_count(struct mc *mc, uint16_t token, uint32_t *ret_count);

/* Their names, "mcp" say: DPRC_GET_POOL.  Untrusted. */
int mc_dprc_get_pool(struct mc *mc, uint16_t token, uint32_t index, char ret_name[MC_TYPE_SIZE]);

/* How many of a type the DPRC has that no object takes: DPRC_GET_RES_COUNT. */
int mc_dprc_get_res_count(struct mc *mc, uint16_t token, const char *name, uint32_t *ret_count);

#define MC_ADDRESS_SIZE 6

/* The MAC address of a port, first byte first: DPMAC_GET_MAC_ADDR. */
int mc_dpmac_get_address(struct mc *mc, uint32_t id, uint8_t ret_address[MC_ADDRESS_SIZE]);

#endif
