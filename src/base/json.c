/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/json.h"
#include "base/util.h"

void json_print_escape(FILE *stream, uint32_t code)
{
	if (code > UINT16_MAX)
		fprintf(stream, "\\u%04x", 0xd7c0 + (code >> 10));
	fprintf(stream, "\\u%04x", code > UINT16_MAX ? 0xdc00 | (code & 0x3ff) : code);
}

/*
 * Where char is signed, json-c 0.18 takes all bytes beyond ASCII for control bytes, which
 * JSON_TOKENER_STRICT refuses (https://github.com/json-c/json-c/issues/875).
 */
static bool takes_ascii_only(void) { return CHAR_MIN < 0 && json_c_version_num() >> 8 == 18; }

/* With escapes instead; what is not UTF-8 stays. */
static char *as_ascii(const char *text)
{
	char *escaped = NULL;
	size_t n_escaped;
	FILE *stream = open_memstream(&escaped, &n_escaped);

	if (!stream)
		abort();
	while (*text) {
		uint32_t code;
		const size_t n = (unsigned char)*text < 0x80 ? 0 : str_character(text, &code);

		if (!n)
			fputc(*text++, stream);
		else
			json_print_escape(stream, code);
		text += n;
	}
	fclose(stream);
	return escaped;
}

struct json_object *json_parse(struct json_tokener *tokener, const char *text)
{
	_cleanup_free_ char *ascii = takes_ascii_only() ? as_ascii(text) : NULL;

	if (ascii)
		text = ascii;
	return json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
}
