/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON writer against a strict parser: what it wrote is JSON, safe, and says the same. */
#include <stdio.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/util.h"
#include "fuzz.h"
#include "report/cell_text.h"
#include "report/columns.h"
#include "report/json_text.h"

#define DEPTH_MAX 8

static bool is_utf8; /* all texts are */

static char *take_text(struct input *input)
{
	char *text = input_text(input);

	is_utf8 &= str_is_utf8(text);
	return text;
}

static struct json_object *make(struct input *input, unsigned int depth)
{
	_cleanup_free_ char *text = NULL;
	const uint8_t kind = input_byte(input);
	struct json_object *json;
	int64_t number;

	switch (depth < DEPTH_MAX ? kind % 7 : kind % 5) {
	case 0:
		return NULL;
	case 1:
		return json_object_new_boolean(kind >= 0x80);
	case 2:
		input_bytes(input, &number, sizeof(number));
		return json_object_new_int64(number);
	case 5:
		json = json_object_new_array();
		for (unsigned int i = 0; i < kind / 7U && input->n; i++)
			json_object_array_add(json, make(input, depth + 1));
		return json;
	case 6:
		json = json_object_new_object();
		for (unsigned int i = 0; i < kind / 7U && input->n; i++) {
			_cleanup_free_ char *key = take_text(input);

			json_object_object_add(json, key, make(input, depth + 1));
		}
		return json;
	default:
		text = take_text(input);
		return json_object_new_string(text);
	}
}

static void check_cells(struct json_object *json)
{
	static const struct column column = { .kind = COLUMN_HEX };
	_cleanup_free_ char *cell = cell_text(&column, json);
	_cleanup_free_ char *raw = cell_text_raw(&column, json);
	_cleanup_free_ char *ranges = cell_text_ranges(&column, json);

	FUZZ_ASSERT(!strchr(raw, ' '));
	FUZZ_ASSERT(cell && ranges);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct input input = { bytes, n };
	_cleanup_free_ char *text = NULL;
	struct json_object *json, *again;
	size_t n_text;
	FILE *stream = open_memstream(&text, &n_text);

	is_utf8 = true;
	json = make(&input, 0);
	json_text_print(stream, json);
	fclose(stream);
	FUZZ_ASSERT(strlen(text) == n_text && str_visible_span(text) == n_text);
	again = fuzz_parse_strictly(text);
	FUZZ_ASSERT(again || !json);
	FUZZ_ASSERT(!is_utf8 || json_object_equal(json, again));
	check_cells(json);
	json_object_put(again);
	json_object_put(json);
	return 0;
}
