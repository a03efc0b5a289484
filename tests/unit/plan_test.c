/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which writes lead from one state to another, and in which order. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "transaction/change.h"
#include "transaction/plan.h"

#define BUS "/sys/bus/fsl-mc/"
#define HOST "fsl_mc_dprc"
#define VFIO "vfio-fsl-mc"

/* Bindings are only read here, so literals will do. */
static struct binding binding(const char *driver, const char *driver_override)
{
	return (struct binding){ .driver = (char *)driver,
				 .driver_override = (char *)driver_override };
}

/* "TEXT>PATH" a line; the text's own line break is left out, and must be its end. */
static char *plan_text(const struct transaction *transaction, enum direction direction,
		       const struct binding *now, bool autorescan_now)
{
	const struct switches switches = { autorescan_now, transaction->autoprobe };
	struct plan plan;
	char *text = xstrdup("");

	plan_make(transaction, direction, now, switches, &plan);
	for (size_t i = 0; i < plan.n_writes; i++) {
		_cleanup_free_ char *path = write_path(&plan.writes[i]);
		const char *written = plan.writes[i].text;
		const size_t n = strcspn(written, "\n");
		char *longer;

		assert_string_equal(written + n, "\n");
		if (plan.writes[i].kind != WRITE_LOCK)
			assert_int_equal(strncmp(path, BUS, strlen(BUS)), 0);
		longer = xasprintf("%s%.*s>%s\n", text, (int)n, written,
				   plan.writes[i].kind == WRITE_LOCK ? path : path + strlen(BUS));
		free(text);
		text = longer;
	}
	plan_done(&plan);
	return text;
}

static void is_planned(const struct transaction *transaction, enum direction direction,
		       const struct binding *now, bool autorescan_now, const char *wanted)
{
	_cleanup_free_ char *text = plan_text(transaction, direction, now, autorescan_now);

	assert_string_equal(text, wanted);
}

static void all_overrides_come_before_the_first_unbind(void **state _unused_)
{
	struct change changes[] = {
		{ .name = { "dprc", 2 },
		  .before = binding(HOST, NULL),
		  .after = binding(VFIO, VFIO) },
		{ .name = { "dprc", 10 },
		  .before = binding(NULL, "x"),
		  .after = binding(VFIO, VFIO) },
	};
	const struct transaction transaction = { .changes = changes,
						 .n_changes = ARRAY_SIZE(changes),
						 .autorescan = true };
	const struct binding now[] = { changes[0].before, changes[1].before };
	const struct binding done[] = { changes[0].after, changes[1].after };

	is_planned(&transaction, FORWARD, now, true,
		   "0>autorescan\n" VFIO ">devices/dprc.2/driver_override\n" VFIO
		   ">devices/dprc.10/driver_override\n"
		   "dprc.2>drivers/" HOST "/unbind\n"
		   "dprc.2>drivers/" VFIO "/bind\n"
		   "dprc.10>drivers/" VFIO "/bind\n"
		   "1>autorescan\n");
	/* Back, too: while the override names VFIO no other driver matches. */
	is_planned(&transaction, ROLLBACK, done, true,
		   "0>autorescan\n"
		   ">devices/dprc.2/driver_override\n"
		   "x>devices/dprc.10/driver_override\n"
		   "dprc.2>drivers/" VFIO "/unbind\n"
		   "dprc.2>drivers/" HOST "/bind\n"
		   "dprc.10>drivers/" VFIO "/unbind\n"
		   "1>autorescan\n");
}

static void what_is_so_already_is_not_written(void **state _unused_)
{
	struct change changes[] = {
		{ .name = { "dprc", 2 },
		  .before = binding(HOST, NULL),
		  .after = binding(VFIO, VFIO) },
	};
	const struct transaction transaction = { .changes = changes, .n_changes = 1 };
	const struct binding states[] = { binding(VFIO, VFIO), binding(NULL, VFIO),
					  binding(VFIO, NULL), binding(HOST, VFIO) };

	is_planned(&transaction, FORWARD, &states[0], false, "");
	is_planned(&transaction, FORWARD, &states[1], false, "dprc.2>drivers/" VFIO "/bind\n");
	is_planned(&transaction, FORWARD, &states[2], false,
		   VFIO ">devices/dprc.2/driver_override\n");
	is_planned(&transaction, ROLLBACK, &states[1], false,
		   ">devices/dprc.2/driver_override\ndprc.2>drivers/" HOST "/bind\n");
	is_planned(&transaction, ROLLBACK, &states[3], false, ">devices/dprc.2/driver_override\n");
}

