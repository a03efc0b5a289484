/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What -o takes, and the text that -r makes of a value. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/util.h"
#include "report/cell_text.h"
#include "report/columns.h"

enum { COSTLY = 1, SLOW = 2 };

static const struct column columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "" },
	{ "GROUP", "iommu_group", COLUMN_NUMBER, true, "" },
	{ "LABEL", "label", COLUMN_TEXT, false, "", COSTLY },
	{ "LINK", "link", COLUMN_TEXT, false, "", COSTLY | SLOW },
};

/* The keys of what was chosen, each with a comma after it; of what is refused, "!" and the piece.
 */
static char *choose(const char *spec)
{
	_cleanup_(selection_done) struct selection selection = { 0 };
	_cleanup_free_ char *unknown = NULL;
	char *text;
	int r = selection_make(columns, ARRAY_SIZE(columns), spec, &selection, &unknown);

	if (r < 0) {
		assert_int_equal(r, -EINVAL);
		assert_null(selection.columns);
		return xasprintf("!%s", unknown);
	}
	text = xstrdup("");
	for (size_t i = 0; i < selection.n_columns; i++) {
		char *longer = xasprintf("%s%s,", text, selection.columns[i]->key);

		free(text);
		text = longer;
	}
	return text;
}

static void a_choice_is_taken_as_it_is_or_refused(void **state _unused_)
{
	static const struct {
		const char *spec, *chosen;
	} choices[] = {
		{ NULL, "name,iommu_group," },
		{ "NAME", "name," },
		{ "label,Name", "label,name," },
		{ "NAME,NAME,name", "name," },
		{ "+LABEL", "name,iommu_group,label," },
		{ "+NAME,LINK", "name,iommu_group,link," },
		{ "", "!" },
		{ "+", "!" },
		{ ",", "!" },
		{ "NAME,", "!" },
		{ ",NAME", "!" },
		{ "NAME,,GROUP", "!" },
		{ "NAME,+LABEL", "!+LABEL" },
		{ "++LABEL", "!+LABEL" },
		{ "NAM", "!NAM" },
		{ "NAMES", "!NAMES" },
		{ " NAME", "! NAME" },
		{ "iommu_group", "!iommu_group" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
		_cleanup_free_ char *chosen = choose(choices[i].spec);

		assert_string_equal(chosen, choices[i].chosen);
	}
}

static void only_what_is_chosen_is_needed(void **state _unused_)
{
	_cleanup_(selection_done) struct selection selection = { 0 };
	_cleanup_free_ char *unknown = NULL;

	assert_int_equal(selection_needs(&selection), 0);
	selection_make(columns, ARRAY_SIZE(columns), NULL, &selection, &unknown);
	assert_int_equal(selection_needs(&selection), 0);
	selection_done(&selection);
	selection_make(columns, ARRAY_SIZE(columns), "+label", &selection, &unknown);
	assert_int_equal(selection_needs(&selection), COSTLY);
	selection_done(&selection);
	selection_all(columns, ARRAY_SIZE(columns), SLOW, &selection);
	assert_int_equal(selection.n_columns, 3);
	assert_false(selection_has(&selection, "link"));
	assert_true(selection_has(&selection, "label"));
}

static void raw_text_can_be_taken_apart_again(void **state _unused_)
{
	static const struct {
		const char *json, *raw;
	} values[] = {
		{ "\"a b\\\\,c\"", "a\\x20b\\x5c,c" },
		{ "\"a\\u0007\"", "a\\x07" },
		{ "[\"a b\\\\x20\", \"c,d\"]", "a\\x20b\\x5cx20,c\\x2cd" },
		{ "[\"\\u0007\\\\\"]", "\\x07\\x5c" },
		{ "[1, 2]", "1,2" },
		{ "[{\"a b\": 1}]", "{\\x20\"a\\x20b\":\\x201\\x20}" },
		{ "[]", "-" },
		{ "null", "?" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct json_object *value = json_tokener_parse(values[i].json);
		_cleanup_free_ char *raw = cell_text_raw(&columns[2], value);

		assert_string_equal(raw, values[i].raw);
		json_object_put(value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_choice_is_taken_as_it_is_or_refused),
		cmocka_unit_test(only_what_is_chosen_is_needed),
		cmocka_unit_test(raw_text_can_be_taken_apart_again),
	};

	return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
