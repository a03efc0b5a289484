/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which run is changing the bus: /run/fslmc-vfio/activity, which everybody may read.  The run that
 * has the lock of rundir.h makes it again and keeps it locked, so that it tells of a run that was
 * killed, too; a lock of the file itself, not of its content, and nobody takes it to read.
 *
 * What was read of the bus is true if the activity was the same before and after, and none.
 */
#ifndef TRANSACTION_ACTIVITY_H
#define TRANSACTION_ACTIVITY_H

#include <stdbool.h>
#include <stdint.h>

struct json_object;
struct rundir;
struct strings;
struct sysfs;

struct activity {
	bool is_running;
	struct json_object *run; /* pid, verb, dprcs, since; NULL: there was none since boot */
};
void activity_done(struct activity *activity);
#define _cleanup_activity_ __attribute__((cleanup(activity_done)))

/* Says what this run does; names may be NULL: it is not known yet.  A negative errno, silently. */
int activity_publish(struct rundir *rundir, const char *verb, const struct strings *names);

/* A negative errno: not known, silently. */
int activity_read(const struct sysfs *sysfs, struct activity *ret_activity);

/* Waits while there is a run, until the deadline. */
int activity_await_end(const struct sysfs *sysfs, int64_t deadline, struct activity *ret_activity);

/* Whether a run began after one and before the other. */
bool activity_differs(const struct activity *before, const struct activity *after);

/* "bind of dprc.2, PID 17, since 2026-01-31T12:00:00Z", in a new string; NULL: there is no run. */
char *activity_describe(const struct activity *activity);

#endif
