/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records, and sentences, of what check has to say. */
#ifndef REPORT_VIEW_CHECK_H
#define REPORT_VIEW_CHECK_H

#include "report/columns.h"

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

/* The same for people: new strings.  consumer: the name of the program it is to be for, or NULL. */
char *view_verdict(const struct name *name, const struct findings *findings, const char *consumer);
char *view_finding_text(const struct finding *finding);

#endif
