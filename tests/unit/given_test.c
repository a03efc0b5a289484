/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device nodes are given to their user, if they are that, and udev has had its say. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/util.h"
#include "machine.h"
#include "transaction/ownership_give.h"

struct test {
	struct machine machine;
	struct transaction transaction;
	struct change *change;
};

/*
 * dprc.2 on VFIO, with the node of its group.  Everybody can make a device 0:0, and it stays with
 * who made it, so only the mode tells that it was given.
 */
static void begin(struct test *test)
{
	*test = (struct test){ 0 };
	machine_make(&test->machine, "small");
	machine_write(&test->machine, "sys/class/vfio/1/dev", "0:0\n");
	machine_run(&test->machine, "mknod -m 600 dev/vfio/1 c 0 0");
	test->transaction = machine_begin(&test->machine, "bind");
	test->transaction.timeout_s = 1;
	assert_int_equal(change_add(&test->transaction, &(struct name){ "dprc", 2 },
				    "devices/platform/soc/80c000000.fsl-mc/dprc.1/dprc.2",
				    &test->change),
			 0);
	test->change->after.driver = xstrdup("vfio-fsl-mc");
	test->change->owner_after.has_others = true;
	test->change->owner_after.others = (struct devnode_owner){ geteuid(), getegid(), 0660 };
	test->change->owner_before.has_others = true;
	test->change->owner_before.others = (struct devnode_owner){ geteuid(), getegid(), 0600 };
}

static void end(struct test *test)
{
	transaction_done(&test->transaction);
	machine_done(&test->machine);
}

static void has_mode(const struct test *test, mode_t mode)
{
	struct stat status;

	assert_int_equal(fstatat(test->machine.sysfs.root_fd, "dev/vfio/1", &status, 0), 0);
	assert_int_equal(status.st_mode & 07777, mode);
}

static void a_node_is_given_and_taken_back(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test);
	assert_int_equal(ownership_give(&test.transaction, FORWARD), 0);
	has_mode(&test, 0660);
	assert_int_equal(ownership_give(&test.transaction, ROLLBACK), 0);
	has_mode(&test, 0600);
	machine_has_said_nothing();
}

static void what_nothing_is_said_of_is_left(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test);
	machine_run(&test.machine, "chmod 604 dev/vfio/1");
	/* The host has it afterwards, or had it before. */
	free(take_pointer(test.change->after.driver));
	assert_int_equal(ownership_give(&test.transaction, FORWARD), 0);
	test.change->after.driver = xstrdup("vfio-fsl-mc");
	test.change->owner_after.has_others = false;
	assert_int_equal(ownership_give(&test.transaction, FORWARD), 0);
	/* Of this node only, it is not known. */
	test.change->owner_after.nodes = xcalloc(1, sizeof(*test.change->owner_after.nodes));
	test.change->owner_after.nodes[0] =
		(struct node_ownership){ .object = { "dprc", 2 }, .is_group = true };
	test.change->owner_after.n_nodes = 1;
	assert_int_equal(ownership_give(&test.transaction, FORWARD), 0);
	has_mode(&test, 0604);
	test.change->owner_after.nodes[0].is_known = true;
	test.change->owner_after.nodes[0].owner = test.change->owner_after.others;
	assert_int_equal(ownership_give(&test.transaction, FORWARD), 0);
	has_mode(&test, 0660);
}

static void another_file_of_its_name_is_given_to_nobody(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test);
	machine_run(&test.machine, "rm dev/vfio/1 && (umask 077 && echo >dev/vfio/1)");
	assert_int_equal(ownership_give(&test.transaction, FORWARD), -ERROR_FAILED);
	has_mode(&test, 0600);
	machine_has_said("error dprc.2: cannot give /dev/vfio/1 to user ",
			 ": it is not that device's node", NULL);
}

