/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes that fail: what the kernel refuses, ignores or never answers, and what an interrupted run
 * left, ends in a state that is known, said, and on record where it has to be.
 */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/signals.h"
#include "base/util.h"
#include "machine.h"
#include "model/bus.h"
#include "transaction/inspect.h"
#include "transaction/journal.h"
#include "transaction/plan.h"
#include "transaction/transaction.h"

#define BUS "devices/platform/soc/80c000000.fsl-mc/dprc.1/"
#define HOST "fsl_mc_dprc"
#define VFIO "vfio-fsl-mc"
#define OVERRIDE VFIO ">driver_override\n"
#define UNBIND "dprc.3>bus/fsl-mc/drivers/" HOST "/unbind\n"
#define JOURNAL "journal/dprc.3.json"
#define BIND "dprc.3>bus/fsl-mc/drivers/" VFIO "/bind\n"

struct test {
	struct machine machine;
	struct transaction transaction;
	struct change *change;
	struct bus *bus;
};

static void set(struct binding *binding, const char *driver, const char *driver_override)
{
	binding_done(binding);
	binding->driver = driver ? xstrdup(driver) : NULL;
	binding->driver_override = driver_override ? xstrdup(driver_override) : NULL;
}

/* A bind of dprc.3, which the host has, or of dprc.2, which is as a bind would leave it. */
static void begin_bind(struct test *test, uint32_t id)
{
	_cleanup_free_ char *path = xasprintf(BUS "dprc.%u", id);

	*test = (struct test){ 0 };
	machine_make(&test->machine, "small");
	test->transaction = machine_begin(&test->machine, "bind");
	assert_int_equal(bus_load(&test->machine.sysfs, &test->bus), 0);
	snapshot_take(test->bus, &test->transaction.snapshot);
	assert_int_equal(change_add(&test->transaction, &(struct name){ "dprc", id }, path,
				    &test->change),
			 0);
	set(&test->change->before, HOST, NULL);
	set(&test->change->after, VFIO, VFIO);
}

/* The same, and then the run was killed. */
static void interrupt_bind(struct test *test, uint32_t id)
{
	begin_bind(test, id);
	test->transaction.has_begun = test->transaction.autoprobe = true;
	assert_int_equal(journal_write(&test->transaction), 0);
}

static void end(struct test *test)
{
	transaction_done(&test->transaction);
	bus_free(test->bus);
	machine_done(&test->machine);
}

static void has_file(const struct test *test, const char *file, bool has)
{
	machine_run(&test->machine, "test %s -s run/fslmc-vfio/%s", has ? "" : "!", file);
}

static void what_is_refused_leaves_all_as_it_was(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	assert_true(transaction_is_needed(&test.transaction));
	assert_int_equal(transaction_run(&test.transaction, test.bus), -ERROR_FAILED);
	machine_wrote(OVERRIDE);
	machine_has_said("error dprc.3: cannot write 'vfio-fsl-mc' to /sys/",
			 "Input/output error (EIO)", "note none: dprc.3 is as it was", NULL);
	has_file(&test, JOURNAL, false);
}

/* Reading back tells, not that the writes succeeded. */
static void what_is_ignored_is_noticed_and_undone(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	machine_answers(0);
	assert_int_equal(transaction_run(&test.transaction, test.bus), -ERROR_FAILED);
	machine_wrote(OVERRIDE UNBIND BIND);
	machine_has_said("error dprc.3: its driver is fsl_mc_dprc and its driver_override none; "
			 "vfio-fsl-mc and vfio-fsl-mc should be",
			 "note none: dprc.3 is as it was", NULL);
	has_file(&test, JOURNAL, false);
}

static void what_never_returns_leaves_its_journal(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	test.transaction.timeout_s = 9;
	machine_answers(-EINPROGRESS);
	assert_int_equal(transaction_run(&test.transaction, test.bus), -ERROR_TIMED_OUT);
	machine_wrote(OVERRIDE);
	machine_has_said("error dprc.3: write of 'vfio-fsl-mc'",
			 "still pending in the kernel after 9 s", "run 'fslmc-vfio recover'", NULL);
	has_file(&test, JOURNAL, true);
}

static void a_signal_stops_it_before_the_first_write(void **state _unused_)
{
	_cleanup_(end) struct test test;
	sigset_t set;
	int number;

	begin_bind(&test, 3);
	signals_hold();
	raise(SIGTERM);
	assert_int_equal(transaction_run(&test.transaction, test.bus), -ERROR_FAILED);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	assert_int_equal(sigwait(&set, &number), 0);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	machine_wrote("");
	machine_has_said("stopping; restoring dprc.3", "stopped by SIGTERM", NULL);
	has_file(&test, JOURNAL, false);
}

