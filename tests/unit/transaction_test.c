/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes that fail: what the kernel refuses, ignores or never answers, and what an interrupted run
 * left, ends in a state that is known, said, and on record where it has to be.
 */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/signals.h"
#include "base/util.h"
#include "machine.h"
#include "model/bus.h"
#include "transaction/bound.h"
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

/* Killed between the record of what it found and the end of its journal, and then unbound. */
static void what_an_undone_bind_had_recorded_is_forgotten(void **state _unused_)
{
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(end) struct test test;
	bool as_asked = true;

	interrupt_bind(&test, 3);
	strings_add(&test.change->interfaces, "dpni.10 eth1 (up)");
	test.change->owner_after.has_others = true;
	assert_int_equal(journal_write(&test.transaction), 0);
	assert_int_equal(bound_write(&test.transaction, test.change), 0);
	transaction_done(&test.transaction);
	test.transaction = machine_begin(&test.machine, "recover");
	assert_int_equal(journal_load(&test.machine.sysfs, &test.transaction.rundir, JOURNAL,
				      &journal),
			 0);
	assert_int_equal(journal_resume(&test.transaction, &journal), 0);
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), 0);
	assert_false(as_asked);
	has_file(&test, JOURNAL, false);
	has_file(&test, "bound/dprc.3.json", false);
}

/* An undo of what came after a bind leaves that to unbind. */
static void what_an_earlier_bind_had_recorded_stays(void **state _unused_)
{
	static const struct {
		const char *driver, *driver_override; /* what shall be: of rebind, and of unbind */
	} cases[] = { { VFIO, VFIO }, { HOST, NULL } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(end) struct test test;
		bool as_asked = true;

		begin_bind(&test, 2);
		assert_int_equal(bound_write(&test.transaction, test.change), 0);
		set(&test.change->before, VFIO, VFIO);
		set(&test.change->after, cases[i].driver, cases[i].driver_override);
		test.change->rescans = !i;
		test.transaction.has_begun = true;
		assert_int_equal(journal_write(&test.transaction), 0);
		assert_int_equal(transaction_settle(&test.transaction, &as_asked), 0);
		assert_false(as_asked);
		has_file(&test, "journal/dprc.2.json", false);
		has_file(&test, "bound/dprc.2.json", true);
	}
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

/* What is so already needs no write, but goes on record all the same. */
static void what_is_so_already_is_committed(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 2);
	strings_add(&test.change->interfaces, "dpni.1 eth1 (up)");
	out_of_memory_status = EXIT_SUCCESS;
	assert_int_equal(transaction_run(&test.transaction, test.bus), 0);
	/* From the first write on, whoever runs out of memory leaves a journal. */
	assert_int_equal(out_of_memory_status, STATUS_RESIDUE);
	has_file(&test, "journal/dprc.2.json", true);
	has_file(&test, "bound/dprc.2.json", false);
	machine_has_said_nothing();
	assert_int_equal(transaction_commit(&test.transaction), 0);
	machine_wrote("");
	machine_has_said("note dprc.2: network interfaces taken from the host: eth1 (up)", NULL);
	has_file(&test, "journal/dprc.2.json", false);
	has_file(&test, "bound/dprc.2.json", true);
}

/* dprc.2 is VFIO's, before and after, and locked. */
static void begin_locked(struct test *test)
{
	begin_bind(test, 2);
	set(&test->change->before, VFIO, VFIO);
	test->change->locked_before = test->change->locked_after = true;
	test->change->lock = LOCK_ON;
	assert_int_equal(transaction_run(&test->transaction, test->bus), 0);
	machine_has_said_nothing();
}

static void without_the_record_for_unbind_nothing_stays_changed(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_locked(&test);
	machine_run(&test.machine, "rmdir run/fslmc-vfio/locked");
	assert_int_equal(transaction_commit(&test.transaction), -ERROR_FAILED);
	machine_has_said("error none: cannot write the records in /run/fslmc-vfio: ",
			 "; undoing the change\nnote none: dprc.2 is as it was\n", NULL);
	has_file(&test, "journal/dprc.2.json", false);
}

