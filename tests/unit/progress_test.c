/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told while the kernel is at a write: how far it is, and that a signal was heard. */
#include "unit.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/signals.h"
#include "base/util.h"
#include "kernel/helper.h"
#include "machine.h"
#include "transaction/plan.h"
#include "transaction/progress.h"

#define BUS "devices/platform/soc/80c000000.fsl-mc/dprc.1/"

bool __wrap_log_shows_progress(void);
void __wrap_log_progress(const char *format, ...) _printf_(1, 2);

static bool has_terminal;
static char shown[100];

bool __wrap_log_shows_progress(void) { return has_terminal; }

void __wrap_log_progress(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(shown, sizeof(shown), format, args);
	va_end(args);
}

/* What a terminal shows while a write of that kind is waited for; "": nothing. */
static void shows(const struct write *write, const char *expected)
{
	*shown = '\0';
	progress_at(write);
	helper_waiting();
	assert_string_equal(shown, expected);
}

/* A run with dprc.3, in which there are three objects. */
static struct change *begin(struct machine *machine, struct transaction *ret_transaction)
{
	struct change *change;

	machine_make(machine, "small");
	*ret_transaction = machine_begin(machine, "bind");
	assert_int_equal(change_add(ret_transaction, &(struct name){ "dprc", 3 }, BUS "dprc.3",
				    &change),
			 0);
	has_terminal = true;
	return change;
}

static void objects_are_counted_while_they_go_and_come(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = { 0 };
	struct change *change = begin(&machine, &transaction);
	const struct write unbind = { .kind = WRITE_UNBIND, .change = change };
	const struct write bind = { .kind = WRITE_BIND, .change = change };
	const struct write other = { .kind = WRITE_OVERRIDE, .change = change };
	const struct write rescan = { .kind = WRITE_RESCAN };

	progress_begin(&transaction, false);
	*shown = '\0';
	helper_waiting();
	assert_string_equal(shown, "");
	shows(&rescan, "rescanning the bus");
	shows(&other, "");
	shows(&unbind, "unbinding dprc.3: 3 of 3 objects left");
	machine_run(&machine, "rm -r sys/" BUS "dprc.3/dpni.9");
	shows(&unbind, "unbinding dprc.3: 2 of 3 objects left");
	shows(&bind, "binding dprc.3: 2 of 3 objects");
	/* There may be more than there were. */
	machine_run(&machine, "cd sys/" BUS "dprc.3 && mkdir dpni.20 dpni.21");
	shows(&bind, "binding dprc.3: 4 objects");
	has_terminal = false;
	shows(&bind, "");
	assert_int_equal(progress_end(-ERROR_TIMED_OUT), -ERROR_TIMED_OUT);
	assert_null(helper_waiting);
	machine_has_said_nothing();
}

static void a_signal_is_answered_once_and_stops_the_run(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = { 0 };
	sigset_t set;
	int number;

	begin(&machine, &transaction);
	signals_hold();
	progress_begin(&transaction, true);
	helper_waiting();
	machine_has_said_nothing();
	assert_int_equal(progress_end(0), 0);
	raise(SIGTERM);
	progress_begin(&transaction, true);
	helper_waiting();
	machine_has_said("note none: stopping; restoring dprc.3\n", NULL);
	helper_waiting();
	machine_has_said_nothing();
	assert_int_equal(progress_end(0), -ERROR_FAILED);
	machine_has_said("error none: stopped by SIGTERM\n", NULL);
	/* What has failed is no less so. */
	progress_begin(&transaction, true);
	assert_int_equal(progress_end(-ERROR_RESIDUE), -ERROR_RESIDUE);
	/* An undo does not hear it. */
	progress_begin(&transaction, false);
	helper_waiting();
	assert_int_equal(progress_end(0), 0);
	machine_has_said_nothing();
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	assert_int_equal(sigwait(&set, &number), 0);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_are_counted_while_they_go_and_come),
		cmocka_unit_test(a_signal_is_answered_once_and_stops_the_run),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
