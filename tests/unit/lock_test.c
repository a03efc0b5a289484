/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lock of a DPRC in the emulated MC: set, taken off, and what is said where that fails. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/util.h"
#include "making.h"
#include "transaction/lock.h"

static const struct name dprc_3 = { "dprc", 3 };

static struct change *begin(struct test *test)
{
	struct change *change;

	test_begin(test);
	assert_int_equal(change_add(&test->transaction, &dprc_3, "devices/mc/dprc.1/dprc.3",
				    &change),
			 0);
	return change;
}

static void is_locked_in_mc(bool is_locked)
{
	_cleanup_free_ char *state = firmware_state();

	assert_int_equal(strstr(state, "\"locked\": true") != NULL, is_locked);
}

static void a_dprc_is_locked_and_unlocked_in_the_mc(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	struct change *change = begin(&test);

	assert_int_equal(lock_set(&test.transaction, change, true, true), 0);
	assert_int_equal(change->lock, LOCK_ON);
	is_locked_in_mc(true);
	/* What was open for it is closed again. */
	assert_int_equal(test.transaction.mc.n_open, 0);
	assert_int_equal(lock_set(&test.transaction, change, false, true), 0);
	assert_int_equal(change->lock, LOCK_OFF);
	is_as_it_was(&test);
	machine_has_said_nothing();
}

static void what_the_mc_answers_is_explained(void **state _unused_)
{
	static const struct {
		const char *status, *said;
	} cases[] = {
		{ "no_privilege",
		  "; a DPRC around it may be locked, or CAP_NET_ADMIN is missing\n" },
		{ "auth_err", "; this kernel does not pass the command on\n" },
		{ "unsupported_op", "; this MC has no lock, MC 10.20 and newer have\n" },
		{ "config_err", ": config_err\n" },
	};
	_cleanup_(test_end) struct test test;
	struct change *change = begin(&test);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		firmware_do("{\"do\":\"fail\",\"command\":\"set_locked\",\"status\":\"%s\"}",
			    cases[i].status);
		assert_int_equal(lock_set(&test.transaction, change, true, true), -ERROR_FAILED);
		machine_has_said("error dprc.3: cannot lock it in the MC: ", cases[i].said, NULL);
		/* The MC said no, so nothing has changed. */
		assert_int_equal(change->lock, LOCK_OFF);
		assert_false(test.transaction.mc_is_silent);
	}
	firmware_do("{\"do\":\"fail\",\"command\":\"open\",\"status\":\"config_err\"}");
	assert_int_equal(lock_set(&test.transaction, change, false, true), -ERROR_FAILED);
	machine_has_said("error dprc.3: cannot unlock it in the MC: config_err\n", NULL);
	firmware_do("{\"do\":\"fail\",\"command\":\"set_locked\",\"status\":\"config_err\"}");
	assert_int_equal(lock_set(&test.transaction, change, true, false), -ERROR_FAILED);
	machine_has_said_nothing();
	is_as_it_was(&test);
}

/* What the MC's own status would be is another thing. */
static void a_node_that_others_have_open_is_said(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	struct change *change = begin(&test);

	firmware_opens(-ENXIO);
	assert_int_equal(lock_set(&test.transaction, change, true, true), -ERROR_FAILED);
	machine_has_said("error dprc.3: cannot lock it in the MC: cannot open the root DPRC's node "
			 "below /dev: another program, such as restool, has it open, and no DPMCP "
			 "is free\n",
			 NULL);
	firmware_opens(-EACCES);
	assert_int_equal(lock_set(&test.transaction, change, true, true), -ERROR_FAILED);
	machine_has_said("no permission to open it; root has it\n", NULL);
	assert_int_equal(change->lock, LOCK_OFF);
}

static void an_mc_that_is_busy_gets_two_seconds(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	struct change *change = begin(&test);
	int64_t begin_ms;

	firmware_do("{\"do\":\"fail\",\"command\":\"set_locked\",\"status\":\"busy\",\"times\":3}");
	assert_int_equal(lock_set(&test.transaction, change, true, true), 0);
	firmware_do("{\"do\":\"fail\",\"command\":\"set_locked\",\"status\":\"busy\",\"times\":0}");
	begin_ms = clock_now_ms();
	assert_int_equal(lock_set(&test.transaction, change, false, true), -ERROR_FAILED);
	assert_true(clock_now_ms() - begin_ms >= 2000);
	machine_has_said("error dprc.3: cannot unlock it in the MC: busy\n", NULL);
	assert_int_equal(change->lock, LOCK_ON);
}

