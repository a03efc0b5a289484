/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a DPRC is the one that was looked at, by what the emulated MC says; and whether the bus
 * is as it should be after a change.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "making.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "transaction/inspect.h"
#include "transaction/journal.h"
#include "transaction/losses.h"
#include "transaction/switches.h"
#include "transaction/transaction.h"

#define PLACE "devices/mc/dprc.1/dprc.3"

/* dprc.3 as the bus of the test has it. */
static struct change *begin(struct test *test)
{
	const struct name dprc_3 = { "dprc", 3 };
	struct change *change;

	test_begin(test);
	assert_int_equal(change_add(&test->transaction, &dprc_3, PLACE, &change), 0);
	identity_take(bus_find_dprc(test->bus, &dprc_3), &change->identity);
	assert_int_equal(change->identity.icid, 2);
	return change;
}

static void what_was_looked_at_is_known_again(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	begin(&test);
	assert_int_equal(inspect_identity(&test.transaction, test.bus), 0);
	/* One that is busy now tells a moment later. */
	firmware_do("{\"do\":\"fail\",\"command\":\"get_attributes\",\"status\":\"busy\","
		    "\"times\":4}");
	assert_int_equal(inspect_identity(&test.transaction, test.bus), 0);
	firmware_do("{\"do\":\"fail\",\"command\":\"get_attributes\",\"status\":\"busy\","
		    "\"times\":5}");
	assert_int_equal(inspect_identity(&test.transaction, test.bus), -ERROR_FAILED);
	machine_has_said("error dprc.3: it cannot be seen whether it is the DPRC it was when it "
			 "was looked at: ",
			 "; nothing was written", NULL);
	assert_int_equal(inspect_identity(&test.transaction, test.bus), 0);
	machine_has_said_nothing();
}

static void another_one_is_not_changed(void **state _unused_)
{
	static const char *const requests[] = {
		"{\"do\":\"label\",\"object\":\"dprc.3\",\"label\":\"mine\"}",
		"{\"do\":\"destroy\",\"object\":\"dprc.3\"}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		_cleanup_(test_end) struct test test;

		begin(&test);
		firmware_do("%s", requests[i]);
		assert_int_equal(inspect_identity(&test.transaction, test.bus), -ERROR_FAILED);
		machine_has_said("error dprc.3: it is not the DPRC it was when it was looked at; "
				 "nothing was written",
				 NULL);
	}
}

static void another_number_makes_another_one(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	struct change *change = begin(&test);

	change->identity.icid++;
	assert_int_equal(inspect_identity(&test.transaction, test.bus), -ERROR_FAILED);
	change->identity.icid--;
	change->identity.portal_id++;
	assert_int_equal(inspect_identity(&test.transaction, test.bus), -ERROR_FAILED);
	change->identity.portal_id--;
	assert_int_equal(inspect_identity(&test.transaction, test.bus), 0);
	/* What the MC did not tell then it need not tell now. */
	change->identity =
		(struct identity){ IDENTITY_UNKNOWN, IDENTITY_UNKNOWN, change->identity.label };
	assert_int_equal(inspect_identity(&test.transaction, test.bus), 0);
}

static void an_mc_that_is_silent_lets_nothing_begin(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	begin(&test);
	firmware_fails_after(0, -ETIMEDOUT);
	assert_int_equal(inspect_identity(&test.transaction, test.bus), -ERROR_FAILED);
	machine_has_said("error none: the MC does not answer; nothing was written", NULL);
	/* Where it was not asked, sysfs alone has to tell. */
	bus_free(take_pointer(test.bus));
	assert_int_equal(bus_load(&test.machine.sysfs, &test.bus), 0);
	assert_int_equal(inspect_identity(&test.transaction, test.bus), 0);
}

static void a_recovery_leaves_out_another_one(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	struct change *change = begin(&test);

	firmware_do("{\"do\":\"unplug\",\"object\":\"dprc.3\"}");
	assert_int_equal(inspect_drop_replaced(&test.transaction), 0);
	assert_int_equal(test.transaction.n_changes, 1);
	assert_true(change->is_unplugged);
	assert_int_equal(test.transaction.mc.n_open, 0);
	change->identity.icid++;
	assert_int_equal(inspect_drop_replaced(&test.transaction), 0);
	assert_int_equal(test.transaction.n_changes, 0);
	machine_has_said("warning dprc.3: it is another DPRC now; nothing to restore", NULL);
	machine_run(&test.machine, "rm -r sys/bus/fsl-mc");
	assert_int_equal(inspect_drop_replaced(&test.transaction), -ERROR_FAILED);
	machine_has_said("error none: cannot read the fsl-mc bus: ", NULL);
}

