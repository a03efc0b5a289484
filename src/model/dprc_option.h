/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a DPRC by name. */
#ifndef MODEL_DPRC_OPTION_H
#define MODEL_DPRC_OPTION_H

#include <stddef.h>
#include <stdint.h>

/* As restool and the DPL spell them, without DPRC_CFG_OPT_. */
struct dprc_option {
	uint32_t bit; /* of enum mc_dprc_option */
	const char *name;
};
extern const struct dprc_option dprc_options[];
extern const size_t n_dprc_options;

#endif
