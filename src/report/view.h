/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From nouns to records: the one place where JSON keys are spelled, each beside its column.
 * In a record null means unknown; "" or -1 means known to be none.
 */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include <stddef.h>

#include "report/columns.h"

struct binding;
struct dprc;
struct json_object;
struct object;

extern const struct column dprc_columns[];
extern const size_t n_dprc_columns;
extern const struct column object_columns[];
extern const size_t n_object_columns;

/* binding NULL: the override was not read, so it is unknown. */
struct json_object *view_dprc(const struct dprc *dprc, const struct binding *binding);
struct json_object *view_object(const struct object *object);

/* Text that may be none (NULL), and need not be UTF-8: what is not becomes U+FFFD. */
struct json_object *view_text(const char *text);

#endif
