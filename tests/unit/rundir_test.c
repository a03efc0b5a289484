/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The run directory: who is let in, which records are taken for ours, and its locks. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/clock.h"
#include "base/strings.h"
#include "base/util.h"
#include "machine.h"
#include "transaction/activity.h"
#include "transaction/record.h"
#include "transaction/rundir.h"

static struct json_object *record(const char *text)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "text", json_object_new_string(text));
	return json;
}

static void a_record_is_written_whole_and_read_back(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	struct json_object *written = record("a"), *read;
	_cleanup_strings_ struct strings files = { 0 };
	struct rundir rundir;
	struct stat status;

	machine_make(&machine, "empty");
	rundir = (struct rundir){ .fd = machine.run };
	assert_int_equal(rundir_write(&rundir, "bound/dprc.10.json", written), 0);
	assert_int_equal(rundir_write(&rundir, "bound/dprc.9.json", written), 0);
	json_object_put(written);
	assert_int_equal(fstatat(machine.run, "bound/dprc.9.json", &status, 0), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(rundir_read(&rundir, "bound/dprc.9.json", &read), 0);
	assert_string_equal(json_object_get_string(json_object_object_get(read, "text")), "a");
	json_object_put(read);

	/* What was not renamed yet was never in force. */
	machine_write(&machine, "run/fslmc-vfio/bound/dprc.3.json.new", "{ }");
	assert_int_equal(rundir_list(&rundir, "bound", &files), 0);
	assert_int_equal(files.n_texts, 2);
	assert_int_equal(rundir_remove(&rundir, "bound/dprc.9.json"), 0);
	assert_int_equal(rundir_remove(&rundir, "bound/dprc.9.json"), 0);
	assert_int_equal(rundir_read(&rundir, "bound/dprc.9.json", &read), -ENOENT);
	written = record("b");
	assert_int_equal(rundir_write(&rundir, "nowhere/x.json", written), -ENOENT);
	json_object_put(written);
}

/* One that failed leaves nothing, and not half of the old one. */
static void a_record_that_cannot_be_written_leaves_none(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	struct json_object *written = record("a");
	struct rundir rundir;

	machine_make(&machine, "empty");
	rundir = (struct rundir){ .fd = machine.run };
	/* A directory cannot be replaced by a file. */
	machine_run(&machine, "mkdir -p run/fslmc-vfio/bound/x.json");
	assert_int_equal(rundir_write(&rundir, "bound/x.json", written), -EISDIR);
	assert_int_equal(faccessat(machine.run, "bound/x.json.new", F_OK, 0), -1);
	json_object_put(written);
	written = json_object_new_object();
	for (int i = 0; i < 17; i++) {
		char *mebibyte = xcalloc((1 << 20) + 1, 1), key[3] = { 'a', (char)('a' + i) };

		memset(mebibyte, 'x', 1 << 20);
		json_object_object_add(written, key, json_object_new_string(mebibyte));
		free(mebibyte);
	}
	assert_int_equal(rundir_write(&rundir, "bound/y.json", written), -EFBIG);
	json_object_put(written);
}

static void what_is_not_ours_is_not_read(void **state _unused_)
{
	static const struct {
		const char *command; /* makes the file x */
		int error;
	} cases[] = {
		{ "echo '{ }' >x; chmod 644 x", -EBADMSG },
		{ "echo '{ }' >x; chmod 620 x", -EBADMSG },
		{ "echo '{ }' >x; chmod 600 x; ln x y", -EBADMSG },
		{ "echo '{ }' >y; chmod 600 y; ln -sf y x", -ELOOP },
		{ "mkfifo -m 600 x", -EBADMSG },
		{ "mkdir -m 700 x", -EBADMSG },
		{ "truncate -s 16777217 x; chmod 600 x", -EBADMSG },
		{ "echo '[ ]' >x; chmod 600 x", -EBADMSG },
		{ "echo '{ } /* */' >x; chmod 600 x", -EBADMSG },
		{ "echo '{ } { }' >x; chmod 600 x", -EBADMSG },
		{ "printf '{ }\\0' >x; chmod 600 x", -EBADMSG },
		{ "echo '{' >x; chmod 600 x", -EBADMSG },
		{ ": >x; chmod 600 x", -EBADMSG },
		{ "true", -ENOENT },
		{ "echo '{ }' >x; chmod 600 x", 0 },
	};
	_cleanup_(machine_done) struct machine machine;
	struct rundir rundir;

	machine_make(&machine, "empty");
	rundir = (struct rundir){ .fd = machine.run };
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct json_object *read = NULL;
		int r;

		machine_run(&machine, "cd run/fslmc-vfio && rm -rf x y && %s", cases[i].command);
		r = rundir_read(&rundir, "x", &read);
		if (r != cases[i].error)
			fail_msg("%s: %d, not %d", cases[i].command, r, cases[i].error);
		json_object_put(read);
	}
}

