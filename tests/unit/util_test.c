/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Untrusted text, and lists for one line. */
#include "unit.h"

#include <stdlib.h>

#include "base/listing.h"
#include "base/util.h"

static void what_could_harm_a_terminal_is_escaped(void **state _unused_)
{
	static const struct {
		const char *text, *escaped;
	} texts[] = {
		{ "eth0", "eth0" },
		{ "a b\xc3\xa9", "a b\xc3\xa9" },
		{ "\x1b[31m", "\\x1b[31m" },
		{ "a\nb\rc\x7f", "a\\x0ab\\x0dc\\x7f" },
		{ "\xc2\x9b"
		  "31m",
		  "\\xc2\\x9b31m" }, /* CSI as a C1 control */
		/* What hides text, or shows it in another order or on another line. */
		{ "a\u202eb\u2069", "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa9" },
		{ "\u2028\u2029\xc2\x85", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9\\xc2\\x85" },
		{ "\u200b\ufeff\u00ad", "\\xe2\\x80\\x8b\\xef\\xbb\\xbf\\xc2\\xad" },
		{ "\U000e0041", "\\xf3\\xa0\\x81\\x81" },
		{ "\u00a0\u3000", "\\xc2\\xa0\\xe3\\x80\\x80" },
		{ "\u4e2d\u2010\U0001f427", "\u4e2d\u2010\U0001f427" },
		{ "\xff\xfe", "\\xff\\xfe" },
		{ "\xe2\x82", "\\xe2\\x82" },			/* cut short */
		{ "\xc0\xaf", "\\xc0\\xaf" },			/* overlong "/" */
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },		/* a surrogate */
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" }, /* past U+10FFFF */
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_free_ char *escaped = str_escape(texts[i].text);

		assert_string_equal(escaped, texts[i].escaped);
	}
}

static void utf8_is_told_from_what_is_not(void **state _unused_)
{
	assert_true(str_is_utf8(""));
	assert_true(str_is_utf8("\xf0\x9f\x90\xa7"));
	assert_false(str_is_utf8("a\x80"));
	assert_false(str_is_utf8("\xe2\x82"));
	assert_false(str_is_utf8("\xed\xbf\xbf"));
}

static void two_texts_may_both_be_none(void **state _unused_)
{
	assert_true(str_same(NULL, NULL));
	assert_false(str_same(NULL, ""));
	assert_true(str_same("a", "a"));
	assert_false(str_same("a", "b"));
}

static void a_listing_counts_all_and_spells_out_a_few(void **state _unused_)
{
	struct listing listing = { 0 };

	for (int i = 1; i <= 20; i++)
		listing_take(&listing, xasprintf("%d", i));
	assert_int_equal(listing.n, 20);
	assert_string_equal(listing.text, "1, 2, 3, 4, 5, 6, 7, 8, ...");
	free(listing.text);
}

static void a_number_is_digits_and_nothing_else(void **state _unused_)
{
	static const char *const wrong[] = { "",   " 1",  "+1",	 "-1",
					     "1 ", "0x1", "101", "99999999999999999999999" };
	unsigned int number = 7;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_false(str_number(wrong[i], 100, &number));
	assert_int_equal(number, 7);
	assert_true(str_number("100", 100, &number));
	assert_int_equal(number, 100);
	assert_true(str_number("4294967295", 4294967295U, &number));
	assert_int_equal(number, 4294967295U);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_could_harm_a_terminal_is_escaped),
		cmocka_unit_test(utf8_is_told_from_what_is_not),
		cmocka_unit_test(two_texts_may_both_be_none),
		cmocka_unit_test(a_number_is_digits_and_nothing_else),
		cmocka_unit_test(a_listing_counts_all_and_spells_out_a_few),
	};

	return cmocka_run_group_tests_name("util", tests, NULL, NULL);
}
