/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to sysfs: what may block in the kernel is done by a helper (kernel/helper.h). */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/strings.h"
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

/*
 * In the child.  The lock is closed before the answer is sent: the next run may ask for it as soon
 * as the answer is known.
 */
static void write_attribute(const void *text)
{
	const ssize_t n = write(HELPER_FIRST_FD, text, strlen(text));
	const int r = n < 0 ? -errno : (size_t)n != strlen(text) ? -EIO : 0;

	close_from(HELPER_FIRST_FD);
	helper_answer(&r, sizeof(r));
}

int sysfs_write(int dir, const char *path, const char *text, int keep_fd, int64_t deadline)
{
	_cleanup_close_ int attribute = open_for_write(dir, path);
	const int fds[] = { attribute, keep_fd };
	struct helper helper;
	ssize_t n;
	int r = attribute;

	if (r >= 0)
		r = helper_start(fds, keep_fd < 0 ? 1 : 2, write_attribute, text, &helper);
	if (r < 0)
		return r;
	n = helper_receive(helper.socket, &r, sizeof(r), deadline);
	helper_end(&helper, n > 0);
	return n == sizeof(r) ? r : n < 0 ? (int)n : -EIO;
}

struct answer {
	int r;
	char text[ATTRIBUTE_MAX];
};

static char *take_text(const struct answer *answer)
{
	const size_t n = strlen(answer->text);

	return xasprintf("%.*s", (int)(n && answer->text[n - 1] == '\n' ? n - 1 : n), answer->text);
}

/* What one child reads: it has a descriptor of each. */
struct reads {
	int fds[HELPER_FDS_MAX];
	size_t at[HELPER_FDS_MAX]; /* which of the texts it is of */
	size_t n;
};

/* In the child: an answer each, in order. */
static void read_attributes(const void *context)
{
	const struct reads *reads = context;
	static struct answer answer;

	for (size_t i = 0; i < reads->n; i++) {
		const ssize_t n =
			read(HELPER_FIRST_FD + (int)i, answer.text, sizeof(answer.text) - 1);

		answer.r = n < 0 ? -errno : 0;
		answer.text[n < 0 ? 0 : n] = '\0';
		helper_answer(&answer, offsetof(struct answer, text) + (n < 0 ? 0 : n) + 1);
	}
}

/* What went once it was open has no text; see kernfs_fop_read_iter(). */
static int read_reads(const struct reads *reads, int64_t deadline, char **texts)
{
	struct helper helper;
	size_t i;
	int r = reads->n ? helper_start(reads->fds, reads->n, read_attributes, reads, &helper) : 0;

	if (r < 0 || !reads->n)
		return r;
	for (i = 0; i < reads->n && r >= 0; i++) {
		struct answer answer = { 0 };
		const ssize_t n = helper_receive(helper.socket, &answer, sizeof(answer), deadline);

		r = n < 0 ? (int)n : n < (ssize_t)sizeof(answer.r) ? -EIO : answer.r;
		if (r >= 0)
			texts[reads->at[i]] = take_text(&answer);
		else if (r == -ENODEV)
			r = 0;
	}
	/* One that still reads, maybe for good, is left alone. */
	helper_end(&helper, i == reads->n && r != -EINPROGRESS);
	return r;
}

int sysfs_read_timeout(int dir, const char *path, int64_t deadline, char **ret_text)
{
	_cleanup_close_ int attribute = sysfs_open_regular(dir, path);
	const struct reads reads = { .fds = { attribute }, .n = 1 };
	char *text = NULL;
	int r = attribute < 0 ? attribute : read_reads(&reads, deadline, &text);

	if (r < 0)
		return r;
	if (!text)
		return -ENOENT;
	*ret_text = text;
	return 0;
}

static int read_some(int dir, const struct strings *paths, size_t first, int64_t deadline,
		     char **texts)
{
	struct reads reads = { .n = 0 };
	int r = 0;

	for (size_t i = first; i < paths->n_texts && i < first + HELPER_FDS_MAX && r >= 0; i++) {
		const int fd = sysfs_open_regular(dir, paths->texts[i]);

		if (fd >= 0) {
			reads.fds[reads.n] = fd;
			reads.at[reads.n++] = i;
		} else if (fd != -ENOENT) {
			r = fd;
		}
	}
	if (r >= 0)
		r = read_reads(&reads, deadline, texts);
	for (size_t i = 0; i < reads.n; i++)
		close(reads.fds[i]);
	return r;
}

int sysfs_read_many_timeout(int dir, const struct strings *paths, int64_t deadline,
			    char **ret_texts)
{
	int r = 0;

	memset(ret_texts, 0, paths->n_texts * sizeof(*ret_texts));
	for (size_t first = 0; first < paths->n_texts && r >= 0; first += HELPER_FDS_MAX)
		r = read_some(dir, paths, first, deadline, ret_texts);
	for (size_t i = 0; i < paths->n_texts && r < 0; i++) {
		free(ret_texts[i]);
		ret_texts[i] = NULL;
	}
	return r;
}
