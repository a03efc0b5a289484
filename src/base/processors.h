/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeping a child that may hang in the kernel off our processor.
 *
 * The kernel waits for the MC with interrupts off (mc_send_command() on an atomic portal, up to
 * 15 s), and until then nothing else runs on that processor, nor do its timers: whoever sleeps
 * there wakes up too late for any deadline.  The scheduler puts a parent there, for its child
 * writes to it just before.  The same may befall another processor: a worker of the kernel that
 * patches its text waits for all the others, and is not preempted meanwhile
 * (kick_all_cpus_sync()).  So each side has as many to choose from as can be.
 */
#ifndef BASE_PROCESSORS_H
#define BASE_PROCESSORS_H

#include <sched.h>
#include <stdbool.h>

struct processors {
	bool are_parted; /* no: there is but one, or the kernel would not */
	cpu_set_t all, ours, others;
};

/*
 * Keeps the processor it is on and half of the rest: before fork(2), or before it tells a child
 * what to do.  May be nested: all children share the other half until the last rejoins.
 */
const struct processors *processors_part(void);

/* In the child: goes to the other half, and has what it may part with children of its own. */
void processors_leave(const struct processors *processors);

/* In the parent, when the child is done or given up, once for each time it parted. */
void processors_rejoin(void);

/* Never again on that one, nor any child from now on, unless it is the only one. */
void processors_avoid(int processor);

#endif
