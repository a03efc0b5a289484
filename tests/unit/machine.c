/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/log.h" /* before cmocka, which has a macro fail() */

#include "unit.h"

#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/util.h"

#define BOOT_ID "00000000-0000-0000-0000-000000000000"

int __wrap_sysfs_write(int dir, const char *path, const char *text, int keep_fd, int64_t deadline);

static char *writes;
static int answer;
static const struct machine *where;
static const char *meanwhile; /* NULL: nothing */
static unsigned int n_before;

static void append(char **text, char *more)
{
	char *both = xasprintf("%s%s", *text ? *text : "", more);

	free(*text);
	free(more);
	*text = both;
}

int __wrap_sysfs_write(int dir _unused_, const char *path, const char *text, int keep_fd _unused_,
		       int64_t deadline _unused_)
{
	append(&writes, xasprintf("%.*s>%s\n", (int)strcspn(text, "\n"), text, path));
	if (meanwhile && !--n_before)
		machine_run(where, "%s", take_pointer(meanwhile));
	return answer;
}

void machine_answers(int r) { answer = r; }

void machine_then(const struct machine *machine, unsigned int n, const char *command)
{
	where = machine;
	meanwhile = command;
	n_before = n;
}

void machine_wrote(const char *expected)
{
	_cleanup_free_ char *text = writes ? take_pointer(writes) : xstrdup("");

	assert_string_equal(text, expected);
}

char *machine_said(void)
{
	static const char *const levels[] = {
		[LOG_LEVEL_ERROR] = "error",
		[LOG_LEVEL_WARNING] = "warning",
		[LOG_LEVEL_NOTE] = "note",
	};
	static size_t n_read; /* a verb may have released some, and those stay */
	char *said = xstrdup("");
	size_t n;
	const struct log_line *lines = log_lines(&n);

	for (size_t i = n_read; i < n; i++)
		append(&said, xasprintf("%s %s: %s\n", levels[lines[i].level],
					or_none(lines[i].object), lines[i].text));
	log_discard();
	log_hold();
	log_lines(&n_read);
	return said;
}

void machine_has_said(const char *text, ...)
{
	_cleanup_free_ char *said = machine_said();
	va_list texts;

	va_start(texts, text);
	for (; text; text = va_arg(texts, const char *))
		if (!strstr(said, text))
			fail_msg("'%s' is not in:\n%s", text, said);
	va_end(texts);
}

void machine_has_said_nothing(void)
{
	_cleanup_free_ char *said = machine_said();

	assert_string_equal(said, "");
}

void machine_run(const struct machine *machine, const char *format, ...)
{
	_cleanup_free_ char *words = NULL, *command = NULL;
	va_list args;

	va_start(args, format);
	assert_true(vasprintf(&words, format, args) >= 0);
	va_end(args);
	command = xasprintf("cd '%s' && %s", machine->path, words);
	assert_int_equal(system(command), 0);
}

void machine_write(const struct machine *machine, const char *path, const char *text)
{
	_cleanup_close_ int fd = -1;

	machine_run(machine, "mkdir -p \"$(dirname %s)\"", path);
	fd = openat(machine->sysfs.root_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void make_tree(struct machine *machine, const char *manifest)
{
	if (strchr(manifest, '\n'))
		machine_write(machine, "manifest", manifest);
	else
		machine_run(machine, "cp " UNIT_TESTS "/machines/%s.manifest manifest", manifest);
	machine_run(machine, UNIT_TESTS "/make-root manifest .");
}

void machine_make(struct machine *machine, const char *manifest)
{
	const char *tmp = getenv("TMPDIR");

	*machine = (struct machine){ .path = xasprintf("%s/unit-XXXXXX", tmp ? tmp : "/tmp") };
	assert_non_null(mkdtemp(machine->path));
	machine_run(machine, "mkdir sys proc");
	assert_int_equal(sysfs_open(machine->path, &machine->sysfs), 0);
	machine->sysfs.is_live = true;
	make_tree(machine, manifest);
	machine_write(machine, "proc/sys/kernel/random/boot_id", BOOT_ID "\n");
	machine_run(machine, "mkdir -p run/fslmc-vfio && cd run/fslmc-vfio && "
			     "chmod 711 . && mkdir -m 700 journal bound locked created");
	machine->run = openat(machine->sysfs.root_fd, "run/fslmc-vfio", O_RDONLY | O_CLOEXEC);
	assert_true(machine->run >= 0);
	machine_answers(-EIO);
	machine_then(machine, 0, NULL);
	log_hold();
}

void machine_done(struct machine *machine)
{
	machine_run(machine, "rm -rf \"$PWD\"");
	sysfs_done(&machine->sysfs);
	close_pointer(&machine->run);
	free(machine->path);
	free(take_pointer(writes));
	free(machine_said());
	log_discard();
}

struct transaction machine_begin(const struct machine *machine, const char *operation)
{
	struct transaction transaction = TRANSACTION_EMPTY;

	transaction.operation = operation;
	transaction.sysfs = &machine->sysfs;
	transaction.rundir.fd = fcntl(machine->run, F_DUPFD_CLOEXEC, 0);
	return transaction;
}
