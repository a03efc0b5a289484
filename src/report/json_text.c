/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a JSON value.  json-c writes it; but it allocates twice for each, and an inventory
 * is made of ten thousands of values that need no escape.  Those are written here.
 */
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/util.h"
#include "report/json_text.h"

#define STYLE (JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE)

#define DEL '\x7f'
#define C1                                                                                         \
	'\xc2' /* the first byte of U+0080 to U+00BF; the first half of them are the C1 controls   \
		*/

/* A table, for an inventory has a hundred bytes of strings an object. */
static bool is_plain(const char *text, size_t n)
{
	static const bool is_special[UCHAR_MAX + 1] = {
		[0 ... ' ' - 1] = true,	     ['"'] = true, ['\\'] = true, [DEL] = true,
		[(unsigned char) C1] = true,
	};

	for (size_t i = 0; i < n; i++)
		if (is_special[(unsigned char)text[i]])
			return false;
	return true;
}

/* How many bytes at text are DEL or a C1 control, which terminals obey; 0: none. */
static size_t control_at(const char *text, size_t n)
{
	if (*text == DEL)
		return 1;
	return *text == C1 && n > 1 && ((unsigned char)text[1] & 0xe0) == 0x80 ? 2 : 0;
}

/* JSON demands escapes of control bytes below a blank only, and json-c makes no others. */
static void add_by_json_c(struct buffer *buffer, struct json_object *value)
{
	size_t n, written = 0;
	const char *text = json_object_to_json_string_length(value, STYLE, &n);

	for (size_t i = 0; i < n; i++) {
		const size_t n_control = control_at(text + i, n - i);
		char escape[sizeof("\\u009b")];

		if (!n_control)
			continue;
		snprintf(escape, sizeof(escape), "\\u%04x", (unsigned char)text[i + n_control - 1]);
		buffer_add(buffer, text + written, i - written);
		buffer_add_text(buffer, escape);
		i += n_control - 1;
		written = i + 1;
	}
	buffer_add(buffer, text + written, n - written);
}

static void add_string(struct buffer *buffer, struct json_object *value)
{
	const char *text = json_object_get_string(value);
	const size_t n = (size_t)json_object_get_string_len(value);

	if (!is_plain(text, n)) {
		add_by_json_c(buffer, value);
		return;
	}
	buffer_add(buffer, "\"", 1);
	buffer_add(buffer, text, n);
	buffer_add(buffer, "\"", 1);
}

/* json-c keeps what is beyond INT64_MAX as a number of another kind. */
static void add_number(struct buffer *buffer, struct json_object *value)
{
	const int64_t number = json_object_get_int64(value);
	char digits[DIGITS_MAX];

	if (number == INT64_MAX)
		buffer_add(buffer, digits, str_digits(json_object_get_uint64(value), digits));
	else
		buffer_add_number(buffer, number);
}

/* Most are empty; spaced as json-c does it. */
static void add_array(struct buffer *buffer, struct json_object *array)
{
	const size_t n = json_object_array_length(array);

	buffer_add_text(buffer, "[");
	for (size_t i = 0; i < n; i++) {
		buffer_add_text(buffer, i ? ", " : " ");
		json_text_add(buffer, json_object_array_get_idx(array, i));
	}
	buffer_add_text(buffer, " ]");
}

void json_text_add(struct buffer *buffer, struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		buffer_add_text(buffer, "null");
		break;
	case json_type_boolean:
		buffer_add_text(buffer, json_object_get_boolean(value) ? "true" : "false");
		break;
	case json_type_int:
		add_number(buffer, value);
		break;
	case json_type_string:
		add_string(buffer, value);
		break;
	case json_type_array:
		add_array(buffer, value);
		break;
	default:
		add_by_json_c(buffer, value);
		break;
	}
}