/* Only root makes it, and trusts it; whoever else is told so. */
static void it_is_roots_alone(void **state _unused_)
{
	static const struct {
		const char *command;
		int error;
	} cases[] = {
		{ "rm -r run/fslmc-vfio", 0 },
		{ "chmod 700 run/fslmc-vfio", 0 },
		{ "chmod 777 run/fslmc-vfio", -EPERM },
		{ "rm -r run/fslmc-vfio && ln -s ../proc run/fslmc-vfio", -EPERM },
		{ "rm -r run/fslmc-vfio && echo >run/fslmc-vfio", -EPERM },
		{ "chmod 755 run/fslmc-vfio/bound", -EPERM },
		{ "rm -r run", -ENOENT },
	};
	const bool is_root = geteuid() == 0;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(machine_done) struct machine machine;
		_cleanup_(rundir_done) struct rundir rundir = RUNDIR_CLOSED;
		struct stat status;
		int r;

		machine_make(&machine, "empty");
		machine_run(&machine, "%s", cases[i].command);
		r = rundir_open(&machine.sysfs, &rundir);
		if (r != (is_root ? cases[i].error : -EACCES))
			fail_msg("%s: %d", cases[i].command, r);
		if (r < 0)
			continue;
		/* All may see which run there is, and nothing else. */
		assert_int_equal(fstat(rundir.fd, &status), 0);
		assert_int_equal(status.st_mode & 07777, 0711);
		assert_int_equal(fstatat(rundir.fd, "journal", &status, 0), 0);
		assert_int_equal(status.st_mode & 07777, 0700);
		assert_int_equal(fstatat(rundir.fd, "created", &status, 0), 0);
	}
}

static void one_run_at_a_time_has_the_lock(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	struct rundir first, second;
	int64_t began;
	int writer;

	machine_make(&machine, "empty");
	first = second = (struct rundir){ dup(machine.run), -1, -1 };
	second.fd = dup(machine.run);
	assert_int_equal(rundir_lock(&first, clock_now_ms()), 0);
	began = clock_now_ms();
	assert_int_equal(rundir_lock(&second, began + 120), -EBUSY);
	assert_true(clock_now_ms() >= began + 120);
	writer = rundir_lock_writer(&first, "dprc.2", clock_now_ms());
	assert_true(writer >= 0);
	assert_int_equal(rundir_lock_writer(&second, "dprc.2", clock_now_ms()), -EBUSY);
	close(writer);
	writer = rundir_lock_writer(&second, "dprc.2", clock_now_ms());
	assert_true(writer >= 0);
	close(writer);
	rundir_done(&first);
	assert_int_equal(rundir_lock(&second, clock_now_ms()), 0);
	rundir_done(&second);
}

static void others_see_which_run_there_is(void **state _unused_)
{
	_cleanup_activity_ struct activity during = { 0 }, after = { 0 }, none = { 0 };
	_cleanup_strings_ struct strings names = { 0 };
	_cleanup_free_ char *text = NULL;
	_cleanup_(machine_done) struct machine machine;
	struct rundir rundir;

	machine_make(&machine, "empty");
	/* Of somebody else's directory nothing is believed. */
	if (geteuid() != 0)
		return;
	rundir = (struct rundir){ dup(machine.run), -1, -1 };
	assert_int_equal(activity_read(&machine.sysfs, &none), 0);
	assert_false(none.is_running || none.run);
	assert_null(activity_describe(&none));
	strings_add(&names, "dprc.2");
	strings_add(&names, "dprc.3");
	assert_int_equal(activity_publish(&rundir, "bind", NULL), 0);
	assert_int_equal(activity_publish(&rundir, "bind", &names), 0);
	assert_int_equal(activity_read(&machine.sysfs, &during), 0);
	assert_true(during.is_running);
	text = activity_describe(&during);
	assert_int_equal(strncmp(text, "bind of dprc.2 dprc.3, PID ", 27), 0);
	assert_true(activity_differs(&none, &during));
	rundir_done(&rundir);
	assert_int_equal(activity_await_end(&machine.sysfs, clock_now_ms() + 1000, &after), 0);
	assert_false(after.is_running);
	assert_true(activity_differs(&during, &after));
	assert_false(activity_differs(&after, &after));
}