/* Linux has it on VFIO, with all that is in it. */
static struct change *begin_bound(struct test *test)
{
	struct change *change = begin(test);

	machine_run(&test->machine,
		    "mkdir sys/bus/fsl-mc/drivers/vfio-fsl-mc && cd sys/" PLACE " && "
		    "echo vfio-fsl-mc >driver_override && "
		    "ln -s ../../../../bus/fsl-mc/drivers/vfio-fsl-mc driver && "
		    "ln -s ../../../../devices/mc/dprc.1/dprc.3 "
		    "../../../../bus/fsl-mc/drivers/vfio-fsl-mc/");
	change->after.driver = xstrdup("vfio-fsl-mc");
	change->after.driver_override = xstrdup("vfio-fsl-mc");
	return change;
}

/* What was completed must not be taken apart because the MC does not report it. */
static void a_recovery_writes_nothing_while_the_mc_is_silent(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	struct change *change = begin_bound(&test);
	bool as_asked = true;

	change->before.driver = xstrdup("fsl_mc_dprc");
	test.transaction.has_begun = test.transaction.autoprobe = true;
	assert_int_equal(journal_write(&test.transaction), 0);
	machine_write(&test.machine, "sys/bus/fsl-mc/drivers_autoprobe", "0\n");
	machine_answers(0);
	firmware_fails_after(0, -ETIMEDOUT);
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_RESIDUE);
	firmware_fails_after(0, 0);
	machine_wrote("");
	machine_has_said("error none: the MC does not answer; nothing was written; run "
			 "'fslmc-vfio recover' again when it does\n",
			 NULL);
	machine_run(&test.machine, "test -s run/fslmc-vfio/journal/dprc.3.json");
	assert_int_equal(test.transaction.mc.n_open, 0);
}

static void a_bind_is_verified_by_all_that_the_mc_has(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	begin_bound(&test);
	/* In the MC it has objects that Linux does not show. */
	assert_int_equal(inspect_goal(&test.transaction, FORWARD, false), -ERROR_FAILED);
	machine_has_said_nothing();
	assert_int_equal(inspect_goal(&test.transaction, FORWARD, true), -ERROR_FAILED);
	machine_has_said("error dprc.3: ",
			 " objects were not bound to vfio-fsl-mc, or are not "
			 "isolated: ",
			 NULL);
	assert_int_equal(test.transaction.mc.n_open, 0);
	assert_non_null(test.transaction.after);
}

static void what_the_mc_does_not_tell_any_more_is_not_verified(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	begin_bound(&test);
	firmware_do("{\"do\":\"fail\",\"command\":\"open\",\"object\":\"dprc.3\","
		    "\"status\":\"config_err\",\"times\":0}");
	assert_int_equal(inspect_goal(&test.transaction, FORWARD, true), -ERROR_FAILED);
	machine_has_said("error dprc.3: the MC does not tell any more what is in it: config_err",
			 NULL);
	firmware_do("{\"do\":\"clear\"}");
	firmware_fails_after(0, -ETIMEDOUT);
	assert_int_equal(inspect_goal(&test.transaction, FORWARD, true), -ERROR_FAILED);
	machine_has_said("error none: the MC does not answer any more", NULL);
	assert_int_equal(inspect_goal(&test.transaction, FORWARD, false), -ERROR_FAILED);
	machine_has_said_nothing();
}

