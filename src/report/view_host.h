/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host as a record. */
#ifndef REPORT_VIEW_HOST_H
#define REPORT_VIEW_HOST_H

#include "report/columns.h"

struct json_object;
struct bus;
struct host;

extern const struct column host_columns[];
extern const size_t n_host_columns;

struct json_object *view_host(const struct bus *bus, const struct host *host);

#endif