/* An interrupted run left it off; the record knows that it was on. */
static void autorescan_is_left_as_it_was_found(void **state _unused_)
{
	struct transaction transaction = { .autorescan = true };

	is_planned(&transaction, ROLLBACK, NULL, false, "1>autorescan\n");
	is_planned(&transaction, ROLLBACK, NULL, true, "");
	transaction.autorescan = false;
	is_planned(&transaction, ROLLBACK, NULL, false, "");
}

static void a_rebind_writes_though_nothing_changes(void **state _unused_)
{
	struct change changes[] = { { .name = { "dprc", 2 },
				      .before = binding(VFIO, VFIO),
				      .after = binding(VFIO, VFIO),
				      .rescans = true } };
	const struct transaction transaction = { .changes = changes, .n_changes = 1 };
	const struct binding half = binding(NULL, VFIO);

	is_planned(&transaction, FORWARD, &changes[0].before, false,
		   "dprc.2>drivers/" VFIO "/unbind\ndprc.2>drivers/" VFIO "/bind\n");
	is_planned(&transaction, ROLLBACK, &half, false, "dprc.2>drivers/" VFIO "/bind\n");
	is_planned(&transaction, ROLLBACK, &changes[0].before, false, "");
	changes[0].unbind_started = true;
	is_planned(&transaction, ROLLBACK, &changes[0].before, false,
		   "dprc.2>drivers/" VFIO "/unbind\ndprc.2>drivers/" VFIO "/bind\n");
}

/* An override would come too late, and a driver is not taken from who never had one. */
static void what_shall_stay_without_a_driver_is_not_probed(void **state _unused_)
{
	static const struct name dprc_2 = { "dprc", 2 }, dprc_3 = { "dprc", 3 };
	struct snapshot_entry entries[] = {
		{ .name = { "dpbp", 1 }, .container = dprc_3, .driver = (char *)"allocator" },
		{ .name = { "dpni", 1 }, .container = dprc_2, .driver_override = (char *)"nobody" },
		{ .name = { "dpni", 2 }, .container = dprc_2, .driver = (char *)"eth" },
		{ .name = { "dpni", 9 }, .driver_override = (char *)"elsewhere" },
		{ .name = { "dpmcp", 7 }, .container = dprc_2, .driver = (char *)"allocator" },
		{ .name = dprc_2, .driver = (char *)HOST },
		{ .name = dprc_3, .container = dprc_2, .driver = (char *)HOST },
	};
	struct change changes[] = {
		{ .name = dprc_2, .before = binding(HOST, NULL), .after = binding(VFIO, VFIO) }
	};
	struct transaction transaction = { .changes = changes,
					   .n_changes = 1,
					   .autoprobe = true,
					   .snapshot = { .entries = entries,
							 .n_entries = ARRAY_SIZE(entries) } };

	is_planned(&transaction, FORWARD, &changes[0].before, false,
		   VFIO ">devices/dprc.2/driver_override\n"
			"dprc.2>drivers/" HOST "/unbind\ndprc.2>drivers/" VFIO "/bind\n");
	is_planned(&transaction, ROLLBACK, &changes[0].after, false,
		   ">devices/dprc.2/driver_override\n"
		   "0>drivers_autoprobe\n"
		   "dprc.2>drivers/" VFIO "/unbind\ndprc.2>drivers/" HOST "/bind\n"
		   "dpmcp.7>drivers_probe\n"
		   "nobody>devices/dpni.1/driver_override\n"
		   "dpni.2>drivers_probe\n"
		   "dprc.3>drivers_probe\n"
		   "dpbp.1>drivers_probe\n"
		   "1>drivers_autoprobe\n");
	/* With nothing to hold back, the scan does it all. */
	entries[1].driver_override = NULL;
	entries[1].driver = (char *)"eth";
	is_planned(&transaction, ROLLBACK, &changes[0].after, false,
		   ">devices/dprc.2/driver_override\n"
		   "dprc.2>drivers/" VFIO "/unbind\ndprc.2>drivers/" HOST "/bind\n");
}

