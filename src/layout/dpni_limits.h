/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a DPNI can have, by SoC and MC firmware, and the names of its options. */
#ifndef LAYOUT_DPNI_LIMITS_H
#define LAYOUT_DPNI_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/mc.h"
#include "model/soc.h"

/* Of any SoC and firmware: restool's dpni create. */
#define DPNI_QUEUES_MAX 32
#define DPNI_TCS_MAX 16
#define DPNI_RX_TCS_MAX 8
#define DPNI_VLANS_MAX 16
#define DPNI_QOS_MAX 64
#define DPNI_FS_MAX 1024

/* Linux makes no more queues than this (DPAA2_ETH_MAX_RX_QUEUES). */
#define DPNI_QUEUES_LINUX 16

struct dpni_limits {
	enum soc soc; /* SOC_UNKNOWN: the least of all */
	struct mc_version since;
	uint8_t queues, tcs;
};
const struct dpni_limits *dpni_limits_of(enum soc soc, const struct mc_version *version);

enum dpni_option {
	DPNI_HAS_KEY_MASKING = 0x10,
	DPNI_SINGLE_SENDER = 0x100, /* one queue to send in each TC */
	DPNI_CUSTOM_CG = 0x200,
	DPNI_CUSTOM_OPR = 0x400,
};

struct dpni_option_name {
	const char *name;
	uint32_t bit;
	struct mc_version since; /* 0: all that there are */
	enum soc not_on;	 /* SOC_UNKNOWN: on all */
};
extern const struct dpni_option_name dpni_options[];
extern const size_t n_dpni_options;

bool mc_version_is_since(const struct mc_version *version, const struct mc_version *since);

#endif