/* The journal that stays would have the next run undo it. */
static void what_leaves_its_journal_is_undone(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_locked(&test);
	machine_run(&test.machine, "cd run/fslmc-vfio/journal && rm dprc.2.json && "
				   "mkdir -p dprc.2.json/x");
	assert_int_equal(transaction_commit(&test.transaction), -ERROR_RESIDUE);
	machine_has_said("error none: cannot remove the journal in /run/fslmc-vfio: ",
			 "; undoing the change\n",
			 "error none: original state restored, but the records in /run/fslmc-vfio "
			 "do not say so: ",
			 NULL);
	has_file(&test, "locked/dprc.2.json", true);
}

/* An unbind of dprc.3, which the host has by now, and which the MC has unlocked. */
static void begin_unlocked(struct test *test)
{
	begin_bind(test, 3);
	set(&test->change->before, VFIO, VFIO);
	set(&test->change->after, HOST, NULL);
	test->change->locked_before = true;
	machine_run(&test->machine, "echo '{}' >run/fslmc-vfio/locked/dprc.3.json");
	assert_int_equal(transaction_run(&test->transaction, test->bus), 0);
}

/* Killed in between, nobody would know any more that the record of the lock is not true. */
static void what_is_on_record_of_a_lock_goes_before_the_journal(void **state _unused_)
{
	_cleanup_close_ int watcher = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	_cleanup_free_ char *locked = NULL, *journal = NULL;
	_cleanup_(end) struct test test;
	struct inotify_event *event;
	char events[512];
	int watch;

	begin_unlocked(&test);
	locked = xasprintf("%s/run/fslmc-vfio/locked", test.machine.path);
	journal = xasprintf("%s/run/fslmc-vfio/journal", test.machine.path);
	watch = inotify_add_watch(watcher, locked, IN_DELETE);
	assert_true(inotify_add_watch(watcher, journal, IN_DELETE) >= 0);
	assert_int_equal(transaction_commit(&test.transaction), 0);
	assert_true(read(watcher, events, sizeof(events)) > 0);
	event = (struct inotify_event *)events;
	assert_int_equal(event->wd, watch);
}

static void an_unbind_that_is_undone_has_the_record_of_the_lock(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 2);
	set(&test.change->before, VFIO, VFIO);
	test.change->locked_before = true;
	assert_int_equal(transaction_run(&test.transaction, test.bus), 0);
	test.change->lock = LOCK_ON;
	assert_int_equal(transaction_undo(&test.transaction), -ERROR_FAILED);
	has_file(&test, "locked/dprc.2.json", true);
	has_file(&test, "journal/dprc.2.json", false);
}

/* For that there might be no room. */
static void an_undo_does_not_write_again_what_is_on_record(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 2);
	set(&test.change->before, VFIO, VFIO);
	test.change->locked_before = true;
	machine_run(&test.machine, "umask 077; echo '{}' >run/fslmc-vfio/locked/dprc.2.json");
	assert_int_equal(transaction_run(&test.transaction, test.bus), 0);
	test.change->lock = LOCK_ON;
	assert_int_equal(transaction_undo(&test.transaction), -ERROR_FAILED);
	machine_run(&test.machine, "grep -qx '{}' run/fslmc-vfio/locked/dprc.2.json");
}

static void a_record_that_cannot_be_removed_is_said(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	set(&test.change->before, VFIO, VFIO);
	set(&test.change->after, HOST, NULL);
	test.change->locked_before = true;
	machine_run(&test.machine, "mkdir run/fslmc-vfio/bound/dprc.3.json && "
				   "echo '{}' >run/fslmc-vfio/locked/dprc.3.json");
	assert_int_equal(transaction_run(&test.transaction, test.bus), 0);
	assert_int_equal(transaction_commit(&test.transaction), 0);
	machine_has_said("warning dprc.3: cannot remove the record of what bind found: ", NULL);
	machine_run(&test.machine, "rmdir run/fslmc-vfio/bound/dprc.3.json");
	/* That it is unlocked is on record now; and what is left of an unbind is an error. */
	test.transaction.has_residue = true;
	assert_int_equal(transaction_commit(&test.transaction), -ERROR_RESIDUE);
	has_file(&test, "locked/dprc.3.json", false);
	machine_has_said("note dprc.3: network interfaces are back, without their configuration: "
			 "eth1\n",
			 NULL);
}

