/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a definition. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/json.h"
#include "base/util.h"
#include "settings/text.h"

#define DEPTH_MAX 4

/* For people, who have an editor. */
static char *wrong_at(const char *text, size_t offset, const char *what)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < offset && text[i]; i++) {
		column = text[i] == '\n' ? 1 : column + 1;
		line += text[i] == '\n';
	}
	return xasprintf("line %zu, column %zu: %s", line, column, what);
}

static size_t count_members(struct json_object *json)
{
	size_t n = 0;

	if (json_object_is_type(json, json_type_array))
		for (size_t i = 0; i < json_object_array_length(json); i++)
			n += count_members(json_object_array_get_idx(json, i));
	if (json_object_is_type(json, json_type_object)) {
		json_object_object_foreach (json, key, value) {
			(void)key;
			n += 1 + count_members(value);
		}
	}
	return n;
}

/*
 * What json-c lets pass: of two members with one key it keeps the last, and a NUL ends a key.  In
 * JSON every colon outside of a text belongs to a member.
 */
static char *check_members(const char *text, struct json_object *json)
{
	size_t n_colons = 0;
	bool is_in_text = false;

	for (size_t i = 0; text[i]; i++) {
		if (is_in_text && text[i] == '\\') {
			if (strncmp(text + i, "\\u0000", strlen("\\u0000")) == 0)
				return wrong_at(text, i, "a text with a NUL in it");
			i++;
		} else if (text[i] == '"') {
			is_in_text = !is_in_text;
		} else if (text[i] == ':' && !is_in_text) {
			n_colons++;
		}
	}
	return n_colons == count_members(json) ? NULL : xstrdup("a member is there twice");
}

/* json_tokener_parse() would take anything after the document, and comments in it. */
char *text_parse(const char *text, struct json_object **ret_json)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *json;
	char *wrong = NULL;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	json = json_parse(tokener, text);
	if (json_tokener_get_error(tokener) != json_tokener_success) {
		_cleanup_free_ char *what =
			xasprintf("not JSON: %s",
				  json_tokener_error_desc(json_tokener_get_error(tokener)));

		wrong = wrong_at(text, json_tokener_get_parse_end(tokener), what);
	}
	if (!wrong && !json_object_is_type(json, json_type_object))
		wrong = xstrdup("not a JSON object");
	if (!wrong)
		wrong = check_members(text, json);
	json_tokener_free(tokener);
	if (wrong)
		json_object_put(json);
	else
		*ret_json = json;
	return wrong;
}
