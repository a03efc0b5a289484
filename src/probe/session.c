/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A container opened through VFIO, asked, tried and closed. */
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/signals.h"
#include "base/util.h"
#include "kernel/vfio.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "probe/session.h"
#include "probe/tests.h"

void session_report(const struct session *session, const struct event *event)
{
	/* A parent that went away is noticed by the signal its end sends us. */
	while (write(session->report, event, sizeof(*event)) < 0 && errno == EINTR)
		;
}

bool session_is_stopped(void) { return signals_pending(); }

static void report_phase(const struct session *session, enum phase phase, enum probe_test test)
{
	const struct event event = { .kind = EVENT_PHASE, .phase = { phase, test } };

	session_report(session, &event);
}

/* Returns error. */
static int report_failure(const struct session *session, size_t object, enum probe_reason reason,
			  int error)
{
	const struct event event = {
		.kind = EVENT_FAILURE,
		.object = object,
		.failure = { reason, error },
	};

	session_report(session, &event);
	return error;
}

static int fail_container(const struct session *session, enum probe_reason reason, int error)
{
	return report_failure(session, PROBE_NO_OBJECT, reason, error);
}

bool session_is_portal(const struct session_object *object)
{
	return streq(object->object->name.type, "dpmcp") && object->fd >= 0 &&
	       object->device.n_regions && object->regions[0].can_write;
}

/* The kernel refuses devices before the container and the IOMMU are set, so the order is given. */
static int open_group(struct session *session)
{
	const struct sysfs *sysfs = session->probe->bus->sysfs;
	int r = vfio_container_open(sysfs);

	if (r < 0)
		return fail_container(session, REASON_OPEN_VFIO, r);
	session->space_fd = r;
	r = vfio_container_has_type1(session->space_fd);
	if (r <= 0)
		return fail_container(session, REASON_TYPE1, r ? r : -ENOTSUP);
	r = vfio_group_open(sysfs, session->probe->dprc->object->group);
	if (r < 0)
		return fail_container(session, REASON_OPEN_GROUP, r);
	session->group = r;
	r = vfio_group_is_viable(session->group);
	if (r < 0)
		return fail_container(session, REASON_GROUP_STATUS, r);
	if (r == 0)
		return fail_container(session, REASON_NOT_VIABLE, -EPERM);
	r = vfio_group_set_container(session->group, session->space_fd);
	if (r < 0)
		return fail_container(session, REASON_SET_CONTAINER, r);
	r = vfio_container_set_type1(session->space_fd);
	return r < 0 ? fail_container(session, REASON_SET_IOMMU, r) : 0;
}

static int open_iommufd(struct session *session)
{
	int r = vfio_iommufd_open(session->probe->bus->sysfs);

	if (r < 0)
		return fail_container(session, REASON_OPEN_IOMMUFD, r);
	session->space_fd = r;
	r = vfio_iommufd_new_space(session->space_fd, &session->space);
	return r < 0 ? fail_container(session, REASON_NEW_SPACE, r) : 0;
}

/*
 * The first device file is the DPRC's: if that cannot be had, the container cannot, and nothing of
 * it was opened.
 */
static int open_cdev(const struct session *session, size_t index)
{
	const struct probe_object *object = session->objects[index].object;
	const size_t culprit = index ? index : PROBE_NO_OBJECT;
	_cleanup_close_ int fd = -1;
	int r;

	if (!object->node)
		return report_failure(session, culprit, REASON_NO_NODE, 0), -ENOENT;
	fd = vfio_cdev_open(session->probe->bus->sysfs, object->node);
	if (fd < 0)
		return report_failure(session, culprit, REASON_OPEN_NODE, fd);
	r = vfio_cdev_bind(fd, session->space_fd);
	if (r < 0)
		return report_failure(session, culprit, REASON_BIND_IOMMUFD, r);
	r = vfio_cdev_attach(fd, session->space);
	if (r < 0)
		return report_failure(session, culprit, REASON_ATTACH, r);
	return take_fd(&fd);
}

static int open_device(const struct session *session, size_t index)
{
	int fd;

	if (session->group < 0)
		return open_cdev(session, index);
	fd = vfio_group_open_device(session->group,
				    name_text(&session->objects[index].object->name).text);
	if (fd < 0)
		return report_failure(session, index, REASON_OPEN_DEVICE, fd);
	return fd;
}

