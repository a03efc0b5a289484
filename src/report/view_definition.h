/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a definition, as a record. */
#ifndef REPORT_VIEW_DEFINITION_H
#define REPORT_VIEW_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>

#include "report/columns.h"

struct json_object;

extern const struct column definition_columns[];
extern const size_t n_definition_columns;
struct json_object *view_definition(const char *name, const char *path, bool changed);

/* A member of a definition that is different in two; NULL: it is the same.  old may be NULL. */
extern const struct column setting_columns[];
extern const size_t n_setting_columns;
extern const size_t n_setting_keys;
struct json_object *view_setting(size_t key, struct json_object *old, struct json_object *new);

#endif
