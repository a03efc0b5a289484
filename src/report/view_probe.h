/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a probe found, as records. */
#ifndef REPORT_VIEW_PROBE_H
#define REPORT_VIEW_PROBE_H

#include <stddef.h>

#include "report/columns.h"

struct json_object;
struct probe;
struct probe_reasons;
struct probe_type;

extern const struct column probe_columns[];
extern const size_t n_probe_columns;
extern const struct column probe_type_columns[]; /* not in JSON, which has all it is made of */
extern const size_t n_probe_type_columns;
extern const struct column iova_range_columns[];
extern const size_t n_iova_range_columns;
extern const struct column probe_object_columns[];
extern const size_t n_probe_object_columns;
extern const struct column region_columns[];
extern const size_t n_region_columns;
extern const struct column irq_columns[];
extern const size_t n_irq_columns;
extern const struct column test_columns[];
extern const size_t n_test_columns;

struct json_object *view_probe(const struct probe *probe);
struct json_object *view_probe_type(const struct probe_type *type);

/* A sentence, in a new string. */
char *view_probe_reasons(const struct probe_reasons *reasons);

/* The index is that of the probe's list of them. */
struct json_object *view_iova_range(const struct probe *probe, size_t index);
struct json_object *view_probe_object(const struct probe *probe, size_t index);
struct json_object *view_region(const struct probe *probe, size_t index);
struct json_object *view_irq(const struct probe *probe, size_t index);
struct json_object *view_test(const struct probe *probe, size_t index);

#endif
