/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the child tells its parent. */
#include <errno.h>
#include <unistd.h>

#include "base/signals.h"
#include "base/util.h"
#include "model/name.h"
#include "probe/session.h"

static void flush(struct session *session)
{
	/* A parent that went away is noticed by the signal its end sends us. */
	while (session->n_events &&
	       write(session->report, session->events,
		     session->n_events * sizeof(session->events[0])) < 0 &&
	       errno == EINTR)
		;
	session->n_events = 0;
}

/* Answers of devices are many and come at once; all else is told before the next step may hang. */
static bool can_wait(enum event_kind kind)
{
	return kind == EVENT_DEVICE || kind == EVENT_REGION || kind == EVENT_IRQ;
}

void session_report(struct session *session, const struct event *event)
{
	session->events[session->n_events++] = *event;
	if (session->n_events == ARRAY_SIZE(session->events) || !can_wait(event->kind))
		flush(session);
}

bool session_is_stopped(void) { return signals_pending(); }

int session_fail(struct session *session, size_t object, enum probe_reason reason, int error)
{
	const struct event event = {
		.kind = EVENT_FAILURE,
		.object = object,
		.failure = { reason, error },
	};

	session_report(session, &event);
	return error;
}

bool session_is_portal(const struct session_object *object)
{
	return streq(object->object->name.type, "dpmcp") && object->fd >= 0 &&
	       object->device.n_regions && object->regions[0].can_write;
}
