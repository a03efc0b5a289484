/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded: appends to $BACKTRACE, for each write(2) to sysfs, a line that says which, and then
 * its callers, the innermost first.
 */
#include <execinfo.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The first call loads a library, which is not to happen in a child that was forked. */
__attribute__((constructor)) static void warm_up(void)
{
	void *caller;

	backtrace(&caller, 1);
}

static void log_callers(const char *path, const char *text, size_t size)
{
	void *callers[64];
	int n = backtrace(callers, 64);
	int fd = open(getenv("BACKTRACE"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	dprintf(fd, "write %s: %.*s%s", path, (int)size, text, text[size - 1] == '\n' ? "" : "\n");
	backtrace_symbols_fd(callers, n, fd);
	close(fd);
}

ssize_t write(int fd, const void *text, size_t size)
{
	char link[32], path[256] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (readlink(link, path, sizeof(path) - 1) > 0 && !strncmp(path, "/sys/", 5))
		log_callers(path, text, size);
	return syscall(SYS_write, fd, text, size);
}