/* Whether it is locked nobody knows then, and an undo asks an MC that is silent only once. */
static void after_an_answer_that_did_not_come_the_lock_is_unknown(void **state _unused_)
{
	static const int errors[] = { -ETIMEDOUT, -EPIPE, -EINPROGRESS };
	_cleanup_(test_end) struct test test;
	struct change *change = begin(&test);

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		const bool is_pending = errors[i] == -EINPROGRESS;

		change->lock = LOCK_OFF;
		test.transaction.mc_is_silent = false;
		/* The DPRC around it is opened, and then comes the command. */
		firmware_fails_after(1, errors[i]);
		assert_int_equal(lock_set(&test.transaction, change, true, false),
				 is_pending ? -ERROR_TIMED_OUT : -ERROR_FAILED);
		firmware_fails_after(0, 0);
		assert_int_equal(change->lock, LOCK_UNKNOWN);
		assert_true(test.transaction.mc_is_silent);
		/* What is pending may be about what is open. */
		assert_int_equal(test.transaction.mc.n_open, is_pending ? 1 : 0);
	}
	machine_has_said("error dprc.3: cannot lock it in the MC: the command is still pending in "
			 "the kernel; run 'fslmc-vfio recover' once it has ended",
			 NULL);
	firmware_opens(-EINPROGRESS);
	change->lock = LOCK_OFF;
	assert_int_equal(lock_set(&test.transaction, change, true, false), -ERROR_TIMED_OUT);
	assert_int_equal(change->lock, LOCK_OFF);
}

static void a_lock_that_is_so_already_is_not_set(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	struct change *change = begin(&test);

	change->locked_after = true;
	assert_int_equal(lock_check(&test.transaction, FORWARD, false), -ERROR_FAILED);
	machine_has_said_nothing();
	assert_int_equal(lock_restore(&test.transaction, FORWARD), 0);
	is_locked_in_mc(true);
	assert_int_equal(lock_check(&test.transaction, FORWARD, true), 0);
	assert_int_equal(lock_check(&test.transaction, ROLLBACK, true), -ERROR_FAILED);
	machine_has_said("error dprc.3: it could not be unlocked in the MC, and whether it is "
			 "locked is not known",
			 NULL);
	firmware_do("{\"do\":\"fail\",\"command\":\"set_locked\",\"status\":\"config_err\"}");
	assert_int_equal(lock_restore(&test.transaction, FORWARD), 0);
	assert_int_equal(lock_restore(&test.transaction, ROLLBACK), -ERROR_FAILED);
	machine_has_said("error dprc.3: cannot unlock it in the MC: config_err\n", NULL);
	assert_int_equal(lock_restore(&test.transaction, ROLLBACK), 0);
	is_as_it_was(&test);
	assert_int_equal(lock_check(&test.transaction, FORWARD, true), -ERROR_FAILED);
	machine_has_said("error dprc.3: it could not be locked in the MC, and", NULL);
}

static void a_dprc_below_none_cannot_be_locked(void **state _unused_)
{
	static const char *const paths[] = { "devices/mc/dprc.3", "devices/dpni.1/dprc.3", "" };
	uint32_t root = 77;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_int_equal(lock_root(&(struct change){ .path = (char *)paths[i] }, &root),
				 -ENOENT);
	assert_int_equal(root, 77);
	assert_int_equal(lock_root(&(struct change){ .path = (char *)"x/dprc.5/dprc.6/dprc.3" },
				   &root),
			 0);
	assert_int_equal(root, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dprc_is_locked_and_unlocked_in_the_mc),
		cmocka_unit_test(what_the_mc_answers_is_explained),
		cmocka_unit_test(a_node_that_others_have_open_is_said),
		cmocka_unit_test(an_mc_that_is_busy_gets_two_seconds),
		cmocka_unit_test(after_an_answer_that_did_not_come_the_lock_is_unknown),
		cmocka_unit_test(a_lock_that_is_so_already_is_not_set),
		cmocka_unit_test(a_dprc_below_none_cannot_be_locked),
	};

	return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
