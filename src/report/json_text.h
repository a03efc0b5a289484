/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a JSON value on one line, as json-c writes it, but for what must not reach a terminal
 * or is not UTF-8: that is escaped, the latter as U+FFFD.
 */
#ifndef REPORT_JSON_TEXT_H
#define REPORT_JSON_TEXT_H

#include <stdio.h>

struct json_object;

/* NULL is null. */
void json_text_print(FILE *stream, struct json_object *value);

#endif