/* With it, the bus would not match the driver that the DPRC had. */
static void an_override_of_another_driver_comes_after_the_bind(void **state _unused_)
{
	struct change changes[] = { { .name = { "dprc", 2 },
				      .before = binding(HOST, "other"),
				      .after = binding(VFIO, VFIO) } };
	const struct transaction transaction = { .changes = changes, .n_changes = 1 };
	const struct binding half = binding(HOST, VFIO);

	is_planned(&transaction, ROLLBACK, &changes[0].after, false,
		   ">devices/dprc.2/driver_override\n"
		   "dprc.2>drivers/" VFIO "/unbind\ndprc.2>drivers/" HOST "/bind\n"
		   "other>devices/dprc.2/driver_override\n");
	is_planned(&transaction, ROLLBACK, &half, false, "other>devices/dprc.2/driver_override\n");
}

/* Otherwise the bind ends with ENODEV (fsl_mc_bus_match()). */
static void what_is_unplugged_is_bound_by_its_override(void **state _unused_)
{
	struct change changes[] = { { .name = { "dprc", 2 },
				      .before = binding(HOST, NULL),
				      .after = binding(VFIO, VFIO),
				      .is_unplugged = true } };
	const struct transaction transaction = { .changes = changes, .n_changes = 1 };
	const struct binding half = binding(HOST, HOST);

	is_planned(&transaction, ROLLBACK, &changes[0].after, false,
		   HOST ">devices/dprc.2/driver_override\n"
			"dprc.2>drivers/" VFIO "/unbind\ndprc.2>drivers/" HOST "/bind\n"
			">devices/dprc.2/driver_override\n");
	is_planned(&transaction, ROLLBACK, &half, false, ">devices/dprc.2/driver_override\n");
}

#define LOCK "lock dprc.2>/dev/dprc.1\n"
#define UNLOCK "unlock dprc.2>/dev/dprc.1\n"
#define BIND "dprc.2>drivers/" VFIO "/bind\n"
#define UNBIND "dprc.2>drivers/" VFIO "/unbind\n"

/* Only when all else is done, and it goes before anything else does. */
static void a_lock_comes_last_and_goes_first(void **state _unused_)
{
	struct change changes[] = { { .name = { "dprc", 2 },
				      .path = (char *)"devices/soc/dprc.1/dprc.2",
				      .before = binding(HOST, NULL),
				      .after = binding(VFIO, VFIO),
				      .locked_after = true } };
	const struct transaction transaction = { .changes = changes, .n_changes = 1 };
	const struct binding half = binding(NULL, VFIO);

	is_planned(&transaction, FORWARD, &changes[0].before, true,
		   "0>autorescan\n" VFIO ">devices/dprc.2/driver_override\n"
		   "dprc.2>drivers/" HOST "/unbind\n" BIND LOCK "1>autorescan\n");
	/* Back: what was never sent is not taken back, what may have been is. */
	is_planned(&transaction, ROLLBACK, &half, false,
		   ">devices/dprc.2/driver_override\ndprc.2>drivers/" HOST "/bind\n");
	changes[0].lock = LOCK_UNKNOWN;
	is_planned(&transaction, ROLLBACK, &changes[0].after, false,
		   UNLOCK ">devices/dprc.2/driver_override\n" UNBIND "dprc.2>drivers/" HOST
			  "/bind\n");
	/* An unbind is the same with the two exchanged. */
	changes[0] = (struct change){ .name = { "dprc", 2 },
				      .path = changes[0].path,
				      .before = binding(VFIO, VFIO),
				      .after = binding(HOST, NULL),
				      .locked_before = true,
				      .lock = LOCK_ON };
	is_planned(&transaction, FORWARD, &changes[0].before, false,
		   UNLOCK ">devices/dprc.2/driver_override\n" UNBIND "dprc.2>drivers/" HOST
			  "/bind\n");
	changes[0].lock = LOCK_OFF;
	is_planned(&transaction, ROLLBACK, &half, false, BIND LOCK);
	is_planned(&transaction, ROLLBACK, &changes[0].before, false, LOCK);
}

static void a_rebind_unlocks_for_its_work(void **state _unused_)
{
	struct change changes[] = { { .name = { "dprc", 2 },
				      .path = (char *)"devices/soc/dprc.1/dprc.2",
				      .before = binding(VFIO, VFIO),
				      .after = binding(VFIO, VFIO),
				      .rescans = true,
				      .locked_before = true,
				      .locked_after = true,
				      .lock = LOCK_ON } };
	const struct transaction transaction = { .changes = changes, .n_changes = 1 };
	const struct binding half = binding(NULL, VFIO);

	is_planned(&transaction, FORWARD, &changes[0].before, false, UNLOCK UNBIND BIND LOCK);
	is_planned(&transaction, ROLLBACK, &changes[0].before, false, "");
	changes[0].lock = LOCK_UNKNOWN;
	is_planned(&transaction, ROLLBACK, &changes[0].before, false, LOCK);
	is_planned(&transaction, ROLLBACK, &half, false, UNLOCK BIND LOCK);
}

