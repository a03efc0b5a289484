/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A DPRC in a run: what keeps it out, and when it is another one; and runs that cannot begin. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "machine.h"
#include "transaction/activity.h"
#include "transaction/creation.h"
#include "transaction/journal.h"
#include "transaction/recovery.h"
#include "transaction/transaction.h"

#define BUS "devices/platform/soc/80c000000.fsl-mc/dprc.1/"

static const struct name dprc_3 = { "dprc", 3 };

static int add(struct transaction *transaction, struct change **ret_change)
{
	return change_add(transaction, &dprc_3, BUS "dprc.3", ret_change);
}

/* Each on a machine of its own, after a shell command. */
static void what_cannot_be_looked_at_is_not_changed(void **state _unused_)
{
	static const struct {
		const char *command;
		int r;
		const char *said;
	} cases[] = {
		{ "rm -r sys/" BUS "dprc.3", -ERROR_NOT_FOUND,
		  "error dprc.3: device disappeared: " },
		{ "mkdir run/fslmc-vfio/dprc.3.writer", -ERROR_FAILED,
		  "error dprc.3: cannot lock it in /run/fslmc-vfio: " },
		{ "cd sys/" BUS "dprc.3 && rm driver_override && mkdir driver_override",
		  -ERROR_FAILED, "error dprc.3: cannot read its driver: " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(machine_done) struct machine machine;
		_cleanup_transaction_ struct transaction transaction = { 0 };
		struct change *change = NULL;

		machine_make(&machine, "small");
		transaction = machine_begin(&machine, "bind");
		machine_run(&machine, "%s", cases[i].command);
		assert_int_equal(add(&transaction, &change), cases[i].r);
		assert_null(change);
		machine_has_said(cases[i].said, NULL);
	}
}

static void a_write_that_hangs_keeps_others_away(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction first = { 0 }, second = { 0 }, dry = { 0 };
	struct change *change;

	machine_make(&machine, "small");
	first = machine_begin(&machine, "bind");
	second = machine_begin(&machine, "bind");
	assert_int_equal(add(&first, &change), 0);
	assert_true(change->writer >= 0);
	assert_int_equal(add(&second, &change), -ERROR_BUSY);
	machine_has_said("error dprc.3: a write by an earlier run is still pending in the kernel; "
			 "run 'fslmc-vfio recover' once it has ended",
			 NULL);
	/* Whoever has no run directory writes nothing, and waits for nobody. */
	dry = machine_begin(&machine, "bind");
	rundir_done(&dry.rundir);
	assert_int_equal(add(&dry, &change), 0);
	assert_int_equal(change->writer, -1);
}

static void only_the_device_that_was_looked_at_is_changed(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = { 0 };
	_cleanup_(binding_done) struct binding now = { 0 };
	struct change *change;

	machine_make(&machine, "small");
	transaction = machine_begin(&machine, "bind");
	assert_int_equal(add(&transaction, &change), 0);
	assert_int_equal(change_check_device(&transaction, change), 0);
	assert_int_equal(change_read_binding(&transaction, change, &now), 0);
	assert_string_equal(now.driver, "fsl_mc_dprc");
	change->inode++;
	assert_int_equal(change_check_device(&transaction, change), -ESTALE);
	assert_int_equal(change_read_binding(&transaction, change, &now), -ESTALE);
	change->inode--;
	machine_run(&machine, "rm -r sys/" BUS "dprc.3");
	assert_int_equal(change_check_device(&transaction, change), -ESTALE);
	/* That it cannot be told is not that it is gone. */
	machine_run(&machine, "cd sys/" BUS ".. && rm -r dprc.1 && echo >dprc.1");
	assert_int_equal(change_check_device(&transaction, change), -ENOTDIR);
	close_pointer(&change->dir);
	change->dir = -1;
	assert_int_equal(change_check_device(&transaction, change), -ESTALE);
}

static void a_dprc_that_is_left_out_leaves_the_others(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = { 0 };
	struct change *change;

	machine_make(&machine, "small");
	transaction = machine_begin(&machine, "bind");
	for (uint32_t id = 1; id <= 3; id++) {
		const struct name name = { "dprc", id };
		_cleanup_free_ char *path = id == 1 ? xstrdup("devices/platform/soc/"
							      "80c000000.fsl-mc/dprc.1")
						    : xasprintf(BUS "dprc.%u", id);

		assert_int_equal(change_add(&transaction, &name, path, &change), 0);
	}
	transaction_drop(&transaction, 1);
	assert_int_equal(transaction.n_changes, 2);
	assert_true(transaction_has(&transaction, &dprc_3));
	assert_false(transaction_has(&transaction, &(struct name){ "dprc", 2 }));
	assert_int_equal(transaction.changes[0].name.id, 1);
	transaction_drop(&transaction, 1);
	assert_null(transaction_find(&transaction, &dprc_3));
	assert_ptr_equal(transaction_find(&transaction, &(struct name){ "dprc", 1 }),
			 &transaction.changes[0]);
}

/* The binding, a rescan, a lock, or an owner. */
static void each_thing_that_differs_makes_a_change(void **state _unused_)
{
	struct node_ownership before = { .object = dprc_3, .is_known = true };
	struct node_ownership after = before;
	struct change change = { .owner_before = { &before, 1, false, { 0 } },
				 .owner_after = { &after, 1, false, { 0 } } };
	struct transaction transaction = { .changes = &change, .n_changes = 1 };

	assert_false(transaction_is_needed(&transaction));
	change.rescans = true;
	assert_true(transaction_is_needed(&transaction));
	change.rescans = false;
	change.locked_before = true;
	assert_true(transaction_is_needed(&transaction));
	change.locked_after = true;
	assert_false(transaction_is_needed(&transaction));
	after.owner.uid = 7;
	assert_true(transaction_is_needed(&transaction));
	after.owner.uid = 0;
	change.after.driver = (char *)"vfio-fsl-mc";
	assert_true(transaction_is_needed(&transaction));
	transaction.n_changes = 0;
	assert_false(transaction_is_needed(&transaction));
}

/* One that is bound again is unlocked meanwhile; and what may be locked is locked, or unlocked. */
static void a_lock_is_written_where_it_is_not_known_to_be_right(void **state _unused_)
{
	struct change change = { .lock = LOCK_OFF };

	assert_false(change_writes_lock(&change));
	change.rescans = true;
	assert_false(change_writes_lock(&change));
	change.locked_before = change.locked_after = true;
	change.lock = LOCK_ON;
	assert_true(change_writes_lock(&change));
	change.rescans = false;
	assert_false(change_writes_lock(&change));
	change.lock = LOCK_UNKNOWN;
	assert_true(change_writes_lock(&change));
	change.lock = LOCK_ON;
	change.locked_after = false;
	assert_true(change_writes_lock(&change));
}

static void what_a_run_makes_is_its_own(void **state _unused_)
{
	struct creation creations[] = { { .made.name = { "dprc", 2 } }, { .made.name = dprc_3 } };
	const struct transaction transaction = { .creations = creations, .n_creations = 2 };

	assert_true(transaction_makes(&transaction, &dprc_3));
	assert_false(transaction_makes(&transaction, &(struct name){ "dprc", 1 }));
	assert_ptr_equal(transaction_created(&transaction, 1), &creations[1].made.name);
}

static const struct transaction_options options = { .timeout_s = 5 };

static void a_run_without_its_directory_does_not_begin(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	_cleanup_strings_ struct strings names = { 0 };

	machine_make(&machine, "small");
	assert_int_equal(transaction_publish(&transaction, &names), -ERROR_FAILED);
	machine_has_said("error none: cannot use /run/fslmc-vfio: ", NULL);
	if (geteuid() != 0)
		return;
	machine_run(&machine, "mv run elsewhere");
	assert_int_equal(transaction_begin(&transaction, &machine.sysfs, "bind", &options),
			 -ERROR_FAILED);
	machine_has_said("error none: cannot use /run/fslmc-vfio: ", "(ENOENT)", NULL);
	machine_run(&machine, "mv elsewhere run && mkdir run/fslmc-vfio/lock");
	assert_int_equal(transaction_begin(&transaction, &machine.sysfs, "bind", &options),
			 -ERROR_FAILED);
	transaction_done(&transaction);
	machine_run(&machine, "rmdir run/fslmc-vfio/lock && mkdir run/fslmc-vfio/bus.writer");
	assert_int_equal(transaction_begin(&transaction, &machine.sysfs, "bind", &options),
			 -ERROR_FAILED);
	machine_has_said("error none: cannot use /run/fslmc-vfio: ", "(EISDIR)", NULL);
	transaction_done(&transaction);
	/* What it was told stays. */
	machine_run(&machine, "rmdir run/fslmc-vfio/bus.writer");
	assert_int_equal(transaction_begin(&transaction, &machine.sysfs, "bind", &options), 0);
	assert_string_equal(transaction.operation, "bind");
	assert_int_equal(transaction.timeout_s, 5);
	assert_true(transaction.lock_deadline > clock_now_ms());
}

static void a_write_to_the_bus_that_hangs_is_waited_for(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	int64_t begin_ms;
	int writer;

	machine_make(&machine, "small");
	writer = rundir_lock_writer(&(struct rundir){ .fd = machine.run }, "bus", 0);
	assert_true(writer >= 0);
	if (geteuid() != 0) {
		close(writer);
		return;
	}
	begin_ms = clock_now_ms();
	assert_int_equal(transaction_begin(&transaction, &machine.sysfs, "bind", &options),
			 -ERROR_BUSY);
	/* For a second, though nobody asked for a wait. */
	assert_true(clock_now_ms() - begin_ms >= 900);
	machine_has_said("error none: a write to the bus by an earlier run is still pending in the "
			 "kernel; --wait SECONDS waits for it",
			 NULL);
	close(writer);
	transaction_done(&transaction);
}

static void with_wait_a_run_waits_for_the_other(void **state _unused_)
{
	static const struct transaction_options patient = { .wait_s = 1 };
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction first = TRANSACTION_EMPTY;
	_cleanup_transaction_ struct transaction second = TRANSACTION_EMPTY;
	int64_t begin_ms;

	machine_make(&machine, "small");
	if (geteuid() != 0)
		return;
	assert_int_equal(transaction_begin(&first, &machine.sysfs, "bind", &patient), 0);
	begin_ms = clock_now_ms();
	assert_int_equal(transaction_begin(&second, &machine.sysfs, "bind", &patient), -ERROR_BUSY);
	assert_true(clock_now_ms() - begin_ms >= 900);
	begin_ms = clock_now_ms();
	assert_int_equal(transaction_begin_dry(&second, &machine.sysfs, "bind", &patient),
			 -ERROR_BUSY);
	assert_true(clock_now_ms() - begin_ms >= 900);
	machine_has_said("error none: another fslmc-vfio is running: bind, PID ", NULL);
	/* Of a captured machine, nobody has a lock; and one that never ran has no directory. */
	machine.sysfs.is_live = false;
	assert_int_equal(transaction_begin_dry(&second, &machine.sysfs, "bind", &patient), 0);
	assert_true(second.autoprobe && second.rundir.fd < 0);
	machine.sysfs.is_live = true;
	transaction_done(&first);
	machine_run(&machine, "rm -r run/fslmc-vfio");
	assert_int_equal(transaction_begin_dry(&second, &machine.sysfs, "bind", &patient), 0);
	assert_int_equal(transaction_check_journals(&second, NULL), 0);
	machine_has_said_nothing();
}

/* A change of dprc.3 that was killed. */
static void interrupt(const struct machine *machine)
{
	_cleanup_transaction_ struct transaction transaction = machine_begin(machine, "bind");
	struct change *change;

	assert_int_equal(add(&transaction, &change), 0);
	transaction.has_begun = true;
	assert_int_equal(journal_write(&transaction), 0);
}

static void whoever_looks_is_told_of_an_interrupted_change(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	struct rundir rundir = RUNDIR_CLOSED;

	machine_make(&machine, "small");
	if (geteuid() != 0)
		return;
	recovery_warn(&machine.sysfs);
	machine_has_said_nothing();
	interrupt(&machine);
	recovery_warn(&machine.sysfs);
	machine_has_said("warning dprc.3: an earlier change was interrupted; run 'fslmc-vfio "
			 "recover'\n",
			 NULL);
	/* It may be that of a run that is at it. */
	rundir.fd = dup(machine.run);
	assert_int_equal(activity_publish(&rundir, "bind", NULL), 0);
	recovery_warn(&machine.sysfs);
	machine_has_said_nothing();
	rundir_done(&rundir);
	machine.sysfs.is_live = false;
	recovery_warn(&machine.sysfs);
	machine_has_said_nothing();
	machine.sysfs.is_live = true;
	machine_write(&machine, "run/fslmc-vfio/journal/dprc.3.json", "{ ");
	recovery_warn(&machine.sysfs);
	machine_has_said("warning none: the record of an interrupted change, "
			 "/run/fslmc-vfio/journal/dprc.3.json, cannot be read: ",
			 NULL);
	machine_run(&machine, "chmod 777 run/fslmc-vfio");
	recovery_warn(&machine.sysfs);
	machine_run(&machine, "chmod 711 run/fslmc-vfio && rm -r run/fslmc-vfio/journal");
	recovery_warn(&machine.sysfs);
	machine_run(&machine, "echo x >run/fslmc-vfio/activity");
	recovery_warn(&machine.sysfs);
	machine_has_said_nothing();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_looked_at_is_not_changed),
		cmocka_unit_test(a_write_that_hangs_keeps_others_away),
		cmocka_unit_test(only_the_device_that_was_looked_at_is_changed),
		cmocka_unit_test(a_dprc_that_is_left_out_leaves_the_others),
		cmocka_unit_test(each_thing_that_differs_makes_a_change),
		cmocka_unit_test(a_lock_is_written_where_it_is_not_known_to_be_right),
		cmocka_unit_test(what_a_run_makes_is_its_own),
		cmocka_unit_test(a_run_without_its_directory_does_not_begin),
		cmocka_unit_test(a_write_to_the_bus_that_hangs_is_waited_for),
		cmocka_unit_test(with_wait_a_run_waits_for_the_other),
		cmocka_unit_test(whoever_looks_is_told_of_an_interrupted_change),
	};

	return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
