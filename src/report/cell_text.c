/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a value in a table. */
#include <inttypes.h>

#include <json-c/json.h>

#include "base/util.h"
#include "report/cell_text.h"
#include "report/columns.h"

#define BLANK "\\x20"
#define BACKSLASH "\\x5c"

char *cell_text(const struct column *column, struct json_object *value)
{
	_cleanup_free_ char *joined = NULL;
	uint64_t number;

	switch (json_object_get_type(value)) {
	case json_type_null:
		return xstrdup("?");
	case json_type_boolean:
		return xstrdup(json_object_get_boolean(value) ? "yes" : "no");
	case json_type_int:
		if (json_object_get_int64(value) < 0)
			return xstrdup("-");
		number = json_object_get_uint64(value);
		if (column->kind == COLUMN_HEX)
			return xasprintf("0x%" PRIx64, number);
		return xasprintf("%" PRIu64, number);
	case json_type_array:
		joined = xstrdup("");
		for (size_t i = 0; i < json_object_array_length(value); i++) {
			_cleanup_free_ char *item =
				cell_text(column, json_object_array_get_idx(value, i));
			char *longer = xasprintf("%s%s%s", joined, i ? "," : "", item);

			free(joined);
			joined = longer;
		}
		return *joined ? take_pointer(joined) : xstrdup("-");
	default:
		return *json_object_get_string(value) ? str_escape(json_object_get_string(value))
						      : xstrdup("-");
	}
}

/* So that those that escapes begin with are told from others. */
static char *escape_backslashes(const char *text)
{
	char *escaped = xcalloc(strlen(text) + 1, strlen(BACKSLASH)), *end = escaped;

	for (; *text; text++)
		if (*text == '\\')
			end = stpcpy(end, BACKSLASH);
		else
			*end++ = *text;
	return escaped;
}

static char *text_for_raw(const struct column *column, struct json_object *value)
{
	_cleanup_free_ char *escaped = NULL;

	if (!json_object_is_type(value, json_type_string) ||
	    !strchr(json_object_get_string(value), '\\'))
		return cell_text(column, value);
	escaped = escape_backslashes(json_object_get_string(value));
	return str_escape(escaped);
}

char *cell_text_raw(const struct column *column, struct json_object *value)
{
	_cleanup_free_ char *text = text_for_raw(column, value);
	char *raw = xcalloc(strlen(text) + 1, strlen(BLANK)), *end = raw;

	for (const char *at = text; *at; at++)
		if (*at == ' ')
			end = stpcpy(end, BLANK);
		else
			*end++ = *at;
	return raw;
}
