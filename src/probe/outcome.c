/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Outcomes of tests. */
#include "probe/outcome.h"
#include "base/clock.h"
#include "probe/event.h"
#include "probe/session.h"

struct probe_outcome outcome_new(enum probe_test test, size_t object, int64_t index)
{
	return (struct probe_outcome){
		.test = test,
		.object = object,
		.index = index,
		.duration_us = -1,
		.n_interrupts = -1,
		.irq_status = -1,
	};
}

void outcome_report(struct session *session, const struct probe_outcome *outcome)
{
	const struct event event = { .kind = EVENT_OUTCOME, .outcome = *outcome };

	session_report(session, &event);
}

void outcome_passed(struct session *session, struct probe_outcome outcome, int64_t begin_us)
{
	outcome.result = PROBE_PASSED;
	outcome.duration_us = clock_now_us() - begin_us;
	outcome_report(session, &outcome);
}

void outcome_failed(struct session *session, struct probe_outcome outcome, enum probe_reason reason,
		    int error)
{
	outcome.result = PROBE_FAILED;
	outcome.reason = reason;
	outcome.error = error;
	outcome_report(session, &outcome);
}

void outcome_not_applicable(struct session *session, struct probe_outcome outcome,
			    enum probe_reason reason)
{
	outcome.result = PROBE_NOT_APPLICABLE;
	outcome.reason = reason;
	outcome_report(session, &outcome);
}
