/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a value in a table; that in JSON is json_text.h's. */
#ifndef REPORT_CELL_TEXT_H
#define REPORT_CELL_TEXT_H

struct column;
struct json_object;

/* In a new string.  None is "-", unknown is "?", lists are joined by commas. */
char *cell_text(const struct column *column, struct json_object *value);

/* The same, but more than a few names are ranges, "dpbp.1-16,dpbp.20". */
char *cell_text_ranges(const struct column *column, struct json_object *value);

/*
 * With "\x20" for a space, as lsblk has it, because a space separates columns; "\x5c" for a
 * backslash and, in an item of a list, "\x2c" for a comma.
 */
char *cell_text_raw(const struct column *column, struct json_object *value);

#endif
