/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an object was created with: read from CREATE, checked, and answered by GET_ATTR. */
#ifndef FIRMWARE_SETTINGS_H
#define FIRMWARE_SETTINGS_H

#include <stdint.h>

#include "abi.h"
#include "type.h"

struct model;

enum dpni_option {
	DPNI_HAS_KEY_MASKING = 0x10,
	DPNI_HAS_OPR = 0x40,
	DPNI_OPR_PER_TC = 0x80,
	DPNI_CUSTOM_CG = 0x200,
	DPNI_SHARED_FS = 0x1000,
};

/* Types use what fits them; the rest is 0. */
struct settings {
	uint64_t options;
	unsigned int queues, rx_queues;	 /* of a dpni and a dpdmai only the first */
	unsigned int tcs, rx_tcs;	 /* traffic classes */
	unsigned int macs, vlans;	 /* filter entries */
	unsigned int qos, fs;		 /* table entries */
	unsigned int groups;		 /* congestion groups */
	unsigned int oprs;		 /* order restoration points */
	unsigned int channels, key_size; /* CEETM channels; bytes of a distribution key */
	unsigned int mode, priorities;	 /* of dpio, dpcon, dpci, dpdmai */
	unsigned int method, interfaces; /* of dpdmux (the uplink included) and dpsw */
};

/* What an object of the boot layout has, unless the topology says otherwise. */
void settings_default(const struct object_type *type, struct settings *ret_settings);
/* MC_CONFIG_ERR: out of range, or an option that this firmware or SoC does not know. */
enum mc_status settings_read(const struct model *model, const struct object_type *type,
			     unsigned int version, const struct frame *request,
			     struct settings *ret_settings);

#endif
