/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a change cost others: which objects are not as they were, what is tried for them, and what
 * people are told when that does not help.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "machine.h"
#include "model/bus.h"
#include "transaction/losses.h"

#define PLACE "devices/platform/soc/80c000000.fsl-mc/dprc.1/"
#define HOST "fsl_mc_dprc"
#define PROBE ">bus/fsl-mc/drivers_probe\n"

struct test {
	struct machine machine;
	struct transaction transaction;
	struct change *change;
};

static void end(struct test *test)
{
	transaction_done(&test->transaction);
	machine_done(&test->machine);
}

static void parse(const char *objects, const char *overrides, struct snapshot *ret_snapshot)
{
	struct json_object *json = json_tokener_parse(objects);
	struct json_object *more = overrides ? json_tokener_parse(overrides) : NULL;

	assert_int_equal(snapshot_from_json(json, more, ret_snapshot), 0);
	json_object_put(json);
	json_object_put(more);
}

/* A run with the DPRC of that number; what was on the bus before it is objects. */
static void begin(struct test *test, uint32_t id, const char *objects)
{
	_cleanup_free_ char *path = xasprintf(PLACE "dprc.%u", id);

	*test = (struct test){ 0 };
	machine_make(&test->machine, "small");
	test->transaction = machine_begin(&test->machine, "bind");
	machine_answers(0);
	parse(objects, NULL, &test->transaction.snapshot);
	assert_int_equal(change_add(&test->transaction, &(struct name){ "dprc", id }, path,
				    &test->change),
			 0);
}

/* Outside dprc.2: dpni.9 had a driver, dpio.1 has one that is as it was, dpni.77 is no more. */
#define OUTSIDE                                                                                    \
	"{ \"dprc.1\": { \"fsl_mc_dprc\": [ \"dprc.3\" ], \"vfio-fsl-mc\": [ \"dprc.2\" ],"        \
	"                \"\": [ \"dpni.77\" ] },"                                                 \
	"  \"dprc.2\": { \"fsl_dpaa2_eth\": [ \"dpni.1\" ] },"                                     \
	"  \"dprc.3\": { \"fsl_dpaa2_eth\": [ \"dpni.9\", \"dpni.10\" ], \"\": [ \"dpio.1\" ] } }"

static void a_bystander_that_lost_its_driver_fails_the_change(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test, 2, OUTSIDE);
	assert_int_equal(losses_outside(&test.transaction), -ERROR_FAILED);
	machine_wrote("dpni.9" PROBE "1>bus/fsl-mc/rescan\n");
	machine_has_said("error dpni.9: object outside the container lost its driver "
			 "fsl_dpaa2_eth; reprobing",
			 "error dpni.77: object outside the container lost its driver none",
			 "warning dpni.9: driver could not be restored", NULL);
}

static void what_force_gave_up_is_only_said(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test, 2, OUTSIDE);
	strings_add(&test.transaction.expected_losses, "dpni.9");
	strings_add(&test.transaction.expected_losses, "dpni.77");
	assert_int_equal(losses_outside(&test.transaction), 0);
	machine_wrote("dpni.9" PROBE "1>bus/fsl-mc/rescan\n");
	machine_has_said("warning dpni.9: lost its driver fsl_dpaa2_eth, as --force allowed; "
			 "reprobing",
			 NULL);
}