static void a_node_that_is_late_is_waited_for(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test);
	machine_run(&test.machine, "mv dev/vfio/1 x && (sleep 0.2 && mv x dev/vfio/1) &");
	machine_run(&test.machine, "while test -e dev/vfio/1 && test ! -e x; do :; done");
	assert_int_equal(ownership_give(&test.transaction, FORWARD), 0);
	has_mode(&test, 0660);
	machine_run(&test.machine, "rm dev/vfio/1");
	assert_int_equal(ownership_give(&test.transaction, FORWARD), -ERROR_FAILED);
	machine_has_said("error dprc.2: cannot give /dev/vfio/1 to user ", "(ENOENT)", NULL);
}

static void a_dprc_that_is_gone_has_no_nodes(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test);
	machine_run(&test.machine, "rm sys/bus/fsl-mc/devices/dprc.2 && "
				   "rm -r sys/devices/platform/soc/*/dprc.1/dprc.2");
	assert_int_equal(ownership_give(&test.transaction, FORWARD), -ERROR_FAILED);
	machine_has_said("error dprc.2: device disappeared", NULL);
	machine_write(&test.machine, "run/udev/control", "");
	machine_run(&test.machine, "rm -r sys/bus/fsl-mc");
	assert_int_equal(ownership_give(&test.transaction, FORWARD), -ERROR_FAILED);
	machine_has_said("cannot read the fsl-mc bus: ", NULL);
}

/* Its rules have the last word, unless they have been through. */
static void udev_is_waited_for(void **state _unused_)
{
	_cleanup_(end) struct test test;
	int64_t begin_ms;

	begin(&test);
	machine_write(&test.machine, "run/udev/control", "");
	assert_int_equal(ownership_give(&test.transaction, FORWARD), 0);
	machine_write(&test.machine, "run/udev/queue", "");
	begin_ms = clock_now_ms();
	assert_int_equal(ownership_give(&test.transaction, FORWARD), -ERROR_FAILED);
	assert_true(clock_now_ms() - begin_ms >= 1000);
	machine_has_said("error dprc.2: udev still runs rules after 1 s and may change the owner "
			 "of its nodes; see which rule of /etc/udev/rules.d takes so long",
			 NULL);
	/* The node is its user's all the same, and then again as it was. */
	has_mode(&test, 0660);
	assert_int_equal(ownership_give(&test.transaction, ROLLBACK), -ERROR_RESIDUE);
	has_mode(&test, 0600);
	machine_run(&test.machine, "rm run/udev/queue");
	assert_int_equal(ownership_give(&test.transaction, ROLLBACK), 0);
}

/* What this run has bound has new nodes, and udev is not through before it says so of each. */
static void udev_has_to_have_seen_a_new_node(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test);
	machine_write(&test.machine, "run/udev/control", "");
	test.change->bound_us = 1;
	assert_int_equal(ownership_give(&test.transaction, FORWARD), -ERROR_FAILED);
	machine_write(&test.machine, "run/udev/data/c0:0", "");
	assert_int_equal(ownership_give(&test.transaction, FORWARD), 0);
	/* That was about the node that there was before. */
	test.change->bound_us = test.change->bound_clock_us = INT64_MAX / 2;
	assert_int_equal(ownership_give(&test.transaction, FORWARD), -ERROR_FAILED);
	/* Bound when the machine booted; the clock was set back since. */
	test.change->bound_clock_us = 0;
	assert_int_equal(ownership_give(&test.transaction, FORWARD), 0);
	test.change->bound_clock_us = INT64_MAX / 2;
	free(take_pointer(test.change->before.driver));
	assert_int_equal(ownership_give(&test.transaction, ROLLBACK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_is_given_and_taken_back),
		cmocka_unit_test(what_nothing_is_said_of_is_left),
		cmocka_unit_test(another_file_of_its_name_is_given_to_nobody),
		cmocka_unit_test(a_node_that_is_late_is_waited_for),
		cmocka_unit_test(a_dprc_that_is_gone_has_no_nodes),
		cmocka_unit_test(udev_is_waited_for),
		cmocka_unit_test(udev_has_to_have_seen_a_new_node),
	};

	return cmocka_run_group_tests_name("given", tests, NULL, NULL);
}
