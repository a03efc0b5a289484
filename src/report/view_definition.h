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

/* Whether a board is as a definition says; definition NULL: the file is none. */
struct definition;
struct status_texts {
	const char *state;		   /* NULL: as defined */
	const char *dprc, *driver, *owner; /* NULL: none, or not known */
};
extern const struct column status_columns[];
extern const size_t n_status_columns;
struct json_object *view_status(const char *name, const struct definition *definition,
				const struct status_texts *found);

/* One thing that is not as a definition says. */
extern const struct column drift_columns[];
extern const size_t n_drift_columns;
struct json_object *view_drift(const char *definition, const char *kind, const char *text,
			       const char *remedy);

#endif