/* A run directory that is full: nothing may be touched that is not on record. */
static void without_a_record_nothing_is_written(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	machine_run(&test.machine, "rmdir run/fslmc-vfio/journal");
	assert_int_equal(transaction_run(&test.transaction, test.bus), -ERROR_FAILED);
	machine_wrote("");
	machine_has_said("cannot put the change on record in /run/fslmc-vfio", NULL);
}

static void another_device_of_its_name_is_not_written_to(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	machine_run(&test.machine, "cd sys/" BUS " && cp -a dprc.3 x && rm -r dprc.3 && "
				   "mv x dprc.3");
	assert_int_equal(transaction_run(&test.transaction, test.bus), -ERROR_FAILED);
	machine_wrote("");
	machine_has_said("error dprc.3: it is not the DPRC it was when it was looked at; nothing "
			 "was written",
			 NULL);
	has_file(&test, JOURNAL, false);
}

/* A plan says what would be written, and writes nothing. */
static void a_plan_is_only_shown(void **state _unused_)
{
	_cleanup_(end) struct test test;
	_cleanup_(plan_done) struct plan plan = { 0 };

	begin_bind(&test, 3);
	assert_int_equal(transaction_plan(&test.transaction, &plan), 0);
	assert_int_equal(plan.n_writes, 3);
	machine_wrote("");
	machine_run(&test.machine, "rm -r sys/" BUS "dprc.3");
	plan_done(&plan);
	assert_int_equal(transaction_plan(&test.transaction, &plan), -ERROR_FAILED);
	machine_has_said("error dprc.3: cannot read its driver", NULL);
}

static void what_cannot_be_restored_stays_on_record(void **state _unused_)
{
	_cleanup_(end) struct test test;
	bool as_asked = true;

	interrupt_bind(&test, 2);
	machine_run(&test.machine,
		    "rm sys/bus/fsl-mc/drivers/vfio-fsl-mc/dpni.1 sys/" BUS "dprc.2/dpni.1/driver");
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_RESIDUE);
	assert_false(as_asked);
	machine_has_said("cannot write '' to /sys/",
			 "error dprc.2: its driver is vfio-fsl-mc and its driver_override "
			 "vfio-fsl-mc; fsl_mc_dprc and none should be",
			 "original state not fully restored; run 'fslmc-vfio recover' to retry",
			 NULL);
	has_file(&test, "journal/dprc.2.json", true);
}

static void what_is_as_it_was_is_settled_without_a_write(void **state _unused_)
{
	_cleanup_(end) struct test test;
	bool as_asked = true;

	interrupt_bind(&test, 3);
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), 0);
	assert_false(as_asked);
	machine_wrote("");
	has_file(&test, JOURNAL, false);
}

static void what_is_as_asked_is_completed(void **state _unused_)
{
	_cleanup_(end) struct test test;
	bool as_asked = false;

	interrupt_bind(&test, 2);
	strings_add(&test.change->interfaces, "dpni.1 eth1 (up)");
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), 0);
	assert_true(as_asked);
	machine_wrote("");
	machine_has_said("note dprc.2: network interfaces taken from the host: eth1 (up)", NULL);
	has_file(&test, "journal/dprc.2.json", false);
	/* For unbind. */
	has_file(&test, "bound/dprc.2.json", true);
}

static void what_is_abandoned_is_said_and_left(void **state _unused_)
{
	_cleanup_(end) struct test test;

	interrupt_bind(&test, 2);
	test.change->locked_after = true;
	assert_int_equal(transaction_abandon(&test.transaction), 0);
	machine_wrote("");
	machine_has_said("warning dprc.2: left as it is: driver vfio-fsl-mc and driver_override "
			 "vfio-fsl-mc (before the change: fsl_mc_dprc and none)",
			 "whether it is locked is not known; 'fslmc-vfio unbind' will unlock it",
			 NULL);
	has_file(&test, "journal/dprc.2.json", false);
	has_file(&test, "bound/dprc.2.json", true);
	has_file(&test, "locked/dprc.2.json", true);
}

static void a_dprc_that_is_gone_keeps_nothing_back(void **state _unused_)
{
	_cleanup_(end) struct test test;
	bool as_asked = true;

	interrupt_bind(&test, 3);
	machine_run(&test.machine, "rm -r sys/" BUS "dprc.3 && cd sys/bus/fsl-mc && "
				   "rm drivers/*/dprc.3 drivers/*/dpni.10 devices/dprc.3 "
				   "devices/dpio.1 devices/dpni.9 devices/dpni.10");
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), 0);
	assert_int_equal(test.transaction.n_changes, 0);
	machine_has_said("warning dprc.3: it is another DPRC now; nothing to restore", NULL);
}

