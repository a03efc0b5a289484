/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A container opened through VFIO, asked, tried and closed. */
#include <stdlib.h>
#include <sys/resource.h>

#include "base/util.h"
#include "kernel/vfio.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "probe/session.h"
#include "probe/tests.h"

static void report_phase(struct session *session, enum phase phase, enum probe_test test)
{
	const struct event event = { .kind = EVENT_PHASE, .phase = { phase, test } };

	session_report(session, &event);
}

/* A device file tells the IOMMU's ranges only once a device is attached. */
static void report_iommu(struct session *session)
{
	struct event event = { .kind = EVENT_IOMMU };
	int r = vfio_iommu_load(session->space_fd, session->space, &session->iommu);

	if (r < 0) {
		session_fail(session, 0, REASON_IOMMU_INFO, r);
		return;
	}
	event.page_sizes = session->iommu.page_sizes;
	session_report(session, &event);
	event.kind = EVENT_RANGE;
	for (size_t i = 0; i < session->iommu.n_ranges; i++) {
		event.range = session->iommu.ranges[i];
		session_report(session, &event);
	}
}

/* All of a container's objects are open at once, as in a program that uses them. */
static void allow_many_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int open_all(struct session *session)
{
	const struct probe *probe = session->probe;
	int r;

	report_phase(session, PHASE_OPEN, 0);
	allow_many_descriptors();
	r = session_open(session);
	if (r < 0)
		return r;
	for (size_t i = 0; i < probe->n_objects && !session_is_stopped(); i++) {
		if (probe->objects[i].is_nested)
			continue;
		r = session_open_device(session, i);
		if (r < 0 && i == 0)
			return r;
		session->objects[i].fd = r < 0 ? -1 : r;
	}
	report_iommu(session);
	return 0;
}

static void ask_regions(struct session *session, size_t index)
{
	struct session_object *object = &session->objects[index];

	object->regions = xcalloc(object->device.n_regions, sizeof(*object->regions));
	for (uint32_t i = 0; i < object->device.n_regions; i++) {
		struct event event = { .kind = EVENT_REGION, .object = index };
		int r = vfio_region_load(object->fd, i, &object->regions[i]);

		if (r < 0) {
			session_fail(session, index, REASON_REGION_INFO, r);
			continue;
		}
		event.region.index = i;
		event.region.region = object->regions[i];
		session_report(session, &event);
	}
}

static void ask_irqs(struct session *session, size_t index)
{
	struct session_object *object = &session->objects[index];

	object->irqs = xcalloc(object->device.n_irqs, sizeof(*object->irqs));
	for (uint32_t i = 0; i < object->device.n_irqs; i++) {
		struct event event = { .kind = EVENT_IRQ, .object = index };
		int r = vfio_irq_load(object->fd, i, &object->irqs[i]);

		if (r < 0) {
			session_fail(session, index, REASON_IRQ_INFO, r);
			continue;
		}
		event.irq.index = i;
		event.irq.irq = object->irqs[i];
		session_report(session, &event);
	}
}

static void ask(struct session *session, size_t index)
{
	struct session_object *object = &session->objects[index];
	struct event event = { .kind = EVENT_DEVICE, .object = index };
	int r = vfio_device_load(object->fd, &object->device);

	if (r < 0) {
		session_fail(session, index, REASON_DEVICE_INFO, r);
		return;
	}
	event.device = object->device;
	session_report(session, &event);
	if (!object->device.is_fsl_mc)
		session_fail(session, index,
			     object->device.is_sdk_fsl_mc ? REASON_SDK_DEVICE : REASON_OTHER_DEVICE,
			     0);
	ask_regions(session, index);
	ask_irqs(session, index);
}

static void run_tests(struct session *session)
{
	static void (*const tests[])(struct session * session) = {
		[PROBE_MMAP] = test_mmap,	[PROBE_DMA] = test_dma,
		[PROBE_COMMAND] = test_command, [PROBE_IRQ] = test_irq,
		[PROBE_RESET] = test_reset,	[PROBE_IRQ_WATCH] = test_irq_watch,
	};

	for (enum probe_test test = 0; test < ARRAY_SIZE(tests) && !session_is_stopped(); test++) {
		if (!session->probe->options->tests[test])
			continue;
		report_phase(session, PHASE_TEST, test);
		tests[test](session);
	}
}

void session_run(const struct probe *probe, int report)
{
	static const struct event done = { .kind = EVENT_DONE };
	struct session session = {
		.probe = probe,
		.report = report,
		.space_fd = -1,
		.group = -1,
		.objects = xcalloc(probe->n_objects, sizeof(*session.objects)),
	};

	for (size_t i = 0; i < probe->n_objects; i++)
		session.objects[i] =
			(struct session_object){ .object = &probe->objects[i], .fd = -1 };
	if (open_all(&session) == 0) {
		report_phase(&session, PHASE_ASK, 0);
		for (size_t i = 0; i < probe->n_objects && !session_is_stopped(); i++)
			if (session.objects[i].fd >= 0)
				ask(&session, i);
		run_tests(&session);
	}
	report_phase(&session, PHASE_CLOSE, 0);
	session_close(&session);
	if (session.had_irqs) {
		report_phase(&session, PHASE_TEST, PROBE_IRQ_AGAIN);
		test_irq_again(&session);
	}
	session_report(&session, &done);
}
