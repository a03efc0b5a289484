/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs that look at the running machine: recover settles what its records say, wait ends when it
 * is so or too late, and bind and unbind say what the kernel refused.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/signals.h"
#include "base/strings.h"
#include "base/util.h"
#include "machine.h"
#include "model/bus.h"
#include "transaction/creation.h"
#include "transaction/journal.h"
#include "verb.h"
#include "verbs/command.h"
#include "verbs/label.h"

extern const struct command command_apply, command_bind, command_check, command_destroy,
	command_recover, command_status, command_unbind, command_wait;

#define BUS "devices/platform/soc/80c000000.fsl-mc/dprc.1/"

static const struct machine *labelled; /* by __wrap_label_resolve() */

/* r is the result, and text what it wrote. */
#define wrote(r, text, machine, ...)                                                               \
	do {                                                                                       \
		_cleanup_free_ char *output_ = NULL;                                               \
		assert_int_equal(verb_run(machine, &output_, __VA_ARGS__, NULL), r);               \
		assert_string_equal(output_, text);                                                \
	} while (0)

/* Only root has a run directory; whoever else is told so, and there is no more to test. */
static bool is_root(const struct machine *machine)
{
	if (geteuid() == 0)
		return true;
	wrote(-ERROR_PERMISSION, "", machine, &command_recover);
	machine_has_said("only root can write to the fsl-mc bus", NULL);
	return false;
}

/* A bind of dprc.3 that was killed before its first write. */
static void interrupt(const struct machine *machine)
{
	_cleanup_transaction_ struct transaction transaction = machine_begin(machine, "bind");
	_cleanup_bus_ struct bus *bus = NULL;
	struct change *change;

	assert_int_equal(bus_load(&machine->sysfs, &bus), 0);
	snapshot_take(bus, &transaction.snapshot);
	assert_int_equal(change_add(&transaction, &(struct name){ "dprc", 3 }, BUS "dprc.3",
				    &change),
			 0);
	change->after = (struct binding){ xstrdup("vfio-fsl-mc"), xstrdup("vfio-fsl-mc") };
	transaction.has_begun = true;
	assert_int_equal(journal_write(&transaction), 0);
}

static void has_journal(const struct machine *machine, bool has)
{
	machine_run(machine, "test %s -e run/fslmc-vfio/journal/dprc.3.json", has ? "" : "!");
}

static void recover_says_what_became_of_each(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "small");
	if (!is_root(&machine))
		return;
	wrote(0, "nothing to recover\n", &machine, &command_recover);
	interrupt(&machine);
	wrote(0, "dprc.3 original\n", &machine, &command_recover, "-n", "-r", "-o", "NAME,STATE");
	has_journal(&machine, false);
	interrupt(&machine);
	wrote(0, "dprc.3 abandoned\n", &machine, &command_recover, "--abandon", "dprc.3", "-n",
	      "-r", "-o", "NAME,STATE");
	has_journal(&machine, false);
	wrote(-ERROR_NOT_FOUND, "", &machine, &command_recover, "--abandon=dprc.3", "-n");
	machine_has_said("error dprc.3: no change of it was interrupted", NULL);
	wrote(-ERROR_USAGE, "", &machine, &command_recover, "--abandon=../x");
}

static void status_says_once_that_there_is_something_to_recover(void **state _unused_)
{
	static const char warning[] = "warning dprc.3: an earlier change was interrupted";
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *said = NULL;
	const char *first;

	machine_make(&machine, "small");
	if (!is_root(&machine))
		return;
	interrupt(&machine);
	wrote(0, "", &machine, &command_status, "-n");
	said = machine_said();
	first = strstr(said, warning);
	assert_non_null(first);
	assert_null(strstr(first + 1, warning));
}

static void recover_leaves_what_it_cannot_read(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "small");
	if (!is_root(&machine))
		return;
	machine_write(&machine, "run/fslmc-vfio/journal/dprc.3.json", "{ ");
	wrote(-ERROR_RESIDUE, "", &machine, &command_recover, "-n");
	machine_has_said("the record of an interrupted change, "
			 "/run/fslmc-vfio/journal/dprc.3.json, cannot be read: ",
			 NULL);
	has_journal(&machine, true);
	/* One that can is settled all the same, so not all is as it was. */
	machine_run(&machine, "mv run/fslmc-vfio/journal/dprc.3.json "
			      "run/fslmc-vfio/journal/dprc.2.json");
	interrupt(&machine);
	wrote(-ERROR_RESIDUE, "dprc.3\n", &machine, &command_recover, "-n", "-o", "NAME");
	has_journal(&machine, false);
	wrote(0, "", &machine, &command_recover, "--abandon=dprc.2", "-n");
	machine_has_said("warning dprc.2: the record of its interrupted change could not be read",
			 NULL);
}

