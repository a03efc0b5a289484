/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a definition: JSON, and nothing but what RFC 8259 and a careful reader take for it.
 */
#ifndef SETTINGS_TEXT_H
#define SETTINGS_TEXT_H

struct json_object;

/* NULL, or what is wrong with it and where, in a new string. */
char *text_parse(const char *text, struct json_object **ret_json);

#endif