static void a_switch_that_is_off_is_said(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	test.transaction.autorescan = test.transaction.autoprobe = true;
	machine_write(&test.machine, "sys/bus/fsl-mc/autorescan", "0\n");
	machine_write(&test.machine, "sys/bus/fsl-mc/drivers_autoprobe", "0\n");
	assert_int_equal(inspect_switches(&test.transaction, true), -ERROR_FAILED);
	machine_has_said("autorescan is off and was on; run: echo 1 > /sys/bus/fsl-mc/autorescan",
			 "drivers_autoprobe is off and was on", NULL);
	assert_int_equal(switches_restore(&test.transaction), -ERROR_FAILED);
	machine_answers(-EINPROGRESS);
	assert_int_equal(switches_restore(&test.transaction), -ERROR_TIMED_OUT);
	machine_write(&test.machine, "sys/bus/fsl-mc/autorescan", "1\n");
	machine_write(&test.machine, "sys/bus/fsl-mc/drivers_autoprobe", "1\n");
	assert_int_equal(switches_restore(&test.transaction), 0);
}

static void a_dprc_of_an_interrupted_change_is_refused(void **state _unused_)
{
	_cleanup_(end) struct test test;
	_cleanup_strings_ struct strings same = { 0 }, other = { 0 };

	interrupt_bind(&test, 3);
	strings_add(&same, "dprc.3");
	strings_add(&other, "dprc.2");
	assert_int_equal(transaction_check_journals(&test.transaction, &same), -ERROR_REFUSED);
	machine_has_said("error dprc.3: an earlier change was interrupted; run 'fslmc-vfio "
			 "recover' first",
			 NULL);
	assert_int_equal(transaction_check_journals(&test.transaction, &other), 0);
	assert_int_equal(transaction_check_making(&test.transaction, NULL), 0);
	machine_has_said("warning dprc.3: an earlier change was interrupted", NULL);
	machine_write(&test.machine, "run/fslmc-vfio/journal/x.json", "no record");
	assert_int_equal(transaction_check_journals(&test.transaction, &other), -ERROR_REFUSED);
	machine_has_said("/run/fslmc-vfio/journal/x.json, cannot be read", NULL);
}

static void one_run_at_a_time_begins(void **state _unused_)
{
	static const struct transaction_options options = { .timeout_s = 5 };
	_cleanup_transaction_ struct transaction first = TRANSACTION_EMPTY;
	_cleanup_transaction_ struct transaction second = TRANSACTION_EMPTY;
	struct machine machine;
	int r;

	machine_make(&machine, "small");
	r = transaction_begin(&first, &machine.sysfs, "bind", &options);
	if (geteuid() != 0) {
		assert_int_equal(r, -ERROR_PERMISSION);
		machine_has_said("only root can write to the fsl-mc bus", NULL);
	} else {
		assert_int_equal(r, 0);
		assert_true(first.autoprobe && !first.autorescan);
		r = transaction_begin(&second, &machine.sysfs, "unbind", &options);
		assert_int_equal(r, -ERROR_BUSY);
		machine_has_said("another fslmc-vfio is running: bind, PID ",
				 "--wait SECONDS waits for it", NULL);
		transaction_done(&second);
		/* A dry run says the same. */
		r = transaction_begin_dry(&second, &machine.sysfs, "unbind", &options);
		assert_int_equal(r, -ERROR_BUSY);
		transaction_done(&first);
		transaction_done(&second);
		r = transaction_begin_dry(&second, &machine.sysfs, "unbind", &options);
		assert_int_equal(r, 0);
		machine_run(&machine, "chmod 777 run/fslmc-vfio");
		r = transaction_begin(&first, &machine.sysfs, "bind", &options);
		assert_int_equal(r, -ERROR_REFUSED);
		machine_has_said("is not a directory of root's alone", NULL);
	}
	transaction_done(&first);
	transaction_done(&second);
	machine_done(&machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_refused_leaves_all_as_it_was),
		cmocka_unit_test(what_is_ignored_is_noticed_and_undone),
		cmocka_unit_test(what_never_returns_leaves_its_journal),
		cmocka_unit_test(a_signal_stops_it_before_the_first_write),
		cmocka_unit_test(without_a_record_nothing_is_written),
		cmocka_unit_test(another_device_of_its_name_is_not_written_to),
		cmocka_unit_test(a_plan_is_only_shown),
		cmocka_unit_test(what_cannot_be_restored_stays_on_record),
		cmocka_unit_test(what_is_as_it_was_is_settled_without_a_write),
		cmocka_unit_test(what_is_as_asked_is_completed),
		cmocka_unit_test(what_is_abandoned_is_said_and_left),
		cmocka_unit_test(a_dprc_that_is_gone_keeps_nothing_back),
		cmocka_unit_test(a_switch_that_is_off_is_said),
		cmocka_unit_test(a_dprc_of_an_interrupted_change_is_refused),
		cmocka_unit_test(one_run_at_a_time_begins),
	};

	return cmocka_run_group_tests_name("transaction", tests, NULL, NULL);
}