static void a_goal_is_reached_by_every_dprc_or_not(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	struct change *change = begin(&test);

	/* As it was: no driver. */
	assert_int_equal(inspect_goal(&test.transaction, ROLLBACK, true), 0);
	assert_int_equal(inspect_goal(&test.transaction, FORWARD, true), 0);
	change->before.driver = xstrdup("fsl_mc_dprc");
	assert_int_equal(inspect_goal(&test.transaction, ROLLBACK, true), -ERROR_FAILED);
	machine_has_said("error dprc.3: its driver is none and its driver_override none; "
			 "fsl_mc_dprc and none should be",
			 NULL);
	assert_int_equal(inspect_goal(&test.transaction, ROLLBACK, false), -ERROR_FAILED);
	machine_has_said_nothing();
	machine_run(&test.machine, "rm -r sys/" PLACE);
	assert_int_equal(inspect_goal(&test.transaction, ROLLBACK, true), -ERROR_FAILED);
	machine_has_said("error dprc.3: cannot read its driver: ", NULL);
	machine_run(&test.machine, "rm -r sys/bus/fsl-mc");
	assert_int_equal(inspect_goal(&test.transaction, FORWARD, true), -ERROR_FAILED);
	machine_has_said("error none: cannot read the fsl-mc bus: ", NULL);
}

/* While autorescan is off, what is created in the root DPRC does not come to Linux. */
static void what_was_created_meanwhile_is_scanned(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	begin(&test);
	machine_write(&test.machine, "dev/dprc.1", "");
	machine_answers(0);
	/* The switch was off, so nothing was held back. */
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":90}");
	assert_int_equal(switches_catch_up(&test.transaction), 0);
	machine_wrote("");
	test.transaction.autorescan = true;
	machine_then(&test.machine, 2,
		     "mkdir sys/devices/mc/dprc.1/dpbp.90 && "
		     "cp sys/devices/mc/dprc.1/dpbp.0/[!s]* "
		     "sys/devices/mc/dprc.1/dpbp.90; "
		     "ln -s ../../../devices/mc/dprc.1/dpbp.90 "
		     "sys/bus/fsl-mc/devices/");
	assert_int_equal(switches_catch_up(&test.transaction), 0);
	/* The first scan met an MC that was busy. */
	machine_wrote("1>bus/fsl-mc/rescan\n1>bus/fsl-mc/rescan\n");
	machine_has_said_nothing();
	assert_non_null(test.transaction.after);
	assert_non_null(bus_find(test.transaction.after, &(struct name){ "dpbp", 90 }));
	assert_int_equal(test.transaction.mc.n_open, 0);
	assert_int_equal(switches_catch_up(&test.transaction), 0);
	machine_wrote("");
}

static void what_linux_does_not_get_is_said(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	begin(&test);
	test.transaction.autorescan = true;
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":90}");
	/* Without its door nobody on this machine creates anything. */
	assert_int_equal(switches_catch_up(&test.transaction), 0);
	machine_write(&test.machine, "dev/dprc.1", "");
	assert_int_equal(switches_catch_up(&test.transaction), 0);
	machine_wrote("1>bus/fsl-mc/rescan\n1>bus/fsl-mc/rescan\n1>bus/fsl-mc/rescan\n"
		      "1>bus/fsl-mc/rescan\n1>bus/fsl-mc/rescan\n");
	machine_has_said("warning none: the MC counts other objects in the root DPRC than Linux "
			 "has; run: echo 1 > /sys/bus/fsl-mc/rescan",
			 NULL);
	machine_answers(-EINPROGRESS);
	assert_int_equal(switches_catch_up(&test.transaction), -ERROR_TIMED_OUT);
	machine_wrote("1>bus/fsl-mc/rescan\n");
	firmware_fails_after(0, -EACCES);
	assert_int_equal(switches_catch_up(&test.transaction), 0);
	machine_wrote("");
	machine_has_said("warning dprc.1: cannot tell whether objects were created in it "
			 "meanwhile: ",
			 "; if so, run: echo 1 > /sys/bus/fsl-mc/rescan", NULL);
	machine_run(&test.machine, "rm -r sys/bus/fsl-mc");
	assert_int_equal(switches_catch_up(&test.transaction), 0);
}

/* Soft parser profiles, say, which a DPL or restool makes. */
static void what_linux_has_no_type_for_is_not_awaited(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	const struct dprc *root;

	begin(&test);
	root = bus_root(test.bus);
	test.transaction.autorescan = true;
	machine_write(&test.machine, "dev/dprc.1", "");
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":90}");
	/* "dpsparser" */
	firmware_do("{\"do\":\"lie\",\"command\":\"get_obj\",\"at\":32,"
		    "\"bytes\":\"647073706172736572\",\"after\":%zu}",
		    root->n_objects);
	assert_int_equal(switches_catch_up(&test.transaction), 0);
	machine_wrote("");
	machine_has_said_nothing();
	assert_int_equal(test.transaction.mc.n_open, 0);
}