/* The record can be read: what cannot be is said by who reads it. */
static void recover_says_once_what_keeps_it(void **state _unused_)
{
	static const char *const abandons[] = { NULL, "--abandon=dprc.3" };

	for (size_t i = 0; i < ARRAY_SIZE(abandons); i++) {
		_cleanup_(machine_done) struct machine machine;
		_cleanup_free_ char *said = NULL;

		machine_make(&machine, "small");
		if (!is_root(&machine))
			return;
		interrupt(&machine);
		/* A link to itself. */
		machine_run(&machine, "cd sys/" BUS "dprc.3 && rm driver_override && ln -s driver_override .");
		wrote(-ERROR_RESIDUE, "", &machine, &command_recover, "-n", abandons[i]);
		said = machine_said();
		assert_string_equal(said, "error dprc.3: cannot read its driver: Too many levels of "
					  "symbolic links (ELOOP)\n");
		has_journal(&machine, true);
	}
}

static void recover_forgets_what_a_boot_has_ended(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "small");
	if (!is_root(&machine))
		return;
	interrupt(&machine);
	machine_run(&machine, "cp run/fslmc-vfio/journal/dprc.3.json run/fslmc-vfio/bound/");
	machine_write(&machine, "proc/sys/kernel/random/boot_id", "another\n");
	wrote(0, "", &machine, &command_recover, "-n");
	machine_has_said("warning dprc.3: its journal is of an earlier boot; removed",
			 "the record of what bind found is of a device that is no more; removed",
			 NULL);
	has_journal(&machine, false);
}

static void a_container_that_was_being_made_is_abandoned_by_its_label(void **state _unused_)
{
	_cleanup_transaction_ struct transaction transaction = { 0 };
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "small");
	if (!is_root(&machine))
		return;
	transaction = machine_begin(&machine, "create");
	transaction.creations = xcalloc(1, sizeof(*transaction.creations));
	transaction.n_creations = 1;
	transaction.creations[0] =
		(struct creation){ .made = { .parent = { "dprc", 1 }, .label = "fast" },
				   .temporary = "making-1" };
	assert_int_equal(journal_write(&transaction), 0);
	/* Any number that is new may be the one of the container, or nobody's. */
	wrote(-ERROR_NOT_FOUND, "", &machine, &command_recover, "--abandon=dprc.99", "-n");
	machine_has_said("error dprc.99: no change of it was interrupted; a create is abandoned by "
			 "its label\n",
			 NULL);
	wrote(0, "fast abandoned\n", &machine, &command_recover, "--abandon=fast", "-n", "-r", "-o",
	      "LABEL,STATE");
	machine_has_said("warning fast: left as it is; 'fslmc-vfio list' shows what there is",
			 NULL);
}

static void what_is_so_is_not_waited_for(void **state _unused_)
{
	static const char *const goals[] = { "present", "complete", "ready", "bound" };
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "small");
	/* The MC answers as it did when the machine was captured. */
	machine.sysfs.is_live = false;
	machine_write(&machine, "etc/fslmc-vfio.d/child.json",
		      "{\"format_version\":\"1.0\",\"label\":\"to VFIO\","
		      "\"contents\":{\"dpbp\":1,\"dpmcp\":1,\"dpni\":2}}");
	for (size_t i = 0; i < ARRAY_SIZE(goals); i++) {
		_cleanup_free_ char *until = xasprintf("--until=%s", goals[i]);
		_cleanup_free_ char *text = xasprintf("dprc.2 %s\n", goals[i]);

		wrote(0, text, &machine, &command_wait, until, "-n", "-r", "dprc.2");
		wrote(0, text, &machine, &command_wait, until, "-n", "-r", "LABEL=to VFIO");
		wrote(0, text, &machine, &command_wait, until, "-n", "-r", "child");
	}
	wrote(-ERROR_USAGE, "", &machine, &command_wait, "dpni.1");
	wrote(-ERROR_NOT_FOUND, "", &machine, &command_wait, "nobody");
}

