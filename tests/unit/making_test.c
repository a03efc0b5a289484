/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What making and destroying containers have in common, in the emulated MC. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/util.h"
#include "making.h"
#include "transaction/made.h"

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
	machine_has_said_nothing();
}

/* The scan of a list that changes can delete live devices. */
static void autorescan_is_off_while_things_are_made(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	assert_int_equal(making_quiet(&test.making), 0);
	machine_wrote("");
	machine_write(&test.machine, "sys/bus/fsl-mc/autorescan", "1\n");
	machine_answers(0);
	/* The kernel says yes in any case; only reading back tells. */
	assert_int_equal(making_quiet(&test.making), -ERROR_FAILED);
	machine_has_said("error bus: cannot write '0' to /sys/bus/fsl-mc/autorescan: ",
			 "; the MC did not do it", NULL);
	machine_wrote("0>bus/fsl-mc/autorescan\n");
	test.making.speak = false;
	assert_int_equal(making_quiet(&test.making), -ERROR_FAILED);
	machine_has_said_nothing();
	machine_then(&test.machine, 1, "echo 0 >sys/bus/fsl-mc/autorescan");
	assert_int_equal(making_quiet(&test.making), 0);
	assert_true(test.transaction.autorescan);
}

static void linux_scans_what_it_has_otherwise_than_the_mc(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	assert_int_equal(making_catch_up(&test.making), 0);
	machine_wrote("");
	/* More than the MC. */
	machine_run(&test.machine, ADD_TO_LINUX("dpbp.90"));
	machine_answers(0);
	assert_int_equal(making_catch_up(&test.making), -ERROR_FAILED);
	machine_wrote("1>bus/fsl-mc/rescan\n");
	machine_has_said("error dpbp.90: it is destroyed, but Linux has it still; run: echo 1 > "
			 "/sys/bus/fsl-mc/rescan",
			 NULL);
	test.making.speak = false;
	machine_then(&test.machine, 2, REMOVE_FROM_LINUX("dpbp.90"));
	assert_int_equal(making_catch_up(&test.making), -ERROR_FAILED);
	machine_has_said_nothing();
	assert_int_equal(making_catch_up(&test.making), 0);
	machine_wrote("1>bus/fsl-mc/rescan\n1>bus/fsl-mc/rescan\n");
	/* Less than the MC; that is for whoever needs it to find out. */
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":90}");
	assert_int_equal(making_catch_up(&test.making), 0);
	machine_wrote("1>bus/fsl-mc/rescan\n");
	/* Less, but of a type that Linux has no device for: "dpsparser". */
	firmware_do("{\"do\":\"lie\",\"command\":\"get_obj\",\"at\":32,"
		    "\"bytes\":\"647073706172736572\",\"after\":14}");
	assert_int_equal(making_catch_up(&test.making), 0);
	machine_wrote("");
	/* As many, but others. */
	machine_run(&test.machine, ADD_TO_LINUX("dpbp.91"));
	assert_int_equal(making_catch_up(&test.making), -ERROR_FAILED);
	machine_wrote("1>bus/fsl-mc/rescan\n");
	assert_int_equal(test.transaction.mc.n_open, 0);
	machine_answers(-EIO);
	assert_int_equal(making_catch_up(&test.making), -ERROR_FAILED);
	test.making.speak = true;
	firmware_do("{\"do\":\"fail\",\"command\":\"open\",\"status\":\"config_err\"}");
	assert_int_equal(making_catch_up(&test.making), -ERROR_FAILED);
	machine_has_said("error fast: cannot list the objects of dprc.1: MC status config_err",
			 NULL);
	machine_run(&test.machine, "rm -r sys/bus/fsl-mc");
	assert_int_equal(making_catch_up(&test.making), -ERROR_FAILED);
	machine_has_said("error none: cannot read the fsl-mc bus: ", NULL);
}

static void a_list_that_changes_meanwhile_is_read_again(void **state _unused_)
{
	static const char *const once[] = {
		"{\"do\":\"then\",\"command\":\"get_obj\",\"request\":{\"do\":\"add\","
		"\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":90}}",
		"{\"do\":\"fail\",\"command\":\"get_obj\",\"status\":\"no_resource\","
		"\"after\":14}",
	};
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	for (size_t i = 0; i < ARRAY_SIZE(once); i++) {
		_cleanup_free_ struct mc_descriptor *objects = NULL;
		size_t n_objects;

		firmware_do("%s", once[i]);
		assert_int_equal(making_list(&test.making, 1, &objects, &n_objects), 0);
		assert_int_equal(n_objects, 15);
	}
}

