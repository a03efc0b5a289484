/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collecting what the probing child reports. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "model/dprc.h"
#include "model/object.h"
#include "probe/collect.h"
#include "probe/event.h"
#include "probe/explain.h"
#include "probe/outcome.h"

#define SIGNAL_CHECK_MS 200
#define STOP_GRACE_S 8 /* an MC command may take 5 s, and then all is closed */
#define KILL_GRACE_S 1

struct collection {
	struct probe *probe;
	struct event phase; /* the last one that was announced */
	int64_t deadline;
	const char *stopped_by;	   /* NULL: nothing stopped it */
	struct event stopped_in;   /* the phase */
	struct probe_outcome said; /* the last failed test there was a message about */
	struct event said_failure; /* likewise of an object, EVENT_FAILURE */
	size_t n_alike;		   /* since then, that differ only in the object */
	bool is_done;
	int result;
};

static struct name_text object_name(const struct probe *probe, size_t object)
{
	return name_text(object == PROBE_NO_OBJECT ? &probe->dprc->object->name
						   : &probe->objects[object].name);
}

static void add_range(struct vfio_iommu *iommu, const struct vfio_iova *range)
{
	iommu->ranges = xrealloc(iommu->ranges, iommu->n_ranges + 1, sizeof(*iommu->ranges));
	iommu->ranges[iommu->n_ranges++] = *range;
}

static void add_region(struct probe *probe, const struct event *event)
{
	probe->regions = xrealloc(probe->regions, probe->n_regions + 1, sizeof(*probe->regions));
	probe->regions[probe->n_regions++] = (struct probe_region){
		event->object,
		event->region.index,
		event->region.region,
	};
}

static void add_irq(struct probe *probe, const struct event *event)
{
	probe->irqs = xrealloc(probe->irqs, probe->n_irqs + 1, sizeof(*probe->irqs));
	probe->irqs[probe->n_irqs++] = (struct probe_irq){
		event->object,
		event->irq.index,
		event->irq.irq,
	};
}

static void add_device(struct probe *probe, const struct event *event)
{
	struct probe_object *object = &probe->objects[event->object];

	object->device = event->device;
	object->is_loaded = true;
	if (object->verdict == PROBE_UNKNOWN)
		object->verdict = PROBE_GOOD;
}

/* What stays behind weighs more than what failed. */
static void note_bad(struct collection *collection, size_t object, int result)
{
	if (object != PROBE_NO_OBJECT)
		collection->probe->objects[object].verdict = PROBE_BAD;
	if (!collection->result || result == -ERROR_RESIDUE)
		collection->result = result;
}

/* Only one of the two was said last. */
static void say_alike(struct collection *collection)
{
	const struct name_text name = object_name(collection->probe, PROBE_NO_OBJECT);

	if (collection->n_alike && collection->said.result == PROBE_FAILED)
		fail(-ERROR_FAILED, name.text, "test %s failed likewise %zu times more",
		     probe_test_names[collection->said.test], collection->n_alike);
	else if (collection->n_alike)
		fail(-ERROR_FAILED, name.text, "the same of %zu objects more", collection->n_alike);
	collection->n_alike = 0;
	collection->said = (struct probe_outcome){ 0 };
	collection->said_failure = (struct event){ 0 };
}

/* One reason is told once, however many objects it is about. */
static void say_failed(struct collection *collection, const struct probe_outcome *outcome)
{
	const struct probe_outcome *said = &collection->said;
	_cleanup_free_ char *text = NULL, *where = NULL;

	if (said->result == PROBE_FAILED && said->test == outcome->test &&
	    said->reason == outcome->reason && said->error == outcome->error) {
		collection->n_alike++;
		return;
	}
	say_alike(collection);
	collection->said = *outcome;
	text = probe_reason_text(outcome->reason, outcome->error);
	where = outcome->index == PROBE_NO_INDEX
			? xstrdup("")
			: xasprintf(" of %s %" PRId64,
				    outcome->test == PROBE_MMAP ? "region" : "interrupt",
				    outcome->index);
	fail(-ERROR_FAILED, object_name(collection->probe, outcome->object).text,
	     "test %s%s failed: %s", probe_test_names[outcome->test], where, text);
}

