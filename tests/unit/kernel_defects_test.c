/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which versions of Linux have a defect: by branch, by patch level, and of vendors. */
#include "unit.h"

#include "base/util.h"
#include "model/host.h"
#include "rules/finding.h"
#include "rules/kernel_defects.h"

/* Fixed in some branches, in one only, and in none. */
static const struct kernel_defect by_branch = { .since = { 6, 1 },
						.fixed = { { 6, 1, 39 }, { 6, 4, 4 }, { 6, 5 } } };
static const struct kernel_defect in_mainline = { .since = { 5, 12 }, .fixed = { { 6, 16 } } };
static const struct kernel_defect not_fixed = { .since = { 7, 1 } };

static struct kernel_version exactly(unsigned int major, unsigned int minor, unsigned int patch)
{
	return (struct kernel_version){ major, minor, patch, true, true, true };
}

static void a_branch_has_the_fix_from_a_patch_on(void **state _unused_)
{
	static const struct {
		const struct kernel_defect *defect;
		unsigned int major, minor, patch;
		enum defect_state state;
	} rows[] = {
		{ &by_branch, 5, 10, 209, DEFECT_ABSENT },
		{ &by_branch, 6, 0, 19, DEFECT_ABSENT },
		{ &by_branch, 6, 1, 38, DEFECT_PRESENT },
		{ &by_branch, 6, 1, 39, DEFECT_ABSENT },
		{ &by_branch, 6, 2, 16, DEFECT_PRESENT },
		{ &by_branch, 6, 4, 3, DEFECT_PRESENT },
		{ &by_branch, 6, 4, 4, DEFECT_ABSENT },
		{ &by_branch, 6, 5, 0, DEFECT_ABSENT },
		{ &by_branch, 6, 6, 0, DEFECT_ABSENT },
		{ &by_branch, 7, 0, 0, DEFECT_ABSENT },
		{ &in_mainline, 5, 11, 9, DEFECT_ABSENT },
		{ &in_mainline, 5, 12, 0, DEFECT_PRESENT },
		{ &in_mainline, 6, 0, 0, DEFECT_PRESENT },
		{ &in_mainline, 6, 15, 3, DEFECT_PRESENT },
		{ &in_mainline, 6, 16, 0, DEFECT_ABSENT },
		{ &in_mainline, 6, 17, 0, DEFECT_ABSENT },
		{ &not_fixed, 7, 0, 9, DEFECT_ABSENT },
		{ &not_fixed, 7, 1, 0, DEFECT_PRESENT },
		{ &not_fixed, 8, 0, 0, DEFECT_PRESENT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct kernel_version version =
			exactly(rows[i].major, rows[i].minor, rows[i].patch);

		assert_int_equal(kernel_defect_state(rows[i].defect, &version), rows[i].state);
	}
}

static void what_the_version_does_not_decide_is_possible(void **state _unused_)
{
	static const struct {
		struct kernel_version version;
		enum defect_state state;
	} rows[] = {
		/* Not known, a branch alone, and those of vendors. */
		{ { .is_exact = true }, DEFECT_POSSIBLE },
		{ { .major = 6, .minor = 1 }, DEFECT_POSSIBLE },
		{ { .major = 6, .minor = 1, .is_exact = true }, DEFECT_PRESENT },
		{ { .major = 6, .minor = 5 }, DEFECT_ABSENT },
		{ { .major = 6, .minor = 1, .patch = 38, .has_patch = true }, DEFECT_POSSIBLE },
		{ { .major = 6, .minor = 1, .patch = 39, .has_patch = true }, DEFECT_ABSENT },
		{ { .major = 6, .minor = 2, .patch = 99, .has_patch = true }, DEFECT_POSSIBLE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(kernel_defect_state(&by_branch, &rows[i].version), rows[i].state);
}

static void versions_are_printed(void **state _unused_)
{
	_cleanup_free_ char *branches = kernel_defect_versions(&by_branch);
	_cleanup_free_ char *none = kernel_defect_versions(&not_fixed);

	assert_string_equal(branches, "since 6.1, fixed in 6.1.39, 6.4.4, 6.5");
	assert_string_equal(none, "since 7.1, not fixed");
}

static void a_defect_of_a_host_is_certain_or_possible(void **state _unused_)
{
	struct host host = { .kernel = exactly(7, 1, 0) };

	assert_int_equal(kernel_defect_of(&host, "irq-isolation"), DEFECT_PRESENT);
	assert_int_equal(kernel_defect_of(&host, "irq"), DEFECT_ABSENT);
	host.kernel.is_exact = false;
	assert_int_equal(kernel_defect_of(&host, "irq-isolation"), DEFECT_POSSIBLE);
	host.kernel = exactly(6, 1, 38);
	assert_int_equal(kernel_defect_of(&host, "irq-isolation"), DEFECT_ABSENT);
}

static void one_that_crashes_every_bind_is_apart(void **state _unused_)
{
	struct host host = { .kernel = exactly(6, 1, 38) };
	_cleanup_findings_ struct findings findings = { 0 };

	assert_string_equal(kernel_defects_crash(&host, DEFECT_PRESENT)->id, "CVE-2023-53362");
	assert_null(kernel_defects_crash(&host, DEFECT_POSSIBLE));
	kernel_defects_find(&host, &findings);
	for (size_t i = 0; i < findings.n_findings; i++)
		assert_null(strstr(findings.findings[i].evidence, "CVE-2023-53362"));
	host.kernel = exactly(6, 1, 39);
	assert_null(kernel_defects_crash(&host, DEFECT_PRESENT));
}

/* What is said about irq-once; NULL: nothing. */
static void finds(const struct kernel_version *kernel, const char *evidence)
{
	const struct host host = { .kernel = *kernel };
	_cleanup_findings_ struct findings findings = { 0 };
	const char *found = NULL;

	kernel_defects_find(&host, &findings);
	for (size_t i = 0; i < findings.n_findings; i++)
		if (!strncmp(findings.findings[i].evidence, "irq-once,", strlen("irq-once,")))
			found = findings.findings[i].evidence;
	if (evidence)
		assert_string_equal(found, evidence);
	else
		assert_null(found);
}

static void a_defect_is_told_of_the_versions_that_have_it(void **state _unused_)
{
	struct kernel_version version = exactly(7, 1, 2);

	finds(&version, "irq-once, in Linux 7.1.2");
	version.is_exact = false;
	finds(&version, "irq-once, in Linux 7.1.2, unless its vendor fixed it");
	version = exactly(7, 0, 0);
	finds(&version, NULL);
	version = (struct kernel_version){ 0 };
	finds(&version, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_branch_has_the_fix_from_a_patch_on),
		cmocka_unit_test(what_the_version_does_not_decide_is_possible),
		cmocka_unit_test(versions_are_printed),
		cmocka_unit_test(a_defect_of_a_host_is_certain_or_possible),
		cmocka_unit_test(one_that_crashes_every_bind_is_apart),
		cmocka_unit_test(a_defect_is_told_of_the_versions_that_have_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
