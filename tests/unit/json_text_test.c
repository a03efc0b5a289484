/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON values as text: what is written without json-c is what json-c would have written. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "base/buffer.h"
#include "base/util.h"
#include "report/json_text.h"

/* Takes the value. */
static void is_written_as(struct json_object *value, const char *text)
{
	_cleanup_buffer_ struct buffer buffer = { 0 };

	json_text_add(&buffer, value);
	buffer_add(&buffer, "", 1);
	assert_string_equal(buffer.text, text);
	json_object_put(value);
}

static void is_written_as_json_c_does(struct json_object *value)
{
	_cleanup_free_ char *text = xstrdup(
		json_object_to_json_string_ext(value, JSON_C_TO_STRING_SPACED |
							      JSON_C_TO_STRING_NOSLASHESCAPE));

	is_written_as(value, text);
}

static void values_of_every_kind(void **state _unused_)
{
	is_written_as(NULL, "null");
	is_written_as(json_object_new_boolean(true), "true");
	is_written_as(json_object_new_boolean(false), "false");
	is_written_as(json_object_new_string(""), "\"\"");
	is_written_as_json_c_does(json_object_new_array());
	is_written_as_json_c_does(json_tokener_parse("[ \"a\", 1, [ ], { \"b\": null } ]"));
}

static void numbers_to_their_limits(void **state _unused_)
{
	is_written_as(json_object_new_int64(0), "0");
	is_written_as(json_object_new_int64(-1), "-1");
	is_written_as(json_object_new_int64(10), "10");
	is_written_as(json_object_new_int64(INT64_MAX), "9223372036854775807");
	is_written_as(json_object_new_int64(INT64_MIN), "-9223372036854775808");
	is_written_as(json_object_new_uint64(UINT64_C(1) << 63), "9223372036854775808");
	is_written_as(json_object_new_uint64(UINT64_MAX), "18446744073709551615");
}

/* Every byte alone, at the start, at the end, and a NUL within. */
static void strings_with_every_byte(void **state _unused_)
{
	for (int byte = 0; byte < 256; byte++) {
		const char text[] = { (char)byte, 'a', '/', (char)byte };

		if (byte == 0x7f)
			continue;
		is_written_as_json_c_does(json_object_new_string_len(text, 1));
		is_written_as_json_c_does(json_object_new_string_len(text, sizeof(text)));
	}
	is_written_as(json_object_new_string("\xf0\x9f\x90\xa7"), "\"\xf0\x9f\x90\xa7\"");
}

static void controls_that_json_c_leaves_are_escaped(void **state _unused_)
{
	struct json_object *array = json_object_new_array();

	is_written_as(json_object_new_string("\x7f"), "\"\\u007f\"");
	is_written_as(json_object_new_string("a\xc2\x9b"
					     "31m\x7f\x7f"),
		      "\"a\\u009b31m\\u007f\\u007f\"");
	is_written_as(json_object_new_string("\xc2\x80\xc2\x9f\xc2\xa0\xc3\x9f"),
		      "\"\\u0080\\u009f\xc2\xa0\xc3\x9f\"");
	json_object_array_add(array, json_object_new_string("x\xc2\x90"));
	json_object_array_add(array, json_object_new_string("\x7f\n"));
	is_written_as(array, "[ \"x\\u0090\", \"\\u007f\\n\" ]");
	/* A byte that begins such a character and ends the text is no character. */
	is_written_as(json_object_new_string_len("\xc2", 1), "\"\xc2\"");
}

static void a_buffer_keeps_all_of_it(void **state _unused_)
{
	_cleanup_buffer_ struct buffer buffer = { 0 };
	char text[32];

	for (int i = 0; i < 10000; i++) {
		snprintf(text, sizeof(text), "%d,", i);
		buffer_add_number(&buffer, i);
		buffer_add_text(&buffer, ",");
		assert_memory_equal(buffer.text + buffer.n - strlen(text), text, strlen(text));
	}
	assert_int_equal(buffer.n, 10 * 2 + 90 * 3 + 900 * 4 + 9000 * 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_of_every_kind),
		cmocka_unit_test(numbers_to_their_limits),
		cmocka_unit_test(strings_with_every_byte),
		cmocka_unit_test(controls_that_json_c_leaves_are_escaped),
		cmocka_unit_test(a_buffer_keeps_all_of_it),
	};

	return cmocka_run_group_tests_name("json_text", tests, NULL, NULL);
}
