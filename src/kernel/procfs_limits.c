/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to /proc: limits of a user's processes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/util.h"
#include "kernel/procfs.h"
#include "kernel/sysfs.h"

#define KEY "Max locked memory" /* proc_pid_limits() */

/* Its soft limit in bytes; INT64_MAX: none; negative: gone, or not to be read. */
static int64_t memlock_of(int proc, const char *process)
{
	_cleanup_free_ char *path = xasprintf("%s/limits", process);
	_cleanup_free_ char *text = NULL;
	const char *line;
	char *end;
	int64_t bytes;

	if (sysfs_read(proc, path, &text) < 0)
		return -ENOENT;
	line = strstr(text, KEY);
	if (!line)
		return -ENOENT;
	line += strlen(KEY);
	line += strspn(line, " ");
	bytes = strtoll(line, &end, 10);
	return end == line ? INT64_MAX : bytes;
}

int procfs_least_memlock(const struct sysfs *sysfs, uid_t uid, int64_t *ret_bytes)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir processes = { .fd = -1 };
	int64_t least = -1;
	const char *name;
	int r = sysfs_dir_open(sysfs->root_fd, "proc", &processes);

	if (r < 0)
		return r;
	while ((r = sysfs_dir_next(&processes, &name)) > 0) {
		struct stat st;
		int64_t bytes;

		if (*name < '1' || *name > '9' || fstatat(processes.fd, name, &st, 0) < 0 ||
		    st.st_uid != uid)
			continue;
		bytes = memlock_of(processes.fd, name);
		if (bytes >= 0 && (least < 0 || bytes < least))
			least = bytes;
	}
	if (r < 0)
		return r;
	if (least < 0)
		return -ENOENT;
	*ret_bytes = least == INT64_MAX ? -1 : least;
	return 0;
}
