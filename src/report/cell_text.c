/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a value in a table. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/util.h"
#include "model/name.h"
#include "report/cell_text.h"
#include "report/columns.h"

#define MANY 8 /* more names than this are ranges */

static char *join(const struct column *column, struct json_object *list,
		  char *(*item_text)(const struct column *column, struct json_object *item))
{
	_cleanup_free_ char *joined = xstrdup("");

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		_cleanup_free_ char *before = joined;
		_cleanup_free_ char *item = item_text(column, json_object_array_get_idx(list, i));

		joined = xasprintf("%s%s%s", before, i ? "," : "", item);
	}
	return *joined ? take_pointer(joined) : xstrdup("-");
}

char *cell_text(const struct column *column, struct json_object *value)
{
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
		return join(column, value, cell_text);
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

/*
 * Each character of special as "\xNN", so that it can be told from what separates columns or items,
 * and a backslash from that of an escape.
 */
static char *escape(const char *text, const char *special)
{
	char *escaped = xcalloc(strlen(text) + 1, strlen("\\x00")), *end = escaped;

	for (; *text; text++)
		if (strchr(special, *text))
			end += sprintf(end, "\\x%02x", (unsigned char)*text);
		else
			*end++ = *text;
	return escaped;
}

static char *raw_text(const struct column *column, struct json_object *value, const char *special)
{
	_cleanup_free_ char *text = json_object_is_type(value, json_type_string)
					    ? xstrdup(json_object_get_string(value))
					    : cell_text(column, value);
	_cleanup_free_ char *escaped = escape(text, special);

	return *escaped ? str_escape(escaped) : xstrdup("-");
}

static char *raw_item(const struct column *column, struct json_object *item)
{
	return raw_text(column, item, "\\ ,");
}

char *cell_text_raw(const struct column *column, struct json_object *value)
{
	return json_object_is_type(value, json_type_array) ? join(column, value, raw_item)
							   : raw_text(column, value, "\\ ");
}
