/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of what create made, and of what destroy would do and did. */
#ifndef REPORT_VIEW_MADE_H
#define REPORT_VIEW_MADE_H

#include "report/columns.h"

struct doomed;
struct json_object;
struct made;

/* The container that create made. */
extern const struct column created_columns[];
extern const size_t n_created_columns;
struct json_object *view_created(const struct made *made);

/* One container that is gone. */
extern const struct column destroy_columns[];
extern const size_t n_destroy_columns;
struct json_object *view_destroyed(const struct doomed *doomed);

/* One step of a dry run: "disconnect", "dpni.2", "dpmac.3". */
extern const struct column step_columns[];
extern const size_t n_step_columns;
struct json_object *view_step(const char *step, const char *object, const char *peer);

/* The same for people, from the record: "disconnect dpni.2 from dpmac.3", in a new string. */
char *view_step_text(struct json_object *step);

#endif
