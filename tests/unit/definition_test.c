/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of definitions. */
#include "unit.h"

#include "base/util.h"
#include "settings/definition.h"

static void a_label_becomes_the_name_of_a_file(void **state _unused_)
{
	static const struct {
		const char *label, *name;
	} labels[] = {
		{ "dpdk", "dpdk" },
		{ "VPP_1.a", "VPP_1.a" },
		{ "DPDK Container", "dpdk-container" },
		{ " ../etc/Passwd ", "etc-passwd" },
		{ "..", NULL },
		{ "caf\xc3\xa9 1", "caf-1" },
		{ "-x-", "x" },
		{ "vpp.json", "vpp" },
		{ ".json", "json" },
		{ "", NULL },
		{ "\xff\xfe", NULL },
		{ "/", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		_cleanup_free_ char *name = definition_name_of_label(labels[i].label);

		if (labels[i].name)
			assert_string_equal(name, labels[i].name);
		else
			assert_null(name);
		assert_true(!name || definition_name_is_valid(name));
	}
}

static void a_file_name_is_taken_for_the_definition(void **state _unused_)
{
	static const struct {
		const char *text, *name;
	} files[] = {
		{ "vpp", "vpp" },
		{ "vpp.json", "vpp" },
		{ ".json", ".json" },
		{ "vpp.json.json", "vpp.json" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		_cleanup_free_ char *name = definition_cut_suffix(xstrdup(files[i].text));

		assert_string_equal(name, files[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_becomes_the_name_of_a_file),
		cmocka_unit_test(a_file_name_is_taken_for_the_definition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