/* What an interface was called before is said, if it has another name now. */
static void an_interface_comes_back_by_another_name(void **state _unused_)
{
	static const struct {
		const char *before, *said;
	} cases[] = {
		{ "dpni.10 eth7", ": eth1, which was eth7\n" },
		{ "dpni.10 eth1", ": eth1\n" },
		{ "dpni.1 eth7", ": eth1\n" },
		{ "dpni.100 eth7", ": eth1\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(end) struct test test;

		begin_bind(&test, 3);
		set(&test.change->before, VFIO, VFIO);
		set(&test.change->after, HOST, NULL);
		strings_add(&test.change->interfaces, cases[i].before);
		assert_int_equal(transaction_run(&test.transaction, test.bus), 0);
		assert_int_equal(transaction_commit(&test.transaction), 0);
		machine_has_said("note dprc.3: network interfaces are back, without their "
				 "configuration",
				 cases[i].said, NULL);
	}
}

static void what_unbind_does_not_bring_back_is_a_residue(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	set(&test.change->before, VFIO, VFIO);
	set(&test.change->after, HOST, NULL);
	snapshot_take(test.bus, &test.change->found);
	machine_run(&test.machine,
		    "rm sys/bus/fsl-mc/drivers/*/dpni.10 sys/" BUS "dprc.3/dpni.10/driver");
	machine_answers(0);
	assert_int_equal(transaction_run(&test.transaction, test.bus), 0);
	machine_wrote("dpni.10>bus/fsl-mc/drivers_probe\n");
	assert_int_equal(transaction_commit(&test.transaction), -ERROR_RESIDUE);
	machine_has_said("error dpni.10: not restored: lost its driver fsl_dpaa2_eth", NULL);
	machine_answers(-EINPROGRESS);
	assert_int_equal(transaction_run(&test.transaction, test.bus), -ERROR_TIMED_OUT);
	has_file(&test, JOURNAL, true);
}

static void what_is_inside_has_to_be_known_before(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	machine_run(&test.machine, "cd sys/" BUS "dprc.3/dpni.9 && rm driver_override && "
				   "mkdir driver_override");
	assert_int_equal(transaction_run(&test.transaction, test.bus), -ERROR_FAILED);
	machine_wrote("");
	machine_has_said("error dprc.3: cannot read the driver_override of an object in it: ",
			 "; nothing was written\n", NULL);
	has_file(&test, JOURNAL, false);
}

#define GONE                                                                                       \
	"rm -r sys/" BUS "dprc.3 && cd sys/bus/fsl-mc && rm drivers/*/dprc.3 drivers/*/dpni.10 "   \
	"devices/dprc.3 devices/dpio.1 devices/dpni.9 devices/dpni.10"

static void a_device_that_goes_meanwhile_is_not_written_to(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	machine_answers(0);
	machine_then(&test.machine, 1, GONE);
	assert_int_equal(transaction_run(&test.transaction, test.bus), -ERROR_RESIDUE);
	/* That of the bus is to find what else is missing. */
	machine_wrote(OVERRIDE "1>bus/fsl-mc/rescan\n");
	machine_has_said(
		"error dprc.3: it is not the device it was when it was checked: ",
		"warning dprc.3: device disappeared; nothing to restore\n",
		"error dprc.3: not restored: object no longer present in Linux (driver was "
		"fsl_mc_dprc); run: echo 1 > /sys/bus/fsl-mc/rescan\n",
		"original state not fully restored", NULL);
	assert_int_equal(test.transaction.n_changes, 0);
	has_file(&test, JOURNAL, true);
}

/* What failed on the way there, an MC that is busy say, may be over soon. */
static void an_undo_is_tried_again(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	machine_run(&test.machine, "echo vfio-fsl-mc >sys/" BUS "dprc.3/driver_override");
	machine_then(&test.machine, 3, "echo '(null)' >sys/" BUS "dprc.3/driver_override");
	assert_int_equal(transaction_run(&test.transaction, test.bus), -ERROR_FAILED);
	/* Each try makes its writes; the third is seen to have worked. */
	machine_wrote(UNBIND ">driver_override\n>driver_override\n");
	machine_has_said("error dprc.3: cannot write 'dprc.3' to /sys/bus/fsl-mc/drivers/" HOST
			 "/unbind: Input/output error (EIO)\nnote ",
			 "note none: dprc.3 is as it was\n", NULL);
	has_file(&test, JOURNAL, false);
}

static void an_undo_that_hangs_leaves_its_journal(void **state _unused_)
{
	_cleanup_(end) struct test test;
	bool as_asked = true;

	interrupt_bind(&test, 2);
	machine_run(&test.machine,
		    "rm sys/bus/fsl-mc/drivers/*/dpni.1 sys/" BUS "dprc.2/dpni.1/driver");
	machine_answers(-EINPROGRESS);
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_TIMED_OUT);
	assert_false(as_asked);
	machine_wrote(">driver_override\n");
	machine_has_said("still pending in the kernel", NULL);
	has_file(&test, "journal/dprc.2.json", true);
}