static void a_list_that_makes_no_sense_is_refused(void **state _unused_)
{
	static const char *const always[] = {
		/* It goes on and on changing. */
		"{\"do\":\"fail\",\"command\":\"get_obj\",\"status\":\"no_resource\","
		"\"times\":0}",
		/* 65537 objects */
		"{\"do\":\"lie\",\"command\":\"get_obj_count\",\"at\":12,\"bytes\":"
		"\"01000100\"}",
		"{\"do\":\"fail\",\"command\":\"get_obj\",\"status\":\"config_err\"}",
		"{\"do\":\"fail\",\"command\":\"get_obj_count\",\"status\":\"config_err\","
		"\"after\":1}",
	};
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	for (size_t i = 0; i < ARRAY_SIZE(always); i++) {
		struct mc_descriptor *objects = NULL;
		size_t n_objects = 77;

		firmware_do("%s", always[i]);
		assert_int_equal(making_list(&test.making, 1, &objects, &n_objects), -ERROR_FAILED);
		assert_null(objects);
		assert_int_equal(n_objects, 77);
		machine_has_said("error fast: cannot list the objects of dprc.1: ", NULL);
		firmware_do("{\"do\":\"clear\"}");
	}
}

/* What is pending in the kernel is said whoever asks, for nobody may go on. */
static void what_the_kernel_still_waits_for_is_left_to_recover(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	_cleanup_made_ struct made made = { 0 };
	struct mc_end peer;

	test_begin(&test);
	test.making.speak = false;
	firmware_fails_after(0, -EINPROGRESS);
	assert_int_equal(making_connect(&test.making, &dpni_0, &dpmac_3), -ERROR_TIMED_OUT);
	machine_has_said(
		"error fast: cannot open dprc.1 in the MC: the kernel is still waiting for "
		"the MC; run 'fslmc-vfio recover' when it answers again",
		NULL);
	assert_int_equal(making_disconnect(&test.making, &dpmac_3), -ERROR_TIMED_OUT);
	assert_int_equal(making_peer(&test.making, &dpmac_3, &peer), -EINPROGRESS);
	made_add_cut(&made, &dpmac_17, &dpni_0);
	made_add_cut(&made, &dpmac_3, &dpni_0);
	machine_has_said("error fast", NULL);
	assert_int_equal(making_reconnect(&test.making, &made), -ERROR_TIMED_OUT);
	machine_has_said("error fast: cannot list the objects of dprc.1: the kernel is still",
			 NULL);
	firmware_fails_after(18, -EINPROGRESS);
	assert_int_equal(making_reconnect(&test.making, &made), -ERROR_TIMED_OUT);
	machine_has_said("error fast: cannot query a connection: the kernel is still waiting",
			 NULL);
	firmware_fails_after(0, -EINPROGRESS);
	assert_int_equal(making_destroy_container(&test.making, 3), -ERROR_TIMED_OUT);
	firmware_opens(-EINPROGRESS);
	assert_int_equal(making_begin(&test.making), -ERROR_TIMED_OUT);
	machine_has_said("error fast: cannot open /dev/dprc.1: the kernel is still", NULL);
	firmware_opens(-ENOENT);
	assert_int_equal(making_begin(&test.making), -ERROR_FAILED);
	machine_has_said_nothing();
	test.making.speak = true;
	assert_int_equal(making_begin(&test.making), -ERROR_FAILED);
	machine_has_said("error fast: cannot open /dev/dprc.1: there is no such node", NULL);
	/* The errno is not the MC's status. */
	firmware_opens(-ENXIO);
	assert_int_equal(making_begin(&test.making), -ERROR_FAILED);
	machine_has_said("error fast: cannot open /dev/dprc.1: another program, such as restool, "
			 "has it open, and no DPMCP is free\n",
			 NULL);
}