/* The container was opened, so it is neither busy nor refused, whatever the errno means. */
static int failed_test_result(const struct probe_outcome *outcome)
{
	return probe_reason_result(outcome->reason, outcome->error) == -ERROR_RESIDUE
		       ? -ERROR_RESIDUE
		       : -ERROR_FAILED;
}

static void add_outcome(struct collection *collection, const struct probe_outcome *outcome)
{
	struct probe *probe = collection->probe;

	probe->outcomes =
		xrealloc(probe->outcomes, probe->n_outcomes + 1, sizeof(*probe->outcomes));
	probe->outcomes[probe->n_outcomes++] = *outcome;
	if (outcome->result != PROBE_FAILED)
		return;
	note_bad(collection, outcome->object, failed_test_result(outcome));
	say_failed(collection, outcome);
}

/* A test that opens the container again reports why it could not. */
static void add_failed_test(struct collection *collection, const struct event *event)
{
	struct probe_outcome outcome =
		outcome_new(collection->phase.phase.test, event->object, PROBE_NO_INDEX);

	outcome.result = PROBE_FAILED;
	outcome.reason = event->failure.reason;
	outcome.error = event->failure.error;
	add_outcome(collection, &outcome);
}

static void add_failure(struct collection *collection, const struct event *event)
{
	const struct event *said = &collection->said_failure;
	struct probe *probe = collection->probe;
	_cleanup_free_ char *text = NULL;

	if (collection->phase.phase.phase == PHASE_TEST) {
		add_failed_test(collection, event);
		return;
	}
	if (event->object == PROBE_NO_OBJECT) {
		collection->result = explain_container_failure(probe, event->failure.reason,
							       event->failure.error);
		return;
	}
	note_bad(collection, event->object, -ERROR_FAILED);
	if (said->kind == EVENT_FAILURE && said->failure.reason == event->failure.reason &&
	    said->failure.error == event->failure.error) {
		collection->n_alike++;
		return;
	}
	say_alike(collection);
	collection->said_failure = *event;
	text = probe_reason_text(event->failure.reason, event->failure.error);
	fail(-ERROR_FAILED, object_name(probe, event->object).text, "%s", text);
}

static void note_interrupt(const struct probe *probe, const struct event *event)
{
	const struct name_text name = object_name(probe, event->object);

	if (event->interrupt.status < 0)
		note(name.text, "interrupt %" PRIu32, event->interrupt.index);
	else
		note(name.text, "interrupt %" PRIu32 ", events 0x%" PRIx64, event->interrupt.index,
		     (uint64_t)event->interrupt.status);
}

static void take_event(struct collection *collection, const struct event *event)
{
	struct probe *probe = collection->probe;

	switch (event->kind) {
	case EVENT_PHASE:
		collection->phase = *event;
		break;
	case EVENT_IOMMU:
		probe->has_iommu = true;
		probe->iommu.page_sizes = event->page_sizes;
		break;
	case EVENT_RANGE:
		add_range(&probe->iommu, &event->range);
		break;
	case EVENT_DEVICE:
		add_device(probe, event);
		break;
	case EVENT_REGION:
		add_region(probe, event);
		break;
	case EVENT_IRQ:
		add_irq(probe, event);
		break;
	case EVENT_MC_VERSION:
		probe->has_mc_version = true;
		probe->mc_version = event->mc_version;
		break;
	case EVENT_OUTCOME:
		add_outcome(collection, &event->outcome);
		break;
	case EVENT_WATCHING:
		note(object_name(probe, PROBE_NO_OBJECT).text, "watching %zu interrupts for %u s",
		     event->n_watched, probe->options->watch_s);
		break;
	case EVENT_INTERRUPT:
		note_interrupt(probe, event);
		break;
	case EVENT_FAILURE:
		add_failure(collection, event);
		break;
	case EVENT_DONE:
		collection->is_done = true;
		break;
	}
}

