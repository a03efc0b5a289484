/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <json-c/json.h>
#include <stdio.h>

#include "base/json.h"
#include "base/util.h"
#include "report/json_text.h"

#define REPLACEMENT 0xfffd
#define STYLE (JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE)

/*
 * json-c escapes what JSON demands, control bytes below a blank and no others.  All else that is
 * to be escaped can only be inside of strings.
 */
void json_text_print(FILE *stream, struct json_object *value)
{
	/* Of most objects most is not known. */
	const char *text = value ? json_object_to_json_string_ext(value, STYLE) : "null";

	for (;;) {
		size_t n = str_visible_span(text);
		uint32_t code = REPLACEMENT;

		fwrite_unlocked(text, 1, n, stream);
		text += n;
		if (!*text)
			return;
		n = str_character(text, &code);
		json_print_escape(stream, code);
		text += n ? n : 1;
	}
}