static void a_switch_is_tried_again(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	begin(&test);
	test.transaction.autorescan = true;
	machine_write(&test.machine, "sys/bus/fsl-mc/autorescan", "0\n");
	machine_answers(0);
	machine_then(&test.machine, 3, "echo 1 >sys/bus/fsl-mc/autorescan");
	assert_int_equal(switches_restore(&test.transaction), 0);
	machine_wrote("1>bus/fsl-mc/autorescan\n1>bus/fsl-mc/autorescan\n"
		      "1>bus/fsl-mc/autorescan\n");
	machine_write(&test.machine, "sys/bus/fsl-mc/autorescan", "0\n");
	assert_int_equal(switches_restore(&test.transaction), -ERROR_FAILED);
	machine_has_said_nothing();
}

/* The objects of the root DPRC, before; then dpbp.0 goes from Linux. */
static void begin_losses(struct test *test)
{
	test_begin(test);
	snapshot_take(test->bus, &test->transaction.snapshot);
	machine_run(&test->machine, REMOVE_FROM_LINUX("dpbp.0"));
	machine_answers(0);
}

/* What the MC took away or put elsewhere is not for Linux to bring back. */
static void what_the_mc_has_no_more_is_no_loss(void **state _unused_)
{
	static const char *const requests[] = {
		"{\"do\":\"destroy\",\"object\":\"dpbp.0\"}",
		"{\"do\":\"assign\",\"object\":\"dpbp.0\",\"container\":\"dprc.3\"}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		_cleanup_(test_end) struct test test;

		begin_losses(&test);
		firmware_do("{\"do\":\"unplug\",\"object\":\"dpbp.0\"}");
		firmware_do("%s", requests[i]);
		assert_int_equal(losses_outside(&test.transaction), 0);
		machine_wrote("");
		machine_has_said_nothing();
		assert_int_equal(test.transaction.mc.n_open, 0);
	}
}

static void what_the_mc_has_is_scanned_again(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	begin_losses(&test);
	assert_int_equal(losses_outside(&test.transaction), -ERROR_FAILED);
	machine_wrote("1>bus/fsl-mc/rescan\n");
	machine_has_said("error dpbp.0: object outside the container lost its driver none; "
			 "reprobing",
			 "warning dpbp.0: driver could not be restored", NULL);
	/* An MC that does not tell all may have it. */
	firmware_do("{\"do\":\"unplug\",\"object\":\"dpbp.0\"}");
	firmware_do("{\"do\":\"destroy\",\"object\":\"dpbp.0\"}");
	firmware_do("{\"do\":\"fail\",\"command\":\"get_obj\",\"status\":\"config_err\","
		    "\"times\":0}");
	assert_int_equal(losses_outside(&test.transaction), -ERROR_FAILED);
	machine_wrote("1>bus/fsl-mc/rescan\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_looked_at_is_known_again),
		cmocka_unit_test(another_one_is_not_changed),
		cmocka_unit_test(another_number_makes_another_one),
		cmocka_unit_test(an_mc_that_is_silent_lets_nothing_begin),
		cmocka_unit_test(a_recovery_leaves_out_another_one),
		cmocka_unit_test(a_recovery_writes_nothing_while_the_mc_is_silent),
		cmocka_unit_test(a_bind_is_verified_by_all_that_the_mc_has),
		cmocka_unit_test(what_the_mc_does_not_tell_any_more_is_not_verified),
		cmocka_unit_test(a_goal_is_reached_by_every_dprc_or_not),
		cmocka_unit_test(what_was_created_meanwhile_is_scanned),
		cmocka_unit_test(what_linux_does_not_get_is_said),
		cmocka_unit_test(what_linux_has_no_type_for_is_not_awaited),
		cmocka_unit_test(a_switch_is_tried_again),
		cmocka_unit_test(what_the_mc_has_no_more_is_no_loss),
		cmocka_unit_test(what_the_mc_has_is_scanned_again),
	};

	return cmocka_run_group_tests_name("inspect", tests, NULL, NULL);
}
