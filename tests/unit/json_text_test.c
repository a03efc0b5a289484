/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON values as text: json-c's, but for what must not reach a terminal. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/json.h"
#include "base/util.h"
#include "report/json_text.h"

/* Takes the value. */
static void is_written_as(struct json_object *value, const char *wanted)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	json_text_print(stream, value);
	fclose(stream);
	assert_string_equal(text, wanted);
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

/* Every byte alone, at the start, and at the end: what is no UTF-8 becomes U+FFFD. */
static void strings_with_every_byte(void **state _unused_)
{
	for (int byte = 0; byte < 256; byte++) {
		const char text[] = { (char)byte, 'a', '/', (char)byte };

		if (byte == 0x7f)
			continue;
		if (byte > 0x7f) {
			is_written_as(json_object_new_string_len(text, 1), "\"\\ufffd\"");
			is_written_as(json_object_new_string_len(text, sizeof(text)),
				      "\"\\ufffda/\\ufffd\"");
			continue;
		}
		is_written_as_json_c_does(json_object_new_string_len(text, 1));
		is_written_as_json_c_does(json_object_new_string_len(text, sizeof(text)));
	}
	is_written_as(json_object_new_string("\xf0\x9f\x90\xa7"), "\"\xf0\x9f\x90\xa7\"");
}

static void what_json_c_leaves_is_escaped(void **state _unused_)
{
	struct json_object *array = json_object_new_array(), *object = json_object_new_object();

	is_written_as(json_object_new_string("\x7f"), "\"\\u007f\"");
	is_written_as(json_object_new_string("a\xc2\x9b"
					     "31m\x7f\x7f"),
		      "\"a\\u009b31m\\u007f\\u007f\"");
	is_written_as(json_object_new_string("\xc2\x80\xc2\x9f\xc2\xa1\xc3\x9f"),
		      "\"\\u0080\\u009f\xc2\xa1\xc3\x9f\"");
	/* Bidirectional marks, separators, what has no width, and a tag beyond 16 bits. */
	is_written_as(json_object_new_string("\u202e\u2066\u2028\u2029\u200b\ufeff\U000e0041"),
		      "\"\\u202e\\u2066\\u2028\\u2029\\u200b\\ufeff\\udb40\\udc41\"");
	json_object_array_add(array, json_object_new_string("x\xc2\x90"));
	json_object_array_add(array, json_object_new_string("\x7f\n"));
	json_object_object_add(object, "a", array);
	is_written_as(object, "{ \"a\": [ \"x\\u0090\", \"\\u007f\\n\" ] }");
}

/* json-c 0.18 refuses these on some machines. */
static void what_is_beyond_ascii_is_read(void **state _unused_)
{
	static const char text[] = "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80";
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *json;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	json = json_parse(tokener, "\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
	assert_string_equal(json_object_get_string(json), text);
	json_object_put(json);
	assert_null(json_parse(tokener, "\"a\" \xc3\xa9"));
	json_tokener_free(tokener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_of_every_kind),
		cmocka_unit_test(numbers_to_their_limits),
		cmocka_unit_test(strings_with_every_byte),
		cmocka_unit_test(what_json_c_leaves_is_escaped),
		cmocka_unit_test(what_is_beyond_ascii_is_read),
	};

	return cmocka_run_group_tests_name("json_text", tests, NULL, NULL);
}
