/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/fslmc-vfio.d: the definitions, one file each.  Root acts on what they say, so a file that
 * somebody else could have written is refused.
 *
 * Functions speak of their failures and return 0 or an error of base/exit_status.h.
 */
#ifndef SETTINGS_DIRECTORY_H
#define SETTINGS_DIRECTORY_H

#include <stddef.h>

#include "settings/definition.h"

struct sysfs;

#define SETTINGS_PATH "/etc/fslmc-vfio.d"

struct definitions {
	struct definition *definitions; /* by name */
	size_t n_definitions;
};
void definitions_done(struct definitions *definitions);
#define _cleanup_definitions_ __attribute__((cleanup(definitions_done)))

/* The names of the files there, good or bad; no directory means none. */
int settings_list(const struct sysfs *sysfs, struct strings *names);

/*
 * All of them; no directory means none.  -ERROR_REFUSED: one is not as it should be; with ret_n_bad
 * such are warned of, counted and left out.
 */
int settings_load_all(const struct sysfs *sysfs, struct definitions *definitions,
		      size_t *ret_n_bad);

/* 0 if it can be the name of a definition; and if there is one.  Both speak. */
int settings_check_name(const char *name);
int settings_check_there(const struct sysfs *sysfs, const char *name);

/* One more.  -ERROR_NOT_FOUND: there is no such file. */
int settings_load(const struct sysfs *sysfs, const char *name, struct definitions *definitions);

/* The same, but what is wrong with it is not said, but given in a new string. */
int settings_try(const struct sysfs *sysfs, const char *name, struct definitions *definitions,
		 char **ret_wrong);

/*
 * Written whole or not at all, in two steps, so that between them it can be told: the first makes
 * the directory, if need be, and does all that can fail for want of space; with the second it
 * counts.
 */
int settings_store(const struct sysfs *sysfs, const struct definition *definition);
/* -EEXIST, without a message: it must not replace, and there is one by now. */
int settings_commit(const struct sysfs *sysfs, const char *name, bool replace);
void settings_discard(const struct sysfs *sysfs, const char *name);

/* -ERROR_PERMISSION: files there cannot be removed. */
int settings_check_writable(const struct sysfs *sysfs);

/* That there is none is no error.  The name has to be a definition's. */
int settings_remove(const struct sysfs *sysfs, const char *name);

/* Whether there is a file of that name, good or bad. */
bool settings_has(const struct sysfs *sysfs, const char *name);

#endif
