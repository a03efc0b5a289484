/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watching real interrupts: every one of the container gets an eventfd and is enabled in its
 * object, through a DPMCP; then we see which come.  Afterwards everything is restored.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/util.h"
#include "kernel/kmsg.h"
#include "kernel/mc_portal.h"
#include "kernel/vfio.h"
#include "probe/outcome.h"
#include "probe/session.h"
#include "probe/tests.h"

#define ALL_EVENTS UINT32_MAX
#define STOP_CHECK_MS 200
#define KERNEL_ENOTSUPP 524 /* include/linux/errno.h */

struct watched {
	size_t object;
	uint32_t index;
	int eventfd;
	bool has_before; /* what was before is known, and to be restored */
	struct mc_irq before;
	struct probe_outcome outcome;
};

/*
 * An object opened through the portal, once for all its interrupts: the MC need not give a second
 * token for what is open through the same portal already (fsl_mc_device_add()).
 */
struct handle {
	size_t n_users; /* interrupts that were armed */
	bool is_open;
	uint16_t token;
};

struct watch {
	struct session *session;
	struct mc_portal portal;
	int log_fd;		/* of the kernel, or negative: it may not be read */
	struct handle *handles; /* as the session's objects */
	struct watched *irqs;
	struct pollfd *pollfds; /* as irqs */
	size_t n_irqs;
};

static struct handle *handle_of(const struct watch *watch, const struct watched *irq)
{
	return &watch->handles[irq->object];
}

/* What an errno of the MC means for whoever wants interrupts.  The first failure counts. */
static void give_up(struct watched *irq, enum probe_reason reason, int error)
{
	const bool is_unsupported = error == -KERNEL_ENOTSUPP || error == -EOPNOTSUPP;

	if (irq->outcome.result == PROBE_FAILED)
		return;
	irq->outcome.result = is_unsupported ? PROBE_NOT_APPLICABLE : PROBE_FAILED;
	irq->outcome.reason = is_unsupported ? REASON_MC_UNSUPPORTED : reason;
	irq->outcome.error = is_unsupported ? 0 : error;
}

static int open_object(const struct watch *watch, const struct watched *irq)
{
	const struct name *name = &watch->session->objects[irq->object].object->name;
	struct handle *handle = handle_of(watch, irq);
	int r = handle->is_open
			? 0
			: mc_portal_open(&watch->portal, name->type, name->id, &handle->token);

	handle->is_open = r == 0;
	return r;
}

static int enable(const struct watch *watch, struct watched *irq)
{
	const struct mc_irq all = { .is_enabled = true, .mask = ALL_EVENTS };
	const uint8_t index = (uint8_t)irq->index;
	int r = open_object(watch, irq);
	uint16_t token;

	if (r < 0) {
		give_up(irq, REASON_OBJECT_OPEN, r);
		return r;
	}
	token = handle_of(watch, irq)->token;
	r = mc_portal_get_irq(&watch->portal, token, index, &irq->before);
	irq->has_before = r == 0;
	if (r == 0)
		r = mc_portal_clear_irq_status(&watch->portal, token, index, ALL_EVENTS);
	if (r == 0)
		r = mc_portal_set_irq(&watch->portal, token, index, &all);
	if (r < 0)
		give_up(irq, REASON_IRQ_ENABLE, r);
	return r;
}

/*
 * The kernel sets the address of an interrupt in the MC when somebody asks for it, through the
 * container's own portal, and only logs that the MC refused (__fsl_mc_msi_write_msg()).
 */
static int find_refusal(const struct watch *watch, const struct watched *irq)
{
	const struct name *name = &watch->session->objects[irq->object].object->name;

	return watch->log_fd < 0 ? 0
				 : kmsg_find_error(watch->log_fd, name_text(name).text, "irq()");
}

/* Before the object may interrupt there must be somebody to hear it. */
static void arm(const struct watch *watch, struct watched *irq)
{
	int r;

	irq->outcome.result = PROBE_PASSED;
	handle_of(watch, irq)->n_users++;
	irq->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (irq->eventfd < 0) {
		give_up(irq, REASON_EVENTFD, -errno);
		return;
	}
	r = vfio_irq_attach(watch->session->objects[irq->object].fd, irq->index, irq->eventfd);
	if (r < 0) {
		give_up(irq, REASON_IRQ_ATTACH, r);
		close_pointer(&irq->eventfd);
		irq->eventfd = -1;
		return;
	}
	watch->session->had_irqs = true;
	r = find_refusal(watch, irq);
	if (r < 0)
		give_up(irq, REASON_IRQ_ADDRESS, r);
	else if (enable(watch, irq) == 0)
		irq->outcome.n_interrupts = 0;
}

