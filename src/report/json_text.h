/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a JSON value. */
#ifndef REPORT_JSON_TEXT_H
#define REPORT_JSON_TEXT_H

struct buffer;
struct json_object;

/* NULL is null.  On one line; "/" is not escaped. */
void json_text_add(struct buffer *buffer, struct json_object *value);

#endif
