/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a value in a table. */
#include <inttypes.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/util.h"
#include "model/name.h"
#include "report/cell_text.h"
#include "report/columns.h"

#define BLANK "\\x20"
#define BACKSLASH "\\x5c"
#define MANY 8 /* more names than this are ranges */

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

static int compare_names(const void *a, const void *b) { return name_compare(a, b); }

/* NULL: not all of them are names. */
static struct name *sorted_names(struct json_object *list)
{
	const size_t n = json_object_array_length(list);
	_cleanup_free_ struct name *names = xcalloc(n, sizeof(*names));

	for (size_t i = 0; i < n; i++) {
		const char *text = json_object_get_string(json_object_array_get_idx(list, i));

		if (!text || name_parse(text, &names[i]) < 0)
			return NULL;
	}
	qsort(names, n, sizeof(*names), compare_names);
	return take_pointer(names);
}

char *cell_text_ranges(const struct column *column, struct json_object *value)
{
	_cleanup_free_ struct name *names = NULL;
	char *text;
	size_t n, end;

	if (!json_object_is_type(value, json_type_array) ||
	    json_object_array_length(value) <= MANY || !(names = sorted_names(value)))
		return cell_text(column, value);
	text = xstrdup("");
	n = json_object_array_length(value);
	for (size_t first = 0; first < n; first = end) {
		char *longer;

		for (end = first + 1; end < n; end++)
			if (!streq(names[end].type, names[first].type) ||
			    names[end].id != names[end - 1].id + 1)
				break;
		longer = xasprintf("%s%s%s", text, first ? "," : "", name_text(&names[first]).text);
		free(text);
		text = end - first == 1 ? longer : xasprintf("%s-%u", longer, names[end - 1].id);
		if (text != longer)
			free(longer);
	}
	return text;
}

/* So that backslashes of escapes can be distinguished from others. */
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