/* Whatever of it fails, all of it is tried. */
static void disarm(const struct watch *watch, struct watched *irq)
{
	struct handle *handle = handle_of(watch, irq);
	int r;

	if (irq->has_before) {
		r = mc_portal_set_irq(&watch->portal, handle->token, (uint8_t)irq->index,
				      &irq->before);
		if (r < 0)
			give_up(irq, REASON_IRQ_PUT_BACK, r);
	}
	if (--handle->n_users == 0 && handle->is_open) {
		r = mc_portal_close(&watch->portal, handle->token);
		handle->is_open = r < 0;
		if (r < 0)
			give_up(irq, REASON_OBJECT_CLOSE, r);
	}
	if (irq->eventfd < 0)
		return;
	r = vfio_irq_detach(watch->session->objects[irq->object].fd, irq->index);
	if (r < 0)
		give_up(irq, REASON_IRQ_DETACH, r);
	close_pointer(&irq->eventfd);
}

/* Its events are cleared in the object, so that the next one interrupts, too. */
static void take_interrupt(const struct watch *watch, struct watched *irq)
{
	struct event event = { .kind = EVENT_INTERRUPT, .object = irq->object };
	const uint16_t token = handle_of(watch, irq)->token;
	uint32_t status;
	eventfd_t count;

	if (eventfd_read(irq->eventfd, &count) < 0 || irq->outcome.n_interrupts < 0)
		return;
	irq->outcome.n_interrupts += (int64_t)count;
	event.interrupt.index = irq->index;
	event.interrupt.status = -1;
	if (mc_portal_get_irq_status(&watch->portal, token, (uint8_t)irq->index, &status) == 0) {
		event.interrupt.status = status;
		irq->outcome.irq_status =
			(irq->outcome.irq_status < 0 ? 0 : irq->outcome.irq_status) | status;
		mc_portal_clear_irq_status(&watch->portal, token, (uint8_t)irq->index, status);
	}
	session_report(watch->session, &event);
}

static void wait_for_interrupts(const struct watch *watch)
{
	const int64_t end = deadline_in(watch->session->probe->options->watch_s);
	int left;

	while ((left = deadline_left_ms(end)) > 0 && !session_is_stopped()) {
		if (poll(watch->pollfds, watch->n_irqs,
			 left < STOP_CHECK_MS ? left : STOP_CHECK_MS) <= 0)
			continue;
		for (size_t i = 0; i < watch->n_irqs; i++)
			if (watch->pollfds[i].revents & POLLIN)
				take_interrupt(watch, &watch->irqs[i]);
	}
}

static void add_object(struct watch *watch, size_t index)
{
	const struct session_object *object = &watch->session->objects[index];

	if (!object->irqs)
		return;
	watch->irqs =
		xrealloc(watch->irqs, watch->n_irqs + object->device.n_irqs, sizeof(*watch->irqs));
	for (uint32_t i = 0; i < object->device.n_irqs; i++)
		if (object->irqs[i].has_eventfd)
			watch->irqs[watch->n_irqs++] = (struct watched){
				.object = index,
				.index = i,
				.eventfd = -1,
				.outcome = outcome_new(PROBE_IRQ_WATCH, index, i),
			};
}

static int find_portal(struct watch *watch)
{
	for (size_t i = 0; i < watch->session->probe->n_objects; i++) {
		const struct session_object *object = &watch->session->objects[i];

		if (session_is_portal(object)) {
			watch->portal = (struct mc_portal){ object->fd, object->regions[0].offset };
			return 0;
		}
	}
	return -ENOENT;
}

static void watch_all(struct watch *watch)
{
	struct event watching = { .kind = EVENT_WATCHING };
	size_t n_armed = 0;

	watch->log_fd = kmsg_open();
	for (; n_armed < watch->n_irqs && !session_is_stopped(); n_armed++) {
		struct watched *irq = &watch->irqs[n_armed];

		arm(watch, irq);
		watch->pollfds[n_armed] = (struct pollfd){ irq->eventfd, POLLIN, 0 };
		watching.n_watched += irq->outcome.n_interrupts == 0;
	}
	session_report(watch->session, &watching);
	wait_for_interrupts(watch);
	for (size_t i = n_armed; i-- > 0;)
		disarm(watch, &watch->irqs[i]);
	if (watch->log_fd >= 0)
		close(watch->log_fd);
	for (size_t i = 0; i < n_armed; i++)
		outcome_report(watch->session, &watch->irqs[i].outcome);
}

void test_irq_watch(struct session *session)
{
	struct watch watch = { .session = session };
	const struct probe_outcome outcome =
		outcome_new(PROBE_IRQ_WATCH, PROBE_NO_OBJECT, PROBE_NO_INDEX);

	for (size_t i = 0; i < session->probe->n_objects; i++)
		add_object(&watch, i);
	if (!watch.n_irqs) {
		outcome_not_applicable(session, outcome, REASON_NO_IRQ);
	} else if (find_portal(&watch) < 0) {
		outcome_not_applicable(session, outcome, REASON_NO_DPMCP);
	} else {
		watch.pollfds = xcalloc(watch.n_irqs, sizeof(*watch.pollfds));
		watch.handles = xcalloc(session->probe->n_objects, sizeof(*watch.handles));
		watch_all(&watch);
	}
	free(watch.handles);
	free(watch.pollfds);
	free(watch.irqs);
}
