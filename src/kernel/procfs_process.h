/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directory below /proc that shows which files and which memory a process has. */
#ifndef KERNEL_PROCFS_PROCESS_H
#define KERNEL_PROCFS_PROCESS_H

#include <stdbool.h>

/*
 * name is a number below /proc, which proc is.  A descriptor of /proc/PID; or of /proc/PID/task/TID
 * (not whole) where the first thread has ended.  -ENOENT: it has no files, as a kernel thread has
 * none.  -EAGAIN: the threads that were seen have ended; there may be others.
 */
int procfs_open_process(int proc, const char *name, bool *ret_is_whole);

#endif
