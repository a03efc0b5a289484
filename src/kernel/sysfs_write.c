/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to sysfs, writing side: one write, one child, one deadline. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/util.h"
#include "kernel/sysfs.h"

/* A doctored /sys must not turn our writes into writes to some other file. */
static int open_for_write(int dir, const char *path)
{
	_cleanup_close_ int fd = sysfs_open_at(dir, path, O_WRONLY);
	struct statfs fs;

	if (fd < 0)
		return fd;
	if (fstatfs(fd, &fs) < 0)
		return -errno;
	if (fs.f_type != SYSFS_MAGIC)
		return -EXDEV;
	return take_fd(&fd);
}

/*
 * Everything but the attribute, the report and keep is closed first: a child stuck in the kernel
 * must not hold the transaction's lock or a VFIO descriptor.
 */
static _Noreturn void write_and_exit(int attribute, int report, int keep, const char *text)
{
	const size_t n = strlen(text);
	int r = 0;
	ssize_t written;

	if (dup2(attribute, 0) < 0 || dup2(report, 1) < 0 || (keep >= 0 && dup2(keep, 2) < 0)) {
		r = -errno;
	} else if (close_range(3, ~0U, 0) < 0) {
		r = -errno;
		report = 1;
	} else {
		written = write(0, text, n);
		r = written < 0 ? -errno : (size_t)written == n ? 0 : -EIO;
		report = 1;
	}
	while (write(report, &r, sizeof(r)) < 0 && errno == EINTR)
		;
	_exit(0);
}

/*
 * Only the report, the child's death or the deadline end the wait: were a passing error to end it,
 * the caller would undo a write that is still going on.
 */
static int wait_for_report(int report, int64_t deadline, int *ret_result)
{
	struct pollfd pollfd = { .fd = report, .events = POLLIN };

	for (;;) {
		int left = deadline_left_ms(deadline);
		int n = poll(&pollfd, 1, left);

		if (n == 0)
			return -EINPROGRESS;
		if (n < 0) {
			clock_sleep_ms(1);
			continue;
		}
		switch (read(report, ret_result, sizeof(*ret_result))) {
		case sizeof(*ret_result):
			return 0;
		case 0: /* it died inside the write, as in a kernel oops */
			return -EIO;
		}
	}
}

int sysfs_write(int dir, const char *path, const char *text, int keep_fd, int64_t deadline)
{
	_cleanup_close_ int attribute = open_for_write(dir, path);
	_cleanup_close_ int report = -1;
	int ends[2];
	int r, result;
	pid_t child;

	if (attribute < 0)
		return attribute;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	report = ends[0];
	child = fork();
	if (child < 0) {
		r = -errno;
		close(ends[1]);
		return r;
	}
	if (child == 0)
		write_and_exit(attribute, ends[1], keep_fd, text);
	close(ends[1]);
	r = wait_for_report(report, deadline, &result);
	if (r == -EINPROGRESS)
		return r;
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return r < 0 ? r : result;
}
