/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands by which the MC firmware changes what it has.  The kernel passes them on for a
 * process that has CAP_NET_ADMIN in the initial user namespace.  Errors as in mc.h, -EPERM also
 * without that; -EINPROGRESS: no answer, though the kernel should have given up.  -ETIMEDOUT and
 * -EINPROGRESS leave it unknown whether the command was executed.
 */
#ifndef KERNEL_MC_MAKE_H
#define KERNEL_MC_MAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/mc.h"
#include "kernel/mc_resource.h"

struct mc_command;

/* 0 stands for the MC's own default, where it has one (NXP restool, fsl_dpni.h). */
struct dpni_settings {
	uint32_t options;
	uint8_t queues, tcs, rx_tcs, mac_entries, vlan_entries, qos_entries;
	uint16_t fs_entries;
	uint8_t congestion_groups, channels, key_size;
	uint16_t oprs;
};

struct dpseci_settings {
	uint32_t options;
	uint8_t queues; /* of either direction; each with priority 1 */
};

/* What is to be created.  Other types than these two have settings that suit everybody. */
struct mc_creation {
	const char *type;
	const struct dpni_settings *dpni;     /* of a dpni */
	const struct dpseci_settings *dpseci; /* of a dpseci */
};

/* Whether this process has the capability; it may still be of another user namespace. */
bool mc_may_change(void);

struct mc_api {
	uint16_t major, minor;
};

/* The version of the commands for objects of a type.  -EOPNOTSUPP: no type of the MC's. */
int mc_get_api_version(struct mc *mc, const char *type, struct mc_api *ret_api);

/*
 * The command that creates an object, of the newest version that this API has; without token.
 * -EOPNOTSUPP: this API has none, or none that carries these settings.
 */
int mc_encode_create(const struct mc_creation *creation, struct mc_api api,
		     struct mc_command *ret_command);

/* Creates an object in the DPRC that token stands for; it is unplugged.  Errors of both. */
int mc_create(struct mc *mc, uint16_t token, const struct mc_creation *creation, struct mc_api api,
	      uint32_t *ret_id);

/* token: of the DPRC that the object was created in. */
int mc_destroy(struct mc *mc, uint16_t token, const char *type, uint32_t id);

/* A child of the DPRC that token stands for, with an ICID and a portal from the pools. */
int mc_dprc_create_child(struct mc *mc, uint16_t token, struct mc_api dprc_api, uint32_t options,
			 const char *label, uint32_t *ret_id);
int mc_dprc_destroy_child(struct mc *mc, uint16_t token, uint32_t id);

/* Of an object in dprc, which token stands for. */
int mc_dprc_plug(struct mc *mc, uint16_t token, uint32_t dprc, const char *type, uint32_t id,
		 bool plugged);

/* Of an object in the DPRC that token stands for; 16 bytes at most. */
int mc_dprc_set_label(struct mc *mc, uint16_t token, const char *type, uint32_t id,
		      const char *label);

/* token: of a DPRC that both ends are in, however deep. */
int mc_dprc_connect(struct mc *mc, uint16_t token, const struct mc_end *a, const struct mc_end *b);
int mc_dprc_disconnect(struct mc *mc, uint16_t token, const struct mc_end *end);

/* Also of a dpni in a DPRC below the root. */
int mc_dpni_set_address(struct mc *mc, uint32_t id, const uint8_t address[MC_ADDRESS_SIZE]);

/*
 * Locks or unlocks a DPRC: while it is locked, no software in it or below it can create, destroy
 * or assign anything.  parent_token is that of the DPRC directly around it.  Since MC 10.20; it
 * cannot be read back.
 */
int mc_dprc_set_locked(struct mc *mc, uint16_t parent_token, uint32_t child, bool locked);

#endif