/* What one connection cannot have back does not keep the others from it. */
static void each_connection_comes_back_by_itself(void **state _unused_)
{
	static const struct mc_end nobody = { .type = "dpni", .id = 70 };
	_cleanup_(test_end) struct test test;
	_cleanup_made_ struct made made = { 0 };
	struct mc_end peer;

	test_begin(&test);
	assert_int_equal(making_disconnect(&test.making, &dpmac_17), 0);
	assert_int_equal(making_disconnect(&test.making, &dpmac_3), 0);
	made_add_cut(&made, &dpmac_3, &nobody);
	made_add_cut(&made, &dpmac_17, &dpni_0);
	assert_int_equal(making_reconnect(&test.making, &made), -ERROR_FAILED);
	machine_has_said("error fast: dpmac.3 is not connected; it was connected to dpni.70, "
			 "which is not in dprc.1 any more",
			 NULL);
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 1);
	firmware_do("{\"do\":\"fail\",\"command\":\"get_connection\",\"status\":"
		    "\"auth_err\",\"times\":2}");
	assert_int_equal(making_reconnect(&test.making, &made), -ERROR_FAILED);
	machine_has_said("error fast: cannot query a connection: MC status auth_err", NULL);
	/* An MC that knows no such object says so in one of two ways. */
	firmware_do("{\"do\":\"fail\",\"command\":\"get_connection\",\"status\":"
		    "\"no_resource\"}");
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 0);
	firmware_do("{\"do\":\"fail\",\"command\":\"get_connection\",\"status\":\"busy\"}");
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 1);
}

/* The interface of the host was destroyed, and its number given out again elsewhere. */
static void a_port_is_not_connected_to_another_object_of_that_name(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	_cleanup_made_ struct made made = { 0 };
	struct mc_end peer;

	test_begin(&test);
	made_add_cut(&made, &dpmac_17, &dpni_0);
	firmware_do("{\"do\":\"destroy\",\"object\":\"dpni.0\"}");
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.2\",\"type\":\"dpni\",\"id\":0}");
	assert_int_equal(making_reconnect(&test.making, &made), -ERROR_FAILED);
	machine_has_said("error fast: dpmac.17 is not connected; it was connected to dpni.0, which "
			 "is not in dprc.1 any more",
			 NULL);
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 0);
	test.making.speak = false;
	assert_int_equal(making_reconnect(&test.making, &made), -ERROR_FAILED);
	machine_has_said_nothing();
}

static void what_the_mc_refuses_of_a_step_back_is_said(void **state _unused_)
{
	static const struct {
		const char *command, *status;
		int after;
		const char *said;
	} cases[] = {
		{ "get_connection", "auth_err", 0,
		  "error fast: cannot query the connection of dpni.3: MC status auth_err" },
		{ "disconnect", "config_err", 0,
		  "error fast: cannot disconnect dpni.3: MC status config_err" },
		{ "open", "auth_err", 2,
		  "error fast: cannot open dprc.1 in the MC: MC status auth_err" },
		{ "open", "auth_err", 1,
		  "error fast: cannot query the connection of dpni.3: MC status auth_err" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(test_end) struct test test;

		test_begin(&test);
		firmware_do("{\"do\":\"fail\",\"command\":\"%s\",\"status\":\"%s\","
			    "\"after\":%d,\"times\":0}",
			    cases[i].command, cases[i].status, cases[i].after);
		assert_int_equal(making_destroy_container(&test.making, 3), -ERROR_FAILED);
		machine_has_said(cases[i].said, NULL);
		firmware_do("{\"do\":\"clear\"}");
		assert_int_equal(making_destroy_container(&test.making, 3), 0);
	}
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_is_cut_and_comes_back),
		cmocka_unit_test(an_mc_that_is_busy_is_asked_again),
		cmocka_unit_test(autorescan_is_off_while_things_are_made),
		cmocka_unit_test(linux_scans_what_it_has_otherwise_than_the_mc),
		cmocka_unit_test(a_list_that_changes_meanwhile_is_read_again),
		cmocka_unit_test(a_list_that_makes_no_sense_is_refused),
		cmocka_unit_test(what_the_kernel_still_waits_for_is_left_to_recover),
		cmocka_unit_test(each_connection_comes_back_by_itself),
		cmocka_unit_test(a_port_is_not_connected_to_another_object_of_that_name),
		cmocka_unit_test(what_the_mc_refuses_of_a_step_back_is_said),
		cmocka_unit_test(a_container_goes_with_what_is_in_it),
		cmocka_unit_test(what_was_made_for_the_host_goes_too),
	};

	return cmocka_run_group_tests_name("making", tests, NULL, NULL);
}
