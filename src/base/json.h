/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What json-c does not do, or not in all its versions. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdint.h>
#include <stdio.h>

struct json_object;
struct json_tokener;

/* A character as \uXXXX; beyond 16 bits they are two surrogates (RFC 8259). */
void json_print_escape(FILE *stream, uint32_t code);

/* json_tokener_parse_ex() of a whole text; whether it failed, json_tokener_get_error() says. */
struct json_object *json_parse(struct json_tokener *tokener, const char *text);

#endif