/* Whether the interrupted run did that, nobody can tell any more. */
static void what_was_lost_before_a_recovery_is_no_failure_of_it(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test, 2, OUTSIDE);
	assert_int_equal(losses_note_outside(&test.transaction), 0);
	assert_true(strings_has(&test.transaction.earlier_losses, "dpni.9"));
	assert_false(strings_has(&test.transaction.earlier_losses, "dpni.10"));
	assert_int_equal(losses_outside(&test.transaction), 0);
	machine_has_said("warning dpni.9: object outside the container lost its driver "
			 "fsl_dpaa2_eth since the interrupted run began; reprobing",
			 NULL);
	machine_wrote("dpni.9" PROBE "1>bus/fsl-mc/rescan\n");
	/* An undo says how to go on; dpni.1 was in the container. */
	test.change->unbind_started = true;
	assert_int_equal(losses_anywhere(&test.transaction), -ERROR_RESIDUE);
	machine_has_said("warning dpni.9: lost its driver fsl_dpaa2_eth since the interrupted run "
			 "began; if nobody wanted that, run: echo dpni.9 > "
			 "/sys/bus/fsl-mc/drivers_probe",
			 "error dpni.1: not restored: its driver is vfio-fsl-mc and was "
			 "fsl_dpaa2_eth",
			 NULL);
}

static void who_took_a_driver_outside_wanted_that(void **state _unused_)
{
	_cleanup_(end) struct test test;

	/* dprc.3 was VFIO's and is the host's by now, and what is in it came along. */
	begin(&test, 2,
	      "{ \"dprc.1\": { \"vfio-fsl-mc\": [ \"dprc.3\" ] },"
	      "  \"dprc.3\": { \"vfio-fsl-mc\": [ \"dpni.10\", \"dpni.9\" ] } }");
	assert_int_equal(losses_outside(&test.transaction), 0);
	losses_list(&test.transaction);
	machine_wrote("");
	machine_has_said_nothing();
}

static void an_abandoned_run_lists_what_differs(void **state _unused_)
{
	_cleanup_(end) struct test test;
	_cleanup_free_ char *said = NULL;

	begin(&test, 2, OUTSIDE);
	losses_list(&test.transaction);
	machine_wrote("");
	said = machine_said();
	assert_string_equal(said, "warning dpni.9: left as it is: its driver was fsl_dpaa2_eth\n"
				  "warning dpni.77: left as it is: its driver was none\n");
}

/* An unbind of dprc.3, in which bind found these objects, by driver. */
static int restore_inside(struct test *test, const char *found, const char *overrides)
{
	_cleanup_free_ char *objects =
		xasprintf("{ \"dprc.1\": { \"" HOST "\": [ \"dprc.3\" ] }, \"dprc.3\": %s }",
			  found);

	begin(test, 3, "{ }");
	test->change->after.driver = xstrdup(HOST);
	test->change->unbind_started = true;
	parse(objects, overrides, &test->change->found);
	return losses_since_bind(&test->transaction);
}

static void what_is_inside_gets_the_driver_that_it_had(void **state _unused_)
{
	static const struct {
		const char *objects, *overrides;
		const char *wrote, *said;
	} cases[] = {
		{ "{ \"fsl_dpaa2_eth\": [ \"dpni.10\" ] }", NULL, "", "" },
		{ "{ \"fsl_dpaa2_eth\": [ \"dpni.9\" ] }", NULL, "dpni.9" PROBE,
		  "error dpni.9: not restored: lost its driver fsl_dpaa2_eth; run: echo dpni.9 > "
		  "/sys/bus/fsl-mc/drivers_probe" },
		{ "{ \"\": [ \"dpni.10\" ] }", NULL,
		  "dpni.10>bus/fsl-mc/drivers/fsl_dpaa2_eth/unbind\n",
		  "warning dpni.10: driver fsl_dpaa2_eth probed it when the host got it back, and "
		  "it had none; unbinding it\n"
		  "error dpni.10: not restored: its driver is fsl_dpaa2_eth and was none" },
		{ "{ \"\": [ \"dpni.9\" ] }", "{ \"dpni.9\": \"mine\" }",
		  "mine>dpni.9/driver_override\n",
		  "error dpni.9: not restored: its driver was none and its driver_override mine; "
		  "write that to /sys/bus/fsl-mc/devices/dpni.9/driver_override" },
		{ "{ \"\": [ \"dpbp.70\" ] }", NULL, "",
		  "error dpbp.70: not restored: object no longer present in Linux (driver was "
		  "none); once nothing uses dprc.3, run: echo dprc.3 > "
		  "/sys/bus/fsl-mc/drivers/fsl_mc_dprc/unbind; echo dprc.3 > "
		  "/sys/bus/fsl-mc/drivers/fsl_mc_dprc/bind" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(end) struct test test;
		int r = restore_inside(&test, cases[i].objects, cases[i].overrides);

		assert_int_equal(r, *cases[i].said ? -ERROR_RESIDUE : 0);
		machine_wrote(cases[i].wrote);
		machine_has_said(cases[i].said, NULL);
	}
}

/* If somebody else bound it, no more is known than who was in it. */
static void without_a_record_only_the_objects_have_to_be_there(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test, 3,
	      "{ \"dprc.1\": { \"vfio-fsl-mc\": [ \"dprc.3\" ] },"
	      "  \"dprc.3\": { \"vfio-fsl-mc\": [ \"dpni.9\", \"dpni.10\", \"dpio.1\" ] } }");
	test.change->after.driver = xstrdup(HOST);
	assert_int_equal(losses_since_bind(&test.transaction), 0);
	machine_wrote("");
}

