/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar of names. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "base/util.h"
#include "model/name.h"

static void names_are_parsed(void **state _unused_)
{
	static const struct {
		const char *text, *type;
		uint32_t id;
	} names[] = {
		{ "dprc.0", "dprc", 0 },
		{ "dpni.10", "dpni", 10 },
		{ "dpseci.4294967295", "dpseci", UINT32_MAX },
		{ "dpx.1", "dpx", 1 },
		{ "dpabcdefghijklm.1", "dpabcdefghijklm", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct name name;

		assert_int_equal(name_parse(names[i].text, &name), 0);
		assert_string_equal(name.type, names[i].type);
		assert_int_equal(name.id, names[i].id);
		assert_string_equal(name_text(&name).text, names[i].text);
	}
}

static void others_are_refused_and_leave_the_output_alone(void **state _unused_)
{
	static const char *const texts[] = {
		"",
		".",
		"dp.1",
		"dprc",
		"dprc.",
		"dprc.02",
		"dprc.+1",
		"dprc.-1",
		"dprc. 1",
		"dprc.1 ",
		"dprc.1\n",
		"dprc.4294967296",
		"dprc.1x",
		"dprc.0x1",
		"../../x",
		"dprc/.1",
		"dprc.1/..",
		"DPRC.1",
		"dprc.1.2",
		"xprc.1",
		"dpr-c.1",
		" dprc.1",
		"dpabcdefghijklmn.1",
		"dprc.99999999999999999999999",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct name name = { "dpni", 7 };

		assert_int_equal(name_parse(texts[i], &name), -EINVAL);
		assert_string_equal(name_text(&name).text, "dpni.7");
	}
}

static void the_mc_s_types_obey_the_same_grammar(void **state _unused_)
{
	struct name name;

	assert_int_equal(name_make("dpmcp", 3, &name), 0);
	assert_string_equal(name_text(&name).text, "dpmcp.3");
	assert_int_equal(name_make("dpmcp.", 3, &name), -EINVAL);
	assert_int_equal(name_make("dp\x1b[31m", 3, &name), -EINVAL);
	assert_int_equal(name_make("dpabcdefghijklmn", 3, &name), -EINVAL);
}

static void names_are_ordered_by_type_then_by_number(void **state _unused_)
{
	static const char *const ordered[] = { "dpio.0", "dpni.9", "dpni.10", "dprc.1", "dprc.2" };

	for (size_t i = 0; i + 1 < ARRAY_SIZE(ordered); i++) {
		struct name a, b;

		assert_int_equal(name_parse(ordered[i], &a), 0);
		assert_int_equal(name_parse(ordered[i + 1], &b), 0);
		assert_true(name_compare(&a, &b) < 0);
		assert_true(name_compare(&b, &a) > 0);
		assert_true(name_equal(&a, &a));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_parsed),
		cmocka_unit_test(others_are_refused_and_leave_the_output_alone),
		cmocka_unit_test(the_mc_s_types_obey_the_same_grammar),
		cmocka_unit_test(names_are_ordered_by_type_then_by_number),
	};

	return cmocka_run_group_tests_name("name", tests, NULL, NULL);
}
