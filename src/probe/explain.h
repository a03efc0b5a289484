/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages about a probe that take more to explain than an errno. */
#ifndef PROBE_EXPLAIN_H
#define PROBE_EXPLAIN_H

#include "probe/reason.h"

struct bus;
struct dprc;
struct event;
struct probe;

/*
 * Who has it open, or else who may have, in a new string.  NULL: none seen, be it that others'
 * processes may not be looked into.
 */
char *explain_holders(const struct bus *bus, const struct dprc *dprc);

/*
 * Says why the container could not be opened, with who holds it or which stranger is in its group.
 * Returns the result it means.
 */
int explain_container_failure(const struct probe *probe, enum probe_reason reason, int error);

/* "while opening it", from an EVENT_PHASE. */
const char *explain_phase(const struct event *phase);

#endif
