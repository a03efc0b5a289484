/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to sysfs: reading what may block. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/util.h"
#include "kernel/sysfs.h"

#define TEXT_MAX 4096

/* The first byte says whether it worked, the rest is the text or the errno. */
static _Noreturn void read_and_exit(int dir, const char *path, int report)
{
	char message[1 + TEXT_MAX] = { 0 };
	size_t n = 1 + sizeof(int);
	char *text;
	int r;

	/* Of what it holds while it blocks, nothing is anybody's business. */
	if (dup2(dir, 0) < 0 || dup2(report, 1) < 0)
		_exit(1);
	close_range(2, ~0U, 0);
	r = sysfs_read(0, path, &text);
	if (r < 0) {
		memcpy(message + 1, &r, sizeof(r));
	} else {
		message[0] = 1;
		memcpy(message + 1, text, strlen(text));
		n = 1 + strlen(text);
	}
	_exit(write(1, message, n) < 0);
}

static int receive(int report, char **ret_text)
{
	char message[1 + TEXT_MAX] = { 0 };
	ssize_t n = read(report, message, sizeof(message) - 1);
	int r = -EIO;

	if (n < 1)
		return -EIO;
	if (!message[0]) {
		memcpy(&r, message + 1, sizeof(r));
		return r;
	}
	*ret_text = xstrdup(message + 1);
	return 0;
}

int sysfs_read_within(int dir, const char *path, int64_t deadline, char **ret_text)
{
	_cleanup_close_ int report = -1;
	struct pollfd pollfd = { .events = POLLIN };
	int ends[2], n;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	report = pollfd.fd = ends[0];
	child = fork();
	if (child == 0)
		read_and_exit(dir, path, ends[1]);
	n = child < 0 ? -errno : 0;
	close(ends[1]);
	if (n < 0)
		return n;
	do
		n = poll(&pollfd, 1, deadline_left_ms(deadline));
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n ? -errno : -EINPROGRESS;
	n = receive(report, ret_text);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return n;
}
