/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to /proc: processes of records. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/util.h"
#include "kernel/process.h"
#include "kernel/sysfs.h"

/* proc_pid_stat(5): state is field 3, starttime field 22; the command before may contain anything.
 */
static int read_stat(const struct sysfs *sysfs, int64_t pid, char *ret_state,
		     int64_t *ret_start_time)
{
	_cleanup_free_ char *path = xasprintf("proc/%" PRId64 "/stat", pid);
	_cleanup_free_ char *text = NULL;
	const char *rest;
	int r = sysfs_read(sysfs->root_fd, path, &text);

	if (r < 0)
		return r;
	rest = strrchr(text, ')');
	if (!rest || sscanf(rest,
			    ") %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			    "%*s %*s %*s %" SCNd64,
			    ret_state, ret_start_time) != 2)
		return -EBADMSG;
	return 0;
}

int process_start_time(const struct sysfs *sysfs, int64_t pid, int64_t *ret_start_time)
{
	char state;

	return read_stat(sysfs, pid, &state, ret_start_time);
}

bool process_is_alive(const struct sysfs *sysfs, int64_t pid, int64_t start_time)
{
	int64_t now_there;
	char state;

	return read_stat(sysfs, pid, &state, &now_there) == 0 && now_there == start_time &&
	       state != 'Z' && state != 'X';
}
