/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The outcome of a test: made, completed and reported. */
#ifndef PROBE_OUTCOME_H
#define PROBE_OUTCOME_H

#include "probe/probe.h"

struct session;

/* One that says nothing yet. */
struct probe_outcome outcome_new(enum probe_test test, size_t object, int64_t index);

void outcome_report(struct session *session, const struct probe_outcome *outcome);

/* begin_us: when the test began, by clock_now_us(). */
void outcome_passed(struct session *session, struct probe_outcome outcome, int64_t begin_us);
void outcome_failed(struct session *session, struct probe_outcome outcome, enum probe_reason reason,
		    int error);
void outcome_not_applicable(struct session *session, struct probe_outcome outcome,
			    enum probe_reason reason);

#endif