/* A bind of what is bound already adds it, and an unlock by hand is nobody's business. */
static void only_a_lock_is_added(void **state _unused_)
{
	struct change changes[] = { { .name = { "dprc", 2 },
				      .path = (char *)"devices/soc/dprc.1/dprc.2/dprc.3",
				      .before = binding(VFIO, VFIO),
				      .after = binding(VFIO, VFIO),
				      .locked_after = true } };
	const struct transaction transaction = { .changes = changes, .n_changes = 1 };

	is_planned(&transaction, FORWARD, &changes[0].before, false, LOCK);
	changes[0].locked_before = true;
	changes[0].lock = LOCK_ON;
	is_planned(&transaction, FORWARD, &changes[0].before, false, "");
	changes[0].locked_before = changes[0].locked_after = false;
	changes[0].lock = LOCK_OFF;
	is_planned(&transaction, ROLLBACK, &changes[0].before, false, "");
}

/* A driver_override may be as long as an attribute. */
static void no_text_is_cut(void **state _unused_)
{
	char text[4001] = "";
	struct change changes[] = { { .name = { "dprc", 2 },
				      .before = binding(NULL, text),
				      .after = binding(NULL, NULL) } };
	const struct transaction transaction = { .changes = changes, .n_changes = 1 };
	_cleanup_free_ char *wanted = NULL;

	memset(text, 'x', sizeof(text) - 1);
	wanted = xasprintf("%s>devices/dprc.2/driver_override\n", text);
	is_planned(&transaction, ROLLBACK, &changes[0].after, false, wanted);
}

/* While an override names another driver, that object gets none. */
static void an_object_gets_its_override_before_its_driver_or_after(void **state _unused_)
{
	static const struct {
		const char *driver, *driver_override;
		const char *wanted;
	} cases[] = {
		{ NULL, NULL, "" },
		{ "fsl_dpaa2_eth", NULL, "probe" },
		{ NULL, "mine", "override" },
		{ "mine", "mine", "override probe" },
		{ "fsl_dpaa2_eth", "mine", "probe override" },
	};
	struct change change = { .name = { "dprc", 3 } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct snapshot_entry entry = {
			.name = { "dpni", 1 },
			.driver = (char *)cases[i].driver,
			.driver_override = (char *)cases[i].driver_override,
		};
		_cleanup_strings_ struct strings kinds = { 0 };
		_cleanup_free_ char *text = NULL;
		struct plan plan = { 0 };

		plan_add_object(&plan, &change, "dprc.4/dpni.1", &entry);
		for (size_t n = 0; n < plan.n_writes; n++) {
			const bool is_probe = plan.writes[n].kind == WRITE_PROBE;

			strings_add(&kinds, is_probe ? "probe" : "override");
			assert_string_equal(plan.writes[n].text, is_probe ? "dpni.1\n" : "mine\n");
			assert_string_equal(plan.writes[n].object, "dprc.4/dpni.1");
			assert_string_equal(write_object(&plan.writes[n]).text, "dpni.1");
			assert_ptr_equal(plan.writes[n].change, &change);
		}
		text = strings_join(&kinds, " ");
		assert_string_equal(text, cases[i].wanted);
		plan_done(&plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_overrides_come_before_the_first_unbind),
		cmocka_unit_test(what_is_so_already_is_not_written),
		cmocka_unit_test(autorescan_is_left_as_it_was_found),
		cmocka_unit_test(a_rebind_writes_though_nothing_changes),
		cmocka_unit_test(what_shall_stay_without_a_driver_is_not_probed),
		cmocka_unit_test(an_override_of_another_driver_comes_after_the_bind),
		cmocka_unit_test(what_is_unplugged_is_bound_by_its_override),
		cmocka_unit_test(a_lock_comes_last_and_goes_first),
		cmocka_unit_test(a_rebind_unlocks_for_its_work),
		cmocka_unit_test(only_a_lock_is_added),
		cmocka_unit_test(no_text_is_cut),
		cmocka_unit_test(an_object_gets_its_override_before_its_driver_or_after),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
