/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parent's side of a probe: what the child reports becomes a struct probe, and messages. */
#ifndef PROBE_COLLECT_H
#define PROBE_COLLECT_H

#include <sys/types.h>

struct probe;

/*
 * Takes the child's reports until it is done, was told to stop, or the deadline passed, and waits
 * for its end.  Returns as probe_run().
 */
int collect(struct probe *probe, int reports, pid_t child);

#endif
