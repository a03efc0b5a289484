/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The name of an object: TYPE.ID, as the kernel makes it (fsl_mc_device_add()).  A strict
 * grammar, so that a name can never be a path: "dp", 1 to 13 lower-case letters, a dot, and a
 * decimal number from 0 to 4294967295 without leading zeros.
 */
#ifndef MODEL_NAME_H
#define MODEL_NAME_H

#include <stdbool.h>
#include <stdint.h>

#define NAME_TYPE_SIZE 16 /* as in MC commands, here always with a NUL */
#define NAME_TEXT_SIZE 28 /* "dp" + 13 + "." + 10 + NUL, rounded up */

struct name {
	char type[NAME_TYPE_SIZE];
	uint32_t id;
};

struct name_text {
	char text[NAME_TEXT_SIZE];
};

/* -EINVAL: not a name. */
int name_parse(const char *text, struct name *ret_name);

/* Of the object whose device directory path is, its last component.  -EINVAL: not a name. */
int name_of_path(const char *path, struct name *ret_name);

/* From what the MC reports; -EINVAL if the type is not of the grammar. */
int name_make(const char *type, uint32_t id, struct name *ret_name);

/* For printf and paths: name_text(&name).text lives as long as the full expression. */
struct name_text name_text(const struct name *name);

/* By type, then by number: dpni.9 before dpni.10. */
int name_compare(const struct name *a, const struct name *b);
bool name_equal(const struct name *a, const struct name *b);
bool name_is_dprc(const struct name *name);

#endif
