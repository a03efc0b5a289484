/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What making and destroying containers have in common, and destroying them, in the emulated MC. */
#include "unit.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/util.h"
#include "making.h"
#include "transaction/destruction.h"
#include "transaction/journal.h"

static const struct mc_end dpmac_3 = { .type = "dpmac", .id = 3 };
static const struct mc_end dpmac_17 = { .type = "dpmac", .id = 17 };
static const struct mc_end dpni_0 = { .type = "dpni", .id = 0 };

static void a_connection_is_cut_and_comes_back(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	_cleanup_made_ struct made made = { 0 };
	struct mc_end peer;

	test_begin(&test);
	made_add_cut(&made, &dpmac_17, &dpni_0);
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 1);
	assert_string_equal(peer.type, "dpni");
	/* What is as it was needs no command. */
	assert_int_equal(making_reconnect(&test.making, &made), 0);
	assert_int_equal(making_disconnect(&test.making, &dpmac_17), 0);
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 0);
	assert_int_equal(making_reconnect(&test.making, &made), 0);
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 1);
	assert_int_equal(peer.id, 0);

	/* Somebody else has taken the port. */
	firmware_do("{\"do\":\"disconnect\",\"object\":\"dpni.0\"}");
	firmware_do("{\"do\":\"disconnect\",\"object\":\"dpni.1\"}");
	firmware_do("{\"do\":\"connect\",\"a\":\"dpni.1\",\"b\":\"dpmac.17\"}");
	assert_int_equal(making_reconnect(&test.making, &made), -ERROR_FAILED);
	machine_has_said("error fast: dpmac.17 is connected to dpni.1 now; it was connected to "
			 "dpni.0",
			 NULL);
}

static void an_mc_that_is_busy_is_asked_again(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	size_t n_objects;

	test_begin(&test);
	firmware_do("{\"do\":\"fail\",\"command\":\"get_obj_count\",\"status\":\"busy\","
		    "\"times\":2}");
	assert_int_equal(making_list(&test.making, 1, &objects, &n_objects), 0);
	assert_int_equal(n_objects, 14);
	/* But not for ever, and not if it has another reason. */
	firmware_do("{\"do\":\"fail\",\"command\":\"connect\",\"status\":\"busy\",\"times\":0}");
	test.making.deadline = clock_now_ms() + BUSY_MS;
	assert_int_equal(making_connect(&test.making, &dpni_0, &dpmac_3), -ERROR_FAILED);
	assert_true(clock_now_ms() >= test.making.deadline);
	firmware_do("{\"do\":\"clear\"}");
	assert_int_equal(making_connect(&test.making, &dpni_0, &dpmac_3), -ERROR_FAILED);
	machine_has_said("error fast: cannot connect dpni.0 to dpmac.3: MC status busy",
			 "error fast: cannot connect dpni.0 to dpmac.3: MC status ", NULL);
	test.making.speak = false;
	assert_int_equal(making_connect(&test.making, &dpni_0, &dpmac_3), -ERROR_FAILED);
	machine_has_said("", NULL);
}

/* There is firmware that does not take plugged objects along, and one that does. */
static void a_container_goes_with_what_is_in_it(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	struct mc_end peer;

	test_begin(&test);
	firmware_do("{\"do\":\"fail\",\"command\":\"destroy_container\",\"status\":"
		    "\"invalid_state\",\"times\":1}");
	assert_int_equal(making_destroy_container(&test.making, 3), 0);
	assert_int_equal(making_peer(&test.making, &dpmac_3, &peer), 0);
	assert_int_equal(making_destroy_container(&test.making, 3), -ERROR_FAILED);
	machine_has_said("error fast: cannot list the objects of dprc.3: ", NULL);
}

