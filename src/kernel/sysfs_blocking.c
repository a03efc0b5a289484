/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to sysfs: what may block. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statfs.h>

#include "base/util.h"
#include "kernel/hand.h"
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

int sysfs_write(int dir, const char *path, const char *text, int keep_fd, int64_t deadline)
{
	_cleanup_close_ int attribute = open_for_write(dir, path);

	return attribute < 0 ? attribute : hand_write(attribute, text, keep_fd, deadline);
}

int sysfs_read_within(int dir, const char *path, int64_t deadline, char **ret_text)
{
	_cleanup_close_ int attribute = sysfs_open_at(dir, path, O_RDONLY | O_NONBLOCK);
	char *text;
	size_t n;
	int r = attribute < 0 ? attribute : hand_read(attribute, deadline, &text);

	if (r < 0)
		return r;
	n = strlen(text);
	if (n && text[n - 1] == '\n')
		text[n - 1] = '\0';
	*ret_text = text;
	return 0;
}