/* A rebind ends where it begins: only what it has unbound may be half done. */
static void a_rebind_that_had_not_begun_is_not_completed(void **state _unused_)
{
	_cleanup_(end) struct test test;
	bool as_asked = true;

	interrupt_bind(&test, 2);
	set(&test.change->before, VFIO, VFIO);
	test.change->rescans = true;
	assert_true(transaction_is_needed(&test.transaction));
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), 0);
	assert_false(as_asked);
	machine_wrote("");
	has_file(&test, "journal/dprc.2.json", false);
}

static void a_rebind_that_had_begun_may_be_complete(void **state _unused_)
{
	_cleanup_(end) struct test test;
	bool as_asked = false;

	interrupt_bind(&test, 2);
	set(&test.change->before, VFIO, VFIO);
	test.change->rescans = test.change->unbind_started = true;
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), 0);
	assert_true(as_asked);
	/* A rebind finds nothing new for unbind. */
	has_file(&test, "bound/dprc.2.json", false);
}

static void what_a_program_uses_is_not_taken_from_it(void **state _unused_)
{
	_cleanup_(end) struct test test;
	bool as_asked = true;

	interrupt_bind(&test, 2);
	/* A node that cannot be opened for want of a right, or is a link to nowhere, tells nothing.
	 */
	machine_run(&test.machine,
		    "rm sys/bus/fsl-mc/drivers/*/dpni.1 sys/" BUS "dprc.2/dpni.1/driver && "
		    "mkdir dev/vfio/1");
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_RESIDUE);
	assert_false(as_asked);
	machine_wrote("");
	machine_has_said("error dprc.2: cannot tell whether its VFIO group 1 is in use: ", NULL);
	has_file(&test, "journal/dprc.2.json", true);
}

static void what_cannot_be_read_is_abandoned_all_the_same(void **state _unused_)
{
	_cleanup_(end) struct test test;

	interrupt_bind(&test, 3);
	machine_run(&test.machine, GONE);
	assert_int_equal(transaction_abandon(&test.transaction), 0);
	machine_has_said("warning dprc.3: left as it is: cannot read its driver: ", NULL);
	has_file(&test, JOURNAL, false);
	has_file(&test, "bound/dprc.3.json", false);
}

static void what_cannot_be_recorded_is_not_abandoned(void **state _unused_)
{
	_cleanup_(end) struct test test;

	interrupt_bind(&test, 2);
	machine_run(&test.machine, "rmdir run/fslmc-vfio/bound");
	assert_int_equal(transaction_abandon(&test.transaction), -ERROR_RESIDUE);
	machine_has_said("error none: cannot replace the record in /run/fslmc-vfio: ", NULL);
	has_file(&test, "journal/dprc.2.json", true);
}

static void a_recovery_needs_a_bus(void **state _unused_)
{
	_cleanup_(end) struct test test;
	bool as_asked = true;

	interrupt_bind(&test, 3);
	machine_run(&test.machine, "rm -r sys/bus/fsl-mc");
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_RESIDUE);
	machine_has_said("error none: cannot read the fsl-mc bus: ", NULL);
	has_file(&test, JOURNAL, true);
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

