/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An export as a record. */
#ifndef REPORT_VIEW_EXPORT_H
#define REPORT_VIEW_EXPORT_H

#include <stddef.h>

#include "report/columns.h"

struct json_object;
struct name;

extern const struct column export_columns[];
extern const size_t n_export_columns;
struct json_object *view_export(const struct name *dprc, const char *consumer, const char *text);

#endif
