/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of what a container is to be made of. */
#ifndef REPORT_VIEW_LAYOUT_H
#define REPORT_VIEW_LAYOUT_H

#include <stddef.h>

#include "report/columns.h"

struct json_object;
struct layout;
struct pool;

/* The container itself. */
struct json_object *view_layout(const struct layout *layout);
/* The same for people, in a new string. */
char *view_layout_text(const struct layout *layout);

/* Objects of one type that are there for one reason: *first is set to the first of the next. */
extern const struct column layout_object_columns[];
extern const size_t n_layout_object_columns;
struct json_object *view_layout_objects(const struct layout *layout, size_t *first);

/* What becomes of one DPNI, by its index; NULL: it is not connected, and has no address. */
extern const struct column layout_connection_columns[];
extern const size_t n_layout_connection_columns;
struct json_object *view_layout_connection(const struct layout *layout, size_t object);

/* What a pool has, and will have left. */
extern const struct column layout_pool_columns[];
extern const size_t n_layout_pool_columns;
struct json_object *view_layout_pool(const struct layout *layout, const struct pool *pool);

#endif