/* Everybody may read it, and two runs within a second are not the same. */
static void a_run_is_told_from_the_next(void **state _unused_)
{
	_cleanup_activity_ struct activity first = { 0 }, second = { 0 };
	_cleanup_free_ char *text = NULL, *expected = NULL;
	_cleanup_strings_ struct strings names = { 0 };
	_cleanup_(machine_done) struct machine machine;
	struct rundir rundir;
	struct stat status;

	machine_make(&machine, "empty");
	if (geteuid() != 0)
		return;
	/* One that was killed while it published left that. */
	machine_write(&machine, "run/fslmc-vfio/activity.new", "");
	rundir = (struct rundir){ dup(machine.run), -1, -1 };
	assert_int_equal(activity_publish(&rundir, "bind", NULL), 0);
	assert_int_equal(fstatat(machine.run, "activity", &status, 0), 0);
	assert_int_equal(status.st_mode & 07777, 0644);
	rundir_done(&rundir);
	assert_int_equal(activity_read(&machine.sysfs, &first), 0);
	rundir = (struct rundir){ dup(machine.run), -1, -1 };
	assert_int_equal(activity_publish(&rundir, "bind", &names), 0);
	rundir_done(&rundir);
	assert_int_equal(activity_read(&machine.sysfs, &second), 0);
	assert_false(first.is_running || second.is_running);
	assert_true(activity_differs(&first, &second));
	text = activity_describe(&second);
	expected = xasprintf("bind, PID %d, since 2", (int)getpid());
	assert_int_equal(strncmp(text, expected, strlen(expected)), 0);
	assert_int_equal(strlen(text), strlen(expected) + strlen("026-01-31T12:00:00Z"));
	machine_run(&machine, "mkdir run/fslmc-vfio/activity.new");
	rundir = (struct rundir){ dup(machine.run), -1, -1 };
	assert_int_equal(activity_publish(&rundir, "bind", NULL), -EISDIR);
	machine_run(&machine, "cd run/fslmc-vfio && rmdir activity.new && rm activity && "
			      "mkdir activity");
	assert_int_equal(activity_publish(&rundir, "bind", NULL), -EISDIR);
	assert_int_equal(rundir.activity, -1);
	rundir_done(&rundir);
}

/* Whoever damages it may have it say little, but not more than it says. */
static void a_damaged_activity_says_what_it_can(void **state _unused_)
{
	static const struct {
		const char *run, *text;
	} cases[] = {
		{ "{ }", ", PID , since " },
		{ "{ \"verb\": \"bind\", \"dprcs\": 7 }", "bind, PID , since " },
		{ "{ \"verb\": \"bind\", \"dprcs\": [ null, \"dprc.2\" ], \"pid\": 17 }",
		  "bind of ? dprc.2, PID 17, since " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_activity_ struct activity activity = { .run = json_tokener_parse(
									cases[i].run) };
		_cleanup_free_ char *text = activity_describe(&activity);

		assert_string_equal(text, cases[i].text);
	}
}

static void a_strange_activity_is_none(void **state _unused_)
{
	static const struct {
		const char *command;
		int error;
	} cases[] = {
		{ "echo x >activity", -EBADMSG },  { "echo '[ ]' >activity", -EBADMSG },
		{ "mkfifo activity", -EBADMSG },   { "truncate -s 65537 activity", -EBADMSG },
		{ "ln -s lock activity", -ELOOP }, { "chmod 777 .", 0 },
	};
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "empty");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_activity_ struct activity activity = { 0 };
		int r;

		machine_run(&machine, "cd run/fslmc-vfio && rm -f activity && %s",
			    cases[i].command);
		r = activity_read(&machine.sysfs, &activity);
		/* A directory that is not root's counts for none. */
		if (r != (geteuid() == 0 ? cases[i].error : 0))
			fail_msg("%s: %d", cases[i].command, r);
		assert_null(activity.run);
	}
}

static void is_checked(const struct transaction *transaction, int format, int expected)
{
	struct json_object *json;

	assert_int_equal(record_new(transaction, &json), 0);
	json_object_object_add(json, "format", json_object_new_int(format));
	assert_int_equal(record_check(transaction->sysfs, json), expected);
	json_object_object_del(json, "boot_id");
	assert_int_equal(record_check(transaction->sysfs, json), -EBADMSG);
	json_object_put(json);
}

static void formats_are_for_those_who_know_them(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	struct json_object *json;

	machine_make(&machine, "empty");
	transaction = machine_begin(&machine, "create");
	is_checked(&transaction, 1, -EBADMSG);
	is_checked(&transaction, 2, 0);
	is_checked(&transaction, 3, 0);
	is_checked(&transaction, 4, -EBADMSG);
	assert_int_equal(record_new(&transaction, &json), 0);
	assert_int_equal(record_check(&machine.sysfs, json), 0);
	assert_string_equal(record_text(json, "operation"), "create");
	json_object_put(json);
	machine_run(&machine, "rm proc/sys/kernel/random/boot_id");
	assert_int_equal(record_new(&transaction, &json), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_written_whole_and_read_back),
		cmocka_unit_test(a_record_that_cannot_be_written_leaves_none),
		cmocka_unit_test(what_is_not_ours_is_not_read),
		cmocka_unit_test(it_is_roots_alone),
		cmocka_unit_test(one_run_at_a_time_has_the_lock),
		cmocka_unit_test(others_see_which_run_there_is),
		cmocka_unit_test(a_run_is_told_from_the_next),
		cmocka_unit_test(a_damaged_activity_says_what_it_can),
		cmocka_unit_test(a_strange_activity_is_none),
		cmocka_unit_test(formats_are_for_those_who_know_them),
	};

	return cmocka_run_group_tests_name("rundir", tests, NULL, NULL);
}
