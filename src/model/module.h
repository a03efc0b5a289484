/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel module: loaded, built in, could be loaded, or not there. */
#ifndef MODEL_MODULE_H
#define MODEL_MODULE_H

#include <stdbool.h>

struct sysfs;

enum module_state {
	MODULE_UNKNOWN,	  /* /lib/modules/RELEASE cannot be read */
	MODULE_ABSENT,	  /* this kernel was built without it, or it is not installed */
	MODULE_AVAILABLE, /* modprobe would find it */
	MODULE_LOADED,
	MODULE_BUILT_IN,
};

enum module_state module_load_state(const struct sysfs *sysfs, const char *name);

/* Whether the kernel has it now. */
static inline bool module_is_there(enum module_state state)
{
	return state == MODULE_LOADED || state == MODULE_BUILT_IN;
}

/* "available" and so on; NULL for MODULE_UNKNOWN. */
const char *module_state_name(enum module_state state);

#endif