static void what_was_made_for_the_host_goes_too(void **state _unused_)
{
	static const struct name made[] = { { "dpni", 0 }, { "dpcon", 1 } };
	const struct names_list objects = { (struct name *)made, ARRAY_SIZE(made) };
	_cleanup_(test_end) struct test test;
	struct mc_end peer;

	test_begin(&test);
	/* Linux has them, so it scans first; the scan fails. */
	assert_int_equal(making_destroy_host_objects(&test.making, &objects), -ERROR_FAILED);
	machine_wrote("1>bus/fsl-mc/rescan\n");
	machine_answers(0);
	assert_int_equal(making_destroy_host_objects(&test.making, &objects), 0);
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 0);
	assert_int_equal(making_destroy_host_objects(&test.making, &objects), -ERROR_FAILED);
}

/* A container that Linux has not seen, with a DPBP that its record says create made. */
static void begin_destroy(struct test *test, struct destruction *ret_destruction)
{
	struct doomed *doomed = destruction_add(ret_destruction);
	struct mc_dprc_look look;

	test_begin(test);
	firmware_do("{\"do\":\"create\",\"parent\":\"dprc.1\",\"id\":9,\"label\":\"fast\"}");
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.9\",\"type\":\"dpbp\",\"id\":90}");
	assert_int_equal(mc_dprc_look(&test->transaction.mc, 9, true, &look), 0);
	mc_release(&test->transaction.mc);
	doomed->made = (struct made){ .name = { "dprc", 9 },
				      .parent = { "dprc", 1 },
				      .label = "fast",
				      .icid = look.attributes.icid,
				      .portal_id = look.attributes.portal_id };
	names_list_add(&doomed->made.objects, &(struct name){ "dpbp", 90 });
	assert_int_equal(made_write(&test->transaction, &doomed->made), 0);
}

static void has_record(const struct test *test, bool has)
{
	machine_run(&test->machine, "test %s -e run/fslmc-vfio/created/dprc.9.json",
		    has ? "" : "!");
	machine_run(&test->machine, "test %s -e run/fslmc-vfio/journal/dprc.9.json",
		    has ? "" : "!");
}

static void what_is_destroyed_is_gone_with_its_record(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	assert_int_equal(destruction_run(&test.transaction, &destruction), 0);
	machine_wrote("");
	is_as_it_was(&test);
	has_record(&test, false);
}

/* Whoever made another one with that number and label keeps it. */
static void another_container_with_its_number_stays(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_free_ char *before = NULL, *after = NULL;
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	destruction.doomed[0].made.icid++;
	before = firmware_state();
	destruction_run(&test.transaction, &destruction);
	after = firmware_state();
	assert_string_equal(after, before);
}

static void an_interrupted_destruction_is_completed(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 }, read = { 0 };
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	assert_int_equal(journal_write_destruction(&test.transaction, &destruction), 0);
	assert_int_equal(journal_load(&test.machine.sysfs, &test.transaction.rundir,
				      "journal/dprc.9.json", &journal),
			 0);
	assert_int_equal(journal_read_destruction(&journal, &read), 0);
	free(take_pointer(test.transaction.journal));
	assert_int_equal(destruction_settle(&test.transaction, &journal, &read), 0);
	is_as_it_was(&test);
	has_record(&test, false);
}

static void what_cannot_be_destroyed_stays_on_record(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	firmware_do("{\"do\":\"fail\",\"command\":\"destroy_container\",\"status\":\"auth_err\","
		    "\"times\":0}");
	assert_int_equal(destruction_run(&test.transaction, &destruction), -ERROR_RESIDUE);
	machine_has_said("error dprc.9: cannot destroy dprc.9: MC status ",
			 "not all could be destroyed; run 'fslmc-vfio recover' to go on", NULL);
	has_record(&test, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_is_cut_and_comes_back),
		cmocka_unit_test(an_mc_that_is_busy_is_asked_again),
		cmocka_unit_test(a_container_goes_with_what_is_in_it),
		cmocka_unit_test(what_was_made_for_the_host_goes_too),
		cmocka_unit_test(what_is_destroyed_is_gone_with_its_record),
		cmocka_unit_test(another_container_with_its_number_stays),
		cmocka_unit_test(an_interrupted_destruction_is_completed),
		cmocka_unit_test(what_cannot_be_destroyed_stays_on_record),
	};

	return cmocka_run_group_tests_name("making", tests, NULL, NULL);
}