/* Reads what is there.  0: the child is gone. */
static ssize_t take_events(struct collection *collection, int reports)
{
	struct event events[32];
	ssize_t n = read(reports, events, sizeof(events));

	if (n < 0 && errno == EINTR)
		return 1;
	for (ssize_t i = 0; i < n / (ssize_t)sizeof(events[0]); i++)
		take_event(collection, &events[i]);
	return n;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a == DEADLINE_NEVER || (b != DEADLINE_NEVER && b < a) ? b : a;
}

/* It finishes what is open and no more. */
static void stop(struct collection *collection, const char *by, pid_t child)
{
	if (collection->stopped_by)
		return;
	collection->stopped_by = by;
	collection->stopped_in = collection->phase;
	kill(child, SIGTERM);
}

/* Until the child is done or gone (true), or until the deadline (false). */
static bool take_all(struct collection *collection, int reports, pid_t child)
{
	struct pollfd pollfd = { .fd = reports, .events = POLLIN };
	int left;

	while (!collection->is_done && (left = deadline_left_ms(collection->deadline)) != 0) {
		if (!collection->stopped_by && signals_pending()) {
			stop(collection, signals_pending(), child);
			collection->deadline =
				sooner(collection->deadline, deadline_in(STOP_GRACE_S));
		}
		if (poll(&pollfd, 1, left < 0 || left > SIGNAL_CHECK_MS ? SIGNAL_CHECK_MS : left) >
			    0 &&
		    take_events(collection, reports) <= 0)
			return true;
	}
	return collection->is_done;
}

/* Whether it has ended by the deadline. */
static bool reap(pid_t child, int64_t deadline)
{
	while (waitpid(child, NULL, WNOHANG) == 0) {
		if (deadline_left_ms(deadline) == 0)
			return false;
		clock_sleep_ms(1);
	}
	return true;
}

/*
 * After being told to stop it gets time to close what is open in the MC; killing it then closes
 * what is open in the kernel.  If that does not help either (false), the kernel is still at it.
 */
static bool end_child(struct collection *collection, int reports, pid_t child)
{
	collection->deadline = deadline_in(STOP_GRACE_S);
	if (take_all(collection, reports, child) && reap(child, deadline_in(KILL_GRACE_S)))
		return true;
	kill(child, SIGKILL);
	return reap(child, deadline_in(KILL_GRACE_S));
}

int collect(struct probe *probe, int reports, pid_t child)
{
	const unsigned int timeout_s = probe->options->timeout_s;
	const struct name_text name = object_name(probe, PROBE_NO_OBJECT);
	struct collection collection = {
		.probe = probe,
		.deadline = deadline_in(timeout_s ? timeout_s + probe->options->watch_s : 0),
	};

	if (!take_all(&collection, reports, child)) {
		stop(&collection, "the deadline", child);
		if (!end_child(&collection, reports, child))
			return fail(-ERROR_TIMED_OUT, name.text,
				    "no end within the time: process %d is in the kernel %s, and "
				    "keeps the container open until that returns",
				    (int)child, explain_phase(&collection.phase));
	} else {
		waitpid(child, NULL, 0);
	}
	say_alike(&collection);
	if (collection.stopped_by) {
		fail(-ERROR_FAILED, name.text, "stopped by %s %s; it is closed again",
		     collection.stopped_by, explain_phase(&collection.stopped_in));
		return collection.result == -ERROR_RESIDUE ? -ERROR_RESIDUE : -ERROR_FAILED;
	}
	if (!collection.is_done)
		return fail(-ERROR_FAILED, name.text,
			    "the probing process died %s; the kernel's log may say why",
			    explain_phase(&collection.phase));
	return collection.result;
}
