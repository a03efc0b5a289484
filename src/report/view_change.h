/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of what bind, unbind, rebind and recover have to say. */
#ifndef REPORT_VIEW_CHANGE_H
#define REPORT_VIEW_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/columns.h"

struct change;
struct dprc;
struct json_object;
struct name;
struct write;

/* One write of a plan. */
extern const struct column write_columns[];
extern const size_t n_write_columns;
struct json_object *view_write(const struct write *write);

/* Among the writes: a device node that changes hands. */
struct json_object *view_gift(const char *owner, unsigned int mode, const char *node);

/* The shell command of either; the record's own. */
const char *view_command_text(struct json_object *record);

/* "dprc.2: bind to vfio-fsl-mc", what a change would do, in a new string. */
char *view_change_text(const struct change *change);

/* One DPRC after a change; dprc NULL: it was not read again; owner NULL: no node, no owner. */
extern const struct column change_columns[];
extern const size_t n_change_columns;
struct json_object *view_change(const struct change *change, const struct dprc *dprc,
				const char *owner);

/* One DPRC of an interrupted change, and how that ended. */
enum recovery_state { RECOVERY_REQUESTED, RECOVERY_ORIGINAL, RECOVERY_ABANDONED };
extern const struct column recovery_columns[];
extern const size_t n_recovery_columns;
/* The same of a container that was being made or destroyed. */
struct made;
struct json_object *view_recovery_made(const struct made *made, enum recovery_state state);
struct json_object *view_recovery(const struct change *change, enum recovery_state state);

/* One object that came, went or changed when its container was bound again. */
extern const struct column difference_columns[];
extern const size_t n_difference_columns;
struct json_object *view_difference(const struct name *name, const struct name *container,
				    const char *what);

#endif