static void what_does_not_become_so_ends_in_time(void **state _unused_)
{
	static const struct {
		const char *until, *target, *change;
	} cases[] = {
		{ "--until=present", "dprc.9", "true" },
		{ "--until=bound", "dprc.3", "true" },
		/* Linux does not have an object that the MC has. */
		{ "--until=complete", "dprc.2",
		  "rm sys/bus/fsl-mc/d*/dpni.1 && "
		  "rm sys/bus/fsl-mc/drivers/*/dpni.1 && "
		  "rm -r sys/" BUS "dprc.2/dpni.1" },
		/* Nothing in it would be probed. */
		{ "--until=ready", "dprc.3", "echo 0 >sys/bus/fsl-mc/drivers_autoprobe" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const int64_t began = clock_now_ms();
		_cleanup_(machine_done) struct machine machine;

		machine_make(&machine, "small");
		machine.sysfs.is_live = false;
		machine_run(&machine, "%s", cases[i].change);
		wrote(-ERROR_FAILED, "", &machine, &command_wait, cases[i].until, "--timeout=1",
		      cases[i].target);
		assert_true(clock_now_ms() >= began + 1000);
		machine_has_said("after 1 s; nothing was changed", NULL);
	}
}

static void what_is_bound_already_stays_so(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "small");
	if (!is_root(&machine))
		return;
	machine_run(&machine, "rm dev/dprc.1");
	wrote(0, "dprc.2 no\n", &machine, &command_bind, "dprc.2", "-n", "-r", "-o",
	      "NAME,CHANGED");
	machine_wrote("");
}

static void what_the_kernel_refuses_is_said(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "plain");
	if (!is_root(&machine))
		return;
	machine_run(&machine, "rm dev/dprc.1");
	wrote(-ERROR_FAILED, "", &machine, &command_bind, "dprc.2");
	machine_has_said("error bus: cannot write '0' to /sys/bus/fsl-mc/autorescan: "
			 "Input/output error (EIO)",
			 "note none: dprc.2 is as it was", NULL);
	machine_wrote("0>bus/fsl-mc/autorescan\n");
	wrote(-ERROR_NOT_FOUND, "", &machine, &command_bind, "dprc.7");
	wrote(-ERROR_REFUSED, "", &machine, &command_bind, "dprc.1");
	wrote(0, "dprc.2 no\n", &machine, &command_unbind, "dprc.2", "-n", "-r", "-o",
	      "NAME,CHANGED");
	wrote(-ERROR_FAILED, "", &machine, &command_destroy, "--foreign", "dprc.2");
	machine_has_said("the MC cannot be queried, so nothing can be destroyed", NULL);
}

static void an_unbind_that_fails_keeps_it_with_vfio(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "small");
	if (!is_root(&machine))
		return;
	machine_run(&machine, "rm dev/dprc.1");
	wrote(-ERROR_FAILED, "", &machine, &command_unbind, "dprc.2");
	machine_wrote(">driver_override\n");
	machine_has_said("error dprc.2: cannot write '' to /sys/", "note none: dprc.2 is as it was",
			 NULL);
	/* While a change of it is interrupted, nothing else is done with it. */
	interrupt(&machine);
	wrote(-ERROR_REFUSED, "", &machine, &command_unbind, "dprc.3");
	machine_has_said("error dprc.3: an earlier change was interrupted", NULL);
}