static void a_write_that_hangs_ends_it(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test, 2, OUTSIDE);
	machine_answers(-EINPROGRESS);
	assert_int_equal(losses_outside(&test.transaction), -ERROR_TIMED_OUT);
	machine_wrote("dpni.9" PROBE);
	machine_has_said("still pending in the kernel", NULL);
}

static void without_a_bus_nothing_can_be_told(void **state _unused_)
{
	_cleanup_(end) struct test test;
	_cleanup_free_ char *said = NULL;

	begin(&test, 2, OUTSIDE);
	machine_run(&test.machine, "rm -r sys/bus/fsl-mc");
	assert_int_equal(losses_note_outside(&test.transaction), -ERROR_FAILED);
	assert_int_equal(losses_outside(&test.transaction), -ERROR_FAILED);
	free(machine_said());
	/* It is said once, whatever else there would be to look at. */
	assert_int_equal(losses_anywhere(&test.transaction), -ERROR_FAILED);
	said = machine_said();
	assert_non_null(strstr(said, "error none: cannot read the fsl-mc bus: "));
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	test.change->after.driver = xstrdup(HOST);
	assert_int_equal(losses_since_bind(&test.transaction), -ERROR_FAILED);
	losses_list(&test.transaction);
	machine_wrote("");
}

/* What is as asked was seen when that was verified, and need not be looked at again. */
static void what_is_as_it_was_costs_no_look(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test, 2, "{ \"dprc.1\": { \"fsl_mc_dprc\": [ \"dprc.3\" ] } }");
	assert_int_equal(bus_load(&test.machine.sysfs, &test.transaction.after), 0);
	machine_run(&test.machine, "rm -r sys/bus/fsl-mc");
	assert_int_equal(losses_outside(&test.transaction), 0);
	machine_has_said_nothing();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bystander_that_lost_its_driver_fails_the_change),
		cmocka_unit_test(what_force_gave_up_is_only_said),
		cmocka_unit_test(what_was_lost_before_a_recovery_is_no_failure_of_it),
		cmocka_unit_test(who_took_a_driver_outside_wanted_that),
		cmocka_unit_test(an_abandoned_run_lists_what_differs),
		cmocka_unit_test(what_is_inside_gets_the_driver_that_it_had),
		cmocka_unit_test(without_a_record_only_the_objects_have_to_be_there),
		cmocka_unit_test(a_write_that_hangs_ends_it),
		cmocka_unit_test(without_a_bus_nothing_can_be_told),
		cmocka_unit_test(what_is_as_it_was_costs_no_look),
	};

	return cmocka_run_group_tests_name("losses", tests, NULL, NULL);
}