/* A scan would give its driver to what had none. */
static void what_had_no_driver_is_not_probed_by_the_way(void **state _unused_)
{
	_cleanup_(end) struct test test;
	_cleanup_(plan_done) struct plan plan = { 0 };

	begin_bind(&test, 3);
	set(&test.change->before, VFIO, VFIO);
	set(&test.change->after, HOST, NULL);
	test.change->rescans = true;
	snapshot_take(test.bus, &test.change->found);
	/* dpni.9 had none; drivers_autoprobe goes off and on. */
	assert_int_equal(transaction_plan(&test.transaction, &plan), 0);
	assert_int_equal(plan.n_writes, 5);
	assert_int_equal(plan.writes[0].kind, WRITE_AUTOPROBE);
	assert_string_equal(plan.writes[0].text, "0\n");
	assert_int_equal(plan.writes[3].kind, WRITE_PROBE);
	assert_string_equal(plan.writes[3].object, "dpni.10");
	assert_int_equal(plan.writes[4].kind, WRITE_AUTOPROBE);
	/* Without that driver on the bus there is nothing to keep off. */
	plan_done(&plan);
	machine_run(&test.machine, "rm -r sys/bus/fsl-mc/drivers/fsl_dpaa2_eth "
				   "sys/bus/fsl-mc/drivers/fsl_mc_dpio 2>/dev/null || true");
	assert_int_equal(transaction_plan(&test.transaction, &plan), 0);
	assert_int_equal(plan.n_writes, 2);
}

/* Bind found dpni.9 with a driver; then an unbind of dprc.3 was killed when all but that was done.
 */
static void interrupt_unbind(struct test *test)
{
	const struct name dpni_9 = { "dpni", 9 };
	struct snapshot_entry *entry;

	begin_bind(test, 3);
	entry = (struct snapshot_entry *)snapshot_find(&test->transaction.snapshot, &dpni_9);
	entry->driver = xstrdup("fsl_dpaa2_eth");
	assert_int_equal(bound_write(&test->transaction, test->change), 0);
	free(take_pointer(entry->driver));
	set(&test->change->before, VFIO, VFIO);
	set(&test->change->after, HOST, NULL);
	test->transaction.has_begun = test->transaction.autoprobe = true;
	assert_int_equal(journal_write(&test->transaction), 0);
}

static void an_interrupted_unbind_is_completed_by_what_bind_found(void **state _unused_)
{
	_cleanup_(end) struct test test;
	bool as_asked = false;

	interrupt_unbind(&test);
	machine_answers(0);
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_RESIDUE);
	assert_true(as_asked);
	machine_wrote("dpni.9>bus/fsl-mc/drivers_probe\n");
	machine_has_said("error dpni.9: not restored: lost its driver fsl_dpaa2_eth", NULL);
	has_file(&test, JOURNAL, false);
	has_file(&test, "bound/dprc.3.json", false);
}

/* Or the objects inside would stay without what bind found, and the record would go. */
static void what_bind_found_has_to_be_readable_before_a_recovery_writes(void **state _unused_)
{
	_cleanup_(end) struct test test;
	bool as_asked = true;

	interrupt_unbind(&test);
	machine_run(&test.machine, "ln -sf nowhere run/fslmc-vfio/bound/dprc.3.json");
	machine_answers(0);
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_RESIDUE);
	machine_wrote("");
	machine_has_said("error dprc.3: the record of what bind found, "
			 "/run/fslmc-vfio/bound/dprc.3.json, cannot be read: ",
			 "; nothing was written; try again, or remove it", NULL);
	has_file(&test, JOURNAL, true);
	machine_run(&test.machine, "test -L run/fslmc-vfio/bound/dprc.3.json");
}

