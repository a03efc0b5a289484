/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event of the bus, or the one that was waited for, as a record. */
#ifndef REPORT_VIEW_EVENT_H
#define REPORT_VIEW_EVENT_H

#include <stdint.h>

#include "report/columns.h"

struct json_object;
struct uevent;

extern const struct column event_columns[];
extern const size_t n_event_columns;

/* NULL: no event of an object. */
struct json_object *view_event(const struct uevent *event);

/* The words of EVENT that the kernel's events have; with monitor --initial there is "present" too.
 */
extern const char *const event_words[];
extern const size_t n_event_words;

/* Of an object that is there. */
struct object;
struct json_object *view_present(const struct object *object, int64_t time_us);

/* What was waited for, and is so; the words of STATE, in the order of enum awaited. */
enum awaited { AWAITED_PRESENT, AWAITED_COMPLETE, AWAITED_READY, AWAITED_BOUND, AWAITED_UNUSED };
extern const char *const awaited_words[];
extern const size_t n_awaited_words;

struct name;
extern const struct column awaited_columns[];
extern const size_t n_awaited_columns;
struct json_object *view_awaited(const struct name *dprc, enum awaited state);

#endif
