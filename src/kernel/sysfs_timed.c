/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to sysfs: what may block in the kernel is done by a helper (kernel/helper.h). */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/helper.h"
#include "kernel/sysfs.h"

#define ATTRIBUTE_MAX 4096

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

struct access {
	const char *text; /* to write; NULL: read */
	size_t n;
};

struct answer {
	int r;
	char text[ATTRIBUTE_MAX];
};

/*
 * In the child.  The lock is closed before the answer is sent: the next run may ask for it as soon
 * as the answer is known.
 */
static void access_attribute(const void *context)
{
	const struct access *access = context;
	static struct answer answer;
	const ssize_t n = access->text
				  ? write(HELPER_FIRST_FD, access->text, access->n)
				  : read(HELPER_FIRST_FD, answer.text, sizeof(answer.text) - 1);

	answer.r = n < 0 ? -errno : 0;
	if (n >= 0 && access->text && (size_t)n != access->n)
		answer.r = -EIO;
	close_from(HELPER_FIRST_FD);
	helper_answer(&answer,
		      offsetof(struct answer, text) + (n > 0 && !access->text ? n + 1 : 0));
}

static int access_within(const int fds[2], const struct access *access, int64_t deadline,
			 struct answer *ret_answer)
{
	struct helper helper;
	ssize_t n;
	int r = helper_start(fds, fds[1] < 0 ? 1 : 2, access_attribute, access, &helper);

	if (r < 0)
		return r;
	n = helper_receive(helper.socket, ret_answer, sizeof(*ret_answer), deadline);
	helper_end(&helper, n > 0);
	if (n < (ssize_t)sizeof(ret_answer->r))
		return n < 0 ? (int)n : -EIO;
	return ret_answer->r;
}

int sysfs_write(int dir, const char *path, const char *text, int keep_fd, int64_t deadline)
{
	_cleanup_close_ int attribute = open_for_write(dir, path);
	const struct access access = { text, strlen(text) };
	struct answer answer;

	if (attribute < 0)
		return attribute;
	return access_within((int[]){ attribute, keep_fd }, &access, deadline, &answer);
}

int sysfs_read_timeout(int dir, const char *path, int64_t deadline, char **ret_text)
{
	_cleanup_close_ int attribute = sysfs_open_regular(dir, path);
	struct answer answer = { 0 };
	size_t n;
	int r = attribute;

	if (r >= 0)
		r = access_within((int[]){ attribute, -1 }, &(struct access){ 0 }, deadline,
				  &answer);
	if (r < 0)
		return r;
	n = strlen(answer.text);
	if (n && answer.text[n - 1] == '\n')
		answer.text[n - 1] = '\0';
	*ret_text = xstrdup(answer.text);
	return 0;
}
