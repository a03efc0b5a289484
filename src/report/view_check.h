/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records, and sentences, of what check has to say. */
#ifndef REPORT_VIEW_CHECK_H
#define REPORT_VIEW_CHECK_H

#include "report/columns.h"
#include "report/render.h"

struct finding;
struct findings;
struct json_object;
struct name;

/* One reason for or against an assignment; name NULL: of the host. */
extern const struct column finding_columns[];
extern const size_t n_finding_columns;
struct json_object *view_finding(const struct name *name, const struct finding *finding);

/* Whether one object could be assigned. */
extern const struct column check_columns[];
extern const size_t n_check_columns;
struct json_object *view_check(const struct name *name, const struct findings *findings);

/* Whether bind would take it. */
bool view_can_be_bound(const struct findings *findings);

/* For people: new strings.  consumer: the name of the program it is to be for, or NULL. */
char *view_verdict(const struct name *name, const struct findings *findings, const char *consumer);
char *view_host_verdict(const struct findings *findings);
enum render_color view_severity_color(const struct finding *finding);
char *view_finding_text(const struct finding *finding);

#endif
