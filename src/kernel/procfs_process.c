/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/util.h"
#include "kernel/procfs_process.h"
#include "kernel/sysfs.h"

#define LINKS_OF_ONE_THREAD 3 /* of /proc/PID/task: its own two, and one */
#define MAX_DEAD_THREADS 64   /* they stay only where somebody traces them */

/*
 * Kernel threads have no files, and are most of what there is; proc_exe_link() knows them, as they
 * have no memory either.  Nor has what is no more, such as the first thread of some programs.
 */
static bool is_program(int proc, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/exe", name), *program = NULL;

	return sysfs_read_link(proc, path, &program) != -ENOENT;
}

/*
 * A process whose first thread has ended, as by pthread_exit() in main(), has no files by that one
 * any more.  Any thread that is left has them: they share them, and the memory.
 */
static int open_other_thread(int proc, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/task", name);
	_cleanup_(sysfs_dir_done) struct sysfs_dir threads = { .fd = -1 };
	struct stat status;
	const char *thread;
	int r = sysfs_stat(proc, path, &status), fd = -ENOENT;

	/* A link for each thread, see proc_task_getattr(): reading the directory costs more. */
	if (r < 0 || status.st_nlink == LINKS_OF_ONE_THREAD)
		return r < 0 ? r : -ENOENT;
	r = sysfs_dir_open(proc, path, &threads);
	for (int n = 0; r >= 0 && fd < 0 && n < MAX_DEAD_THREADS; n++) {
		r = sysfs_dir_next(&threads, &thread);
		if (r <= 0)
			break;
		if (is_program(threads.fd, thread))
			fd = sysfs_open_at(threads.fd, thread, O_PATH | O_DIRECTORY);
	}
	if (r >= 0 && (fd == -ENOENT || fd == -ESRCH))
		return -EAGAIN;
	return r < 0 ? r : fd;
}

int procfs_open_process(int proc, const char *name, bool *ret_is_whole)
{
	*ret_is_whole = is_program(proc, name);
	return *ret_is_whole ? sysfs_open_at(proc, name, O_PATH | O_DIRECTORY)
			     : open_other_thread(proc, name);
}