/* What cannot be read is not what is not there. */
static void an_unbind_reads_its_records_before_it_writes(void **state _unused_)
{
	static const struct {
		const char *folder, *command, *said;
	} cases[] = {
		{ "bound", "ln -s nowhere",
		  "error dprc.2: the record of what bind found, /run/fslmc-vfio/bound/dprc.2.json, "
		  "cannot be read: " },
		{ "bound", "mkdir",
		  "error dprc.2: the record of what bind found, /run/fslmc-vfio/bound/dprc.2.json, "
		  "is damaged" },
		{ "locked", "ln -s nowhere",
		  "error dprc.2: the record of its lock in the MC, "
		  "/run/fslmc-vfio/locked/dprc.2.json, cannot be read: " },
		{ "locked", "mkdir",
		  "error dprc.2: the record of its lock in the MC, "
		  "/run/fslmc-vfio/locked/dprc.2.json, is damaged" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(machine_done) struct machine machine;

		machine_make(&machine, "small");
		if (!is_root(&machine))
			return;
		machine_run(&machine, "rm dev/dprc.1 && cd run/fslmc-vfio/%s && %s dprc.2.json",
			    cases[i].folder, cases[i].command);
		machine_answers(0);
		wrote(-ERROR_REFUSED, "", &machine, &command_unbind, "dprc.2");
		machine_has_said(cases[i].said, NULL);
		machine_wrote("");
		machine_run(&machine, "cd run/fslmc-vfio/%s && ls dprc.2.json >/dev/null",
			    cases[i].folder);
	}
}

/* Two by their contents, as on a kernel whose MC cannot be asked; dprc.2 is with VFIO. */
#define OF_DPRC_2 "{\"format_version\":\"1.0\",\"contents\":{\"dpbp\":1,\"dpmcp\":1,\"dpni\":2}}"
#define OF_DPRC_3                                                                                  \
	"{\"format_version\":\"1.0\",\"contents\":{\"dpio\":1,\"dpni\":2},"                        \
	"\"allow\":[\"netdev-in-use\"]}"

static bool define_both(struct machine *machine)
{
	machine_make(machine, "small");
	machine_run(machine, "rm dev/dprc.1");
	machine_write(machine, "etc/fslmc-vfio.d/bound.json", OF_DPRC_2);
	machine_write(machine, "etc/fslmc-vfio.d/host.json", OF_DPRC_3);
	return is_root(machine);
}

static void apply_each_looks_for_all_that_are_named_before_the_first(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	if (!define_both(&machine))
		return;
	wrote(-ERROR_NOT_FOUND, "", &machine, &command_apply, "--each", "host", "nobody");
	machine_has_said("error nobody: no such definition", NULL);
	wrote(-ERROR_USAGE, "", &machine, &command_apply, "--each", "host", "../x");
	machine_wrote("");
}

/* A link is a definition that is invalid, wherever it leads; status lists it. */
static void apply_each_tells_a_link_from_what_is_not_there(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	if (!define_both(&machine))
		return;
	machine_run(&machine, "ln -s /etc/passwd etc/fslmc-vfio.d/link.json");
	wrote(-ERROR_DIFFERS, "link invalid\n", &machine, &command_apply, "--each", "-n", "-r", "-o",
	      "DEFINITION,STATE", "link");
	machine_has_said("link.json: it is a symbolic link", NULL);
}

static void apply_each_says_what_is_left_half_done_in_json_too(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *output = NULL;

	if (!define_both(&machine))
		return;
	machine_answers(0);
	/* Nothing comes of a write here, so this is there to stay. */
	machine_then(&machine, 2, "echo other >sys/" BUS "dprc.3/driver_override");
	assert_int_equal(verb_run(&machine, &output, &command_apply, "--each", "-J", NULL),
			 -ERROR_RESIDUE);
	assert_non_null(strstr(output, "\"status\": \"residue\""));
}

static void apply_each_has_a_document_where_none_matches(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *output = NULL;

	if (!define_both(&machine))
		return;
	machine_run(&machine, "rm etc/fslmc-vfio.d/host.json");
	assert_int_equal(verb_run(&machine, &output, &command_apply, "--each", "-J",
				  "--container=dprc.3", NULL),
			 0);
	assert_non_null(strstr(output, "\"states\": []"));
	assert_non_null(strstr(output, "\"status\": \"done\""));
	wrote(0, "no definition matches\n", &machine, &command_apply, "--each",
	      "--container=dprc.3");
}

static void apply_each_of_one_leaves_out_files_that_are_no_definitions(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	if (!define_both(&machine))
		return;
	machine_write(&machine, "etc/fslmc-vfio.d/bad.json", "nonsense");
	wrote(0, "bound as-defined\n", &machine, &command_apply, "--each", "-n", "-r", "-o",
	      "DEFINITION,STATE", "--container=dprc.2");
	machine_has_said("warning none: /etc/fslmc-vfio.d/bad.json: line 1, column 2: not JSON: ",
			 NULL);
	/* It may be the one that is about it. */
	machine_run(&machine, "rm etc/fslmc-vfio.d/host.json");
	wrote(-ERROR_REFUSED, "", &machine, &command_apply, "--each", "--container=dprc.3");
	machine_has_said("error dprc.3: no valid definition matches; see the invalid files above",
			 NULL);
	/* Whoever names it means it. */
	wrote(-ERROR_DIFFERS, "bad invalid\n", &machine, &command_apply, "--each", "-n", "-r", "-o",
	      "DEFINITION,STATE", "--container=dprc.3", "bad");
}

static void apply_each_of_one_that_is_not_there_ends_before_the_first(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	if (!define_both(&machine))
		return;
	wrote(-ERROR_NOT_FOUND, "", &machine, &command_apply, "--each", "--container=dprc.77");
	machine_has_said("error dprc.77: no such object on the fsl-mc bus", NULL);
	wrote(-ERROR_REFUSED, "", &machine, &command_apply, "--each", "--container=dpni.1");
	wrote(-ERROR_USAGE, "", &machine, &command_apply, "--each", "--container=x");
	machine_wrote("");
}

/* What was applied stays: neither "nothing was touched" nor "original state restored" is true. */
static void apply_each_differs_if_it_cannot_say_what_it_did(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_close_ int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	if (!define_both(&machine))
		return;
	machine_run(&machine, "rm etc/fslmc-vfio.d/host.json");
	assert_int_equal(verb_run_to(&machine, full, &command_apply, "--each", NULL),
			 -ERROR_DIFFERS);
	machine_has_said("error none: cannot write the output: ", NULL);
}

static void limit_to_own_files(bool limited)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	static struct __user_cap_data_struct before[2];
	struct __user_cap_data_struct data[2];

	if (limited)
		assert_int_equal(syscall(SYS_capget, &header, before), 0);
	memcpy(data, before, sizeof(data));
	if (limited)
		data[0].effective &= ~(1U << CAP_DAC_OVERRIDE | 1U << CAP_DAC_READ_SEARCH);
	assert_int_equal(syscall(SYS_capset, &header, data), 0);
}

