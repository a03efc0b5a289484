/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include "verb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/util.h"
#include "verbs/command.h"

#define ARGUMENTS_MAX 16

int __wrap_sysfs_open(const char *sysroot, struct sysfs *ret_sysfs);
int __real_sysfs_open(const char *sysroot, struct sysfs *ret_sysfs);

static const struct machine *running;

int __wrap_sysfs_open(const char *sysroot, struct sysfs *ret_sysfs)
{
	if (sysroot)
		return __real_sysfs_open(sysroot, ret_sysfs);
	*ret_sysfs = running->sysfs;
	ret_sysfs->root_fd = fcntl(running->sysfs.root_fd, F_DUPFD_CLOEXEC, 0);
	ret_sysfs->fd = fcntl(running->sysfs.fd, F_DUPFD_CLOEXEC, 0);
	return 0;
}

/* Standard output goes to fd; the descriptor that it was. */
static int divert(int fd)
{
	const int before = dup(STDOUT_FILENO);

	fflush(stdout);
	assert_true(before >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
	return before;
}

static void divert_back(int before)
{
	fflush(stdout);
	/* What could not be written is nobody else's. */
	__fpurge(stdout);
	clearerr(stdout);
	assert_true(dup2(before, STDOUT_FILENO) >= 0);
	close(before);
}

static char *text_of(int fd)
{
	const off_t n = lseek(fd, 0, SEEK_END);
	char *text = xcalloc((size_t)n + 1, 1);

	assert_int_equal(pread(fd, text, (size_t)n, 0), n);
	return text;
}

static int run(const struct machine *machine, int output, const struct command *command,
	       va_list words)
{
	struct common common = { 0 };
	char *argv[ARGUMENTS_MAX] = { (char *)"fslmc-vfio verb" };
	int argc = 1, before, r;
	const char *word;

	/* Of its own: some are cut where they are. */
	while ((word = va_arg(words, const char *))) {
		argv[argc++] = xstrdup(word);
		assert_true(argc < ARGUMENTS_MAX);
	}
	running = machine;
	before = divert(output);
	r = command->run(command, &common, argc, argv);
	divert_back(before);
	while (argc > 1)
		free(argv[--argc]);
	return r;
}

int verb_run(const struct machine *machine, char **ret_output, const struct command *command, ...)
{
	_cleanup_close_ int output = memfd_create("output", MFD_CLOEXEC);
	va_list words;
	int r;

	va_start(words, command);
	r = run(machine, output, command, words);
	va_end(words);
	*ret_output = text_of(output);
	return r;
}

int verb_run_to(const struct machine *machine, int output, const struct command *command, ...)
{
	va_list words;
	int r;

	va_start(words, command);
	r = run(machine, output, command, words);
	va_end(words);
	return r;
}