/* A device file tells the IOMMU's ranges only once a device is attached. */
static void report_iommu(struct session *session)
{
	struct event event = { .kind = EVENT_IOMMU };
	int r = vfio_iommu_load(session->space_fd, session->space, &session->iommu);

	if (r < 0) {
		report_failure(session, 0, REASON_IOMMU_INFO, r);
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
	r = probe->interface == PROBE_INTERFACE_CDEV ? open_iommufd(session) : open_group(session);
	if (r < 0)
		return r;
	for (size_t i = 0; i < probe->n_objects && !session_is_stopped(); i++) {
		if (probe->objects[i].is_nested)
			continue;
		r = open_device(session, i);
		if (r < 0 && i == 0 && session->group < 0)
			return r;
		session->objects[i].fd = r < 0 ? -1 : r;
	}
	report_iommu(session);
	return 0;
}

static void ask_regions(const struct session *session, size_t index)
{
	struct session_object *object = &session->objects[index];

	object->regions = xcalloc(object->device.n_regions, sizeof(*object->regions));
	for (uint32_t i = 0; i < object->device.n_regions; i++) {
		struct event event = { .kind = EVENT_REGION, .object = index };
		int r = vfio_region_load(object->fd, i, &object->regions[i]);

		if (r < 0) {
			report_failure(session, index, REASON_REGION_INFO, r);
			continue;
		}
		event.region.index = i;
		event.region.region = object->regions[i];
		session_report(session, &event);
	}
}

static void ask_irqs(const struct session *session, size_t index)
{
	struct session_object *object = &session->objects[index];

	object->irqs = xcalloc(object->device.n_irqs, sizeof(*object->irqs));
	for (uint32_t i = 0; i < object->device.n_irqs; i++) {
		struct event event = { .kind = EVENT_IRQ, .object = index };
		int r = vfio_irq_load(object->fd, i, &object->irqs[i]);

		if (r < 0) {
			report_failure(session, index, REASON_IRQ_INFO, r);
			continue;
		}
		event.irq.index = i;
		event.irq.irq = object->irqs[i];
		session_report(session, &event);
	}
}

static void ask(const struct session *session, size_t index)
{
	struct session_object *object = &session->objects[index];
	struct event event = { .kind = EVENT_DEVICE, .object = index };
	int r = vfio_device_load(object->fd, &object->device);

	if (r < 0) {
		report_failure(session, index, REASON_DEVICE_INFO, r);
		return;
	}
	event.device = object->device;
	session_report(session, &event);
	if (!object->device.is_fsl_mc)
		report_failure(session, index,
			       object->device.is_sdk_fsl_mc ? REASON_SDK_DEVICE
							    : REASON_OTHER_DEVICE,
			       0);
	ask_regions(session, index);
	ask_irqs(session, index);
}

static void run_tests(const struct session *session)
{
	static void (*const tests[N_PROBE_TESTS])(const struct session *session) = {
		[PROBE_MMAP] = test_mmap,	[PROBE_DMA] = test_dma,
		[PROBE_COMMAND] = test_command, [PROBE_IRQ] = test_irq,
		[PROBE_RESET] = test_reset,	[PROBE_IRQ_WATCH] = test_irq_watch,
	};

	for (enum probe_test test = 0; test < N_PROBE_TESTS && !session_is_stopped(); test++) {
		if (!session->probe->options->tests[test])
			continue;
		report_phase(session, PHASE_TEST, test);
		tests[test](session);
	}
}

/* The DPRC last: its close resets the whole container, also what would still be open. */
static void close_all(struct session *session)
{
	report_phase(session, PHASE_CLOSE, 0);
	for (size_t i = session->probe->n_objects; i-- > 0;)
		close_pointer(&session->objects[i].fd);
	close_pointer(&session->group);
	close_pointer(&session->space_fd);
}

void session_run(const struct probe *probe, int report)
{
	static const struct event done = { .kind = EVENT_DONE };
	struct session session = {
		.probe = probe,
		.report = report,
		.space_fd = -1,
		.space = VFIO_SPACE_TYPE1,
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
	close_all(&session);
	session_report(&session, &done);
}