static void apply_each_goes_on_after_one_that_asks_for_more_than_root_has(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *output = NULL;
	int r;

	if (!define_both(&machine))
		return;
	machine_run(&machine, "chmod 0 etc/fslmc-vfio.d/bound.json");
	limit_to_own_files(true);
	r = verb_run(&machine, &output, &command_apply, "--each", NULL);
	limit_to_own_files(false);
	assert_int_equal(r, -ERROR_PERMISSION);
	machine_has_said("bound.json: cannot open it: Permission denied", NULL);
	machine_wrote("vfio-fsl-mc>driver_override\n");
}

/* Signals stay held back as they are while a change is made: none must be left. */
static void forget_signals(void)
{
	const struct timespec at_once = { 0 };
	sigset_t set;

	signals_block(&set);
	while (sigtimedwait(&set, NULL, &at_once) > 0)
		;
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void apply_each_begins_with_no_other_after_a_signal(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	if (!define_both(&machine))
		return;
	machine_run(&machine, "mv etc/fslmc-vfio.d/host.json etc/fslmc-vfio.d/a.json");
	machine_answers(0);
	machine_then(&machine, 1, "kill -TERM $PPID");
	wrote(-ERROR_DIFFERS, "a\n", &machine, &command_apply, "--each", "-n", "-o", "DEFINITION");
	forget_signals();
	machine_has_said("stopped by SIGTERM",
			 "error bound: stopped by SIGTERM before it was tried", NULL);
}

/* The next of several changes must not wait for as long as it may, deaf to who wants it to end. */
static void a_signal_that_is_held_back_ends_a_wait(void **state _unused_)
{
	const int64_t began = clock_now_ms();
	_cleanup_(machine_done) struct machine machine;
	_cleanup_close_ int lock = -1, activity = -1;
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (!define_both(&machine))
		return;
	lock = openat(machine.run, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(flock(lock, LOCK_EX), 0);
	machine_write(&machine, "run/fslmc-vfio/activity", "{}");
	activity = openat(machine.run, "activity", O_RDWR | O_CLOEXEC);
	assert_int_equal(fcntl(activity, F_OFD_SETLK, &whole), 0);
	signals_hold();
	raise(SIGTERM);
	wrote(-ERROR_BUSY, "", &machine, &command_bind, "--wait=10", "dprc.2");
	wrote(-ERROR_BUSY, "", &machine, &command_bind, "--wait=10", "--dry-run", "dprc.2");
	forget_signals();
	assert_true(clock_now_ms() < began + 10000);
}

int __wrap_label_resolve(struct bus *bus, struct strings *names);
int __real_label_resolve(struct bus *bus, struct strings *names);

/* For a label: dprc.3 has it until another run gives it to dprc.2, just after it was looked up. */
int __wrap_label_resolve(struct bus *bus, struct strings *names)
{
	static const struct machine *given;
	const bool is_given = given == labelled;

	if (names->n_texts != 1 || !label_of(names->texts[0]))
		return __real_label_resolve(bus, names);
	strings_done(names);
	strings_add(names, is_given ? "dprc.2" : "dprc.3");
	given = labelled;
	if (!is_given)
		machine_write(labelled, "run/fslmc-vfio/activity", "{\"verb\": \"bind\"}");
	return 1;
}

static void check_looks_a_label_up_again_after_another_run(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *output = NULL;

	machine_make(&machine, "small");
	if (!is_root(&machine))
		return;
	labelled = &machine;
	verb_run(&machine, &output, &command_check, "-n", "-r", "-o", "NAME", "LABEL=moved", NULL);
	assert_non_null(strstr(output, "dprc.2\n"));
	assert_null(strstr(output, "dprc.3\n"));
}

/* What is missing there would read as unknown. */
static void json_has_every_member_of_what_became_of_it(void **state _unused_)
{
	static const char *const members[] = { "driver_override", "definition", "locked" };
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *output = NULL, *some = NULL;

	machine_make(&machine, "small");
	if (!is_root(&machine))
		return;
	machine_run(&machine, "rm dev/dprc.1");
	assert_int_equal(verb_run(&machine, &output, &command_bind, "dprc.2", "-J", NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		assert_non_null(strstr(output, members[i]));
	assert_int_equal(verb_run(&machine, &some, &command_bind, "dprc.2", "-J", "-o", "NAME",
				  NULL),
			 0);
	assert_null(strstr(some, "locked"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recover_says_what_became_of_each),
		cmocka_unit_test(status_says_once_that_there_is_something_to_recover),
		cmocka_unit_test(recover_leaves_what_it_cannot_read),
		cmocka_unit_test(recover_says_once_what_keeps_it),
		cmocka_unit_test(recover_forgets_what_a_boot_has_ended),
		cmocka_unit_test(a_container_that_was_being_made_is_abandoned_by_its_label),
		cmocka_unit_test(what_is_so_is_not_waited_for),
		cmocka_unit_test(what_does_not_become_so_ends_in_time),
		cmocka_unit_test(what_is_bound_already_stays_so),
		cmocka_unit_test(what_the_kernel_refuses_is_said),
		cmocka_unit_test(an_unbind_that_fails_keeps_it_with_vfio),
		cmocka_unit_test(an_unbind_reads_its_records_before_it_writes),
		cmocka_unit_test(apply_each_looks_for_all_that_are_named_before_the_first),
		cmocka_unit_test(apply_each_tells_a_link_from_what_is_not_there),
		cmocka_unit_test(apply_each_says_what_is_left_half_done_in_json_too),
		cmocka_unit_test(apply_each_has_a_document_where_none_matches),
		cmocka_unit_test(apply_each_of_one_leaves_out_files_that_are_no_definitions),
		cmocka_unit_test(apply_each_of_one_that_is_not_there_ends_before_the_first),
		cmocka_unit_test(apply_each_differs_if_it_cannot_say_what_it_did),
		cmocka_unit_test(apply_each_goes_on_after_one_that_asks_for_more_than_root_has),
		cmocka_unit_test(apply_each_begins_with_no_other_after_a_signal),
		cmocka_unit_test(a_signal_that_is_held_back_ends_a_wait),
		cmocka_unit_test(check_looks_a_label_up_again_after_another_run),
		cmocka_unit_test(json_has_every_member_of_what_became_of_it),
	};

	return cmocka_run_group_tests_name("verbs", tests, NULL, NULL);
}