static void what_hangs_in_a_recovery_leaves_the_journal(void **state _unused_)
{
	_cleanup_(end) struct test inside, outside;
	struct snapshot_entry *entry;
	bool as_asked = false;

	interrupt_unbind(&inside);
	machine_answers(-EINPROGRESS);
	assert_int_equal(transaction_settle(&inside.transaction, &as_asked), -ERROR_TIMED_OUT);
	machine_wrote("dpni.9>bus/fsl-mc/drivers_probe\n");
	has_file(&inside, JOURNAL, true);
	has_file(&inside, "bound/dprc.3.json", true);
	/* The same of a bystander. */
	interrupt_bind(&outside, 2);
	entry = (struct snapshot_entry *)snapshot_find(&outside.transaction.snapshot,
						       &(struct name){ "dpni", 0 });
	entry->driver = xstrdup("fsl_dpaa2_eth");
	machine_answers(-EINPROGRESS);
	assert_int_equal(transaction_settle(&outside.transaction, &as_asked), -ERROR_TIMED_OUT);
	machine_wrote("dpni.0>bus/fsl-mc/drivers_probe\n");
	has_file(&outside, "journal/dprc.2.json", true);
}

static void what_comes_too_late_is_not_written(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin_bind(&test, 3);
	test.transaction.timeout_s = 1;
	machine_answers(0);
	machine_then(&test.machine, 1, "sleep 1.1");
	assert_int_equal(transaction_run(&test.transaction, test.bus), -ERROR_FAILED);
	machine_wrote(OVERRIDE);
	machine_has_said("error dprc.3: 1 s were over before the write to "
			 "/sys/bus/fsl-mc/drivers/" HOST "/unbind\n",
			 "note none: dprc.3 is as it was\n", NULL);
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
		cmocka_unit_test(what_an_undone_bind_had_recorded_is_forgotten),
		cmocka_unit_test(what_an_earlier_bind_had_recorded_stays),
		cmocka_unit_test(what_is_as_asked_is_completed),
		cmocka_unit_test(what_is_abandoned_is_said_and_left),
		cmocka_unit_test(a_dprc_that_is_gone_keeps_nothing_back),
		cmocka_unit_test(what_is_so_already_is_committed),
		cmocka_unit_test(without_the_record_for_unbind_nothing_stays_changed),
		cmocka_unit_test(what_leaves_its_journal_is_undone),
		cmocka_unit_test(what_is_on_record_of_a_lock_goes_before_the_journal),
		cmocka_unit_test(an_unbind_that_is_undone_has_the_record_of_the_lock),
		cmocka_unit_test(an_undo_does_not_write_again_what_is_on_record),
		cmocka_unit_test(a_record_that_cannot_be_removed_is_said),
		cmocka_unit_test(an_interface_comes_back_by_another_name),
		cmocka_unit_test(what_unbind_does_not_bring_back_is_a_residue),
		cmocka_unit_test(what_is_inside_has_to_be_known_before),
		cmocka_unit_test(a_device_that_goes_meanwhile_is_not_written_to),
		cmocka_unit_test(an_undo_is_tried_again),
		cmocka_unit_test(an_undo_that_hangs_leaves_its_journal),
		cmocka_unit_test(a_rebind_that_had_not_begun_is_not_completed),
		cmocka_unit_test(a_rebind_that_had_begun_may_be_complete),
		cmocka_unit_test(what_a_program_uses_is_not_taken_from_it),
		cmocka_unit_test(what_cannot_be_read_is_abandoned_all_the_same),
		cmocka_unit_test(what_cannot_be_recorded_is_not_abandoned),
		cmocka_unit_test(a_recovery_needs_a_bus),
		cmocka_unit_test(a_switch_that_is_off_is_said),
		cmocka_unit_test(a_dprc_of_an_interrupted_change_is_refused),
		cmocka_unit_test(one_run_at_a_time_begins),
		cmocka_unit_test(what_had_no_driver_is_not_probed_by_the_way),
		cmocka_unit_test(an_interrupted_unbind_is_completed_by_what_bind_found),
		cmocka_unit_test(what_bind_found_has_to_be_readable_before_a_recovery_writes),
		cmocka_unit_test(what_hangs_in_a_recovery_leaves_the_journal),
		cmocka_unit_test(what_comes_too_late_is_not_written),
	};

	return cmocka_run_group_tests_name("transaction", tests, NULL, NULL);
}
