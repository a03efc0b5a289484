/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to /proc: whether a process of a record is still there. */
#ifndef KERNEL_PROCESS_H
#define KERNEL_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct sysfs;

/* When a process started, in clock ticks since boot: with its id it names it for good. */
int process_start_time(const struct sysfs *sysfs, int64_t pid, int64_t *ret_start_time);

/* A zombie is not there any more: it does nothing. */
bool process_is_alive(const struct sysfs *sysfs, int64_t pid, int64_t start_time);

#endif
