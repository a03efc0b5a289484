/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be tried on an open container in no time. */
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/util.h"
#include "kernel/mc_portal.h"
#include "kernel/vfio.h"
#include "probe/outcome.h"
#include "probe/session.h"
#include "probe/tests.h"

#define LOOPBACK_TIMEOUT_MS 1000

static void mmap_region(struct session *session, size_t index, uint32_t number)
{
	const struct session_object *object = &session->objects[index];
	const struct vfio_region *region = &object->regions[number];
	const struct probe_outcome outcome = outcome_new(PROBE_MMAP, index, number);
	const int64_t begin_us = clock_now_us();
	int r;

	if (!region->can_mmap) {
		outcome_not_applicable(session, outcome,
				       name_is_dprc(&object->object->name) ? REASON_DPRC_MMAP
									   : REASON_UNALIGNED);
		return;
	}
	r = vfio_region_try_mmap(object->fd, region);
	if (r < 0)
		outcome_failed(session, outcome, REASON_MMAP, r);
	else
		outcome_passed(session, outcome, begin_us);
}

void test_mmap(struct session *session)
{
	size_t n_regions = 0;

	for (size_t i = 0; i < session->probe->n_objects; i++) {
		if (!session->objects[i].regions)
			continue;
		for (uint32_t at = 0; at < session->objects[i].device.n_regions; at++, n_regions++)
			mmap_region(session, i, at);
	}
	if (!n_regions)
		outcome_not_applicable(session,
				       outcome_new(PROBE_MMAP, PROBE_NO_OBJECT, PROBE_NO_INDEX),
				       REASON_NO_REGION);
}

/* The least that both the CPU's and the IOMMU's page tables can hold. */
static size_t page_size(struct session *session)
{
	const size_t cpu = (size_t)sysconf(_SC_PAGESIZE);
	const uint64_t fitting = session->iommu.page_sizes & ~(cpu - 1);

	return fitting ? (size_t)(fitting & -fitting) : cpu;
}

static int find_iova(struct session *session, size_t size, uint64_t *ret_iova)
{
	for (size_t i = 0; i < session->iommu.n_ranges; i++) {
		const struct vfio_iova *range = &session->iommu.ranges[i];
		const uint64_t iova = (range->first + size - 1) & ~(uint64_t)(size - 1);

		if (iova >= range->first && iova <= range->last && range->last - iova >= size - 1) {
			*ret_iova = iova;
			return 0;
		}
	}
	return -ENOSPC;
}

void test_dma(struct session *session)
{
	const struct probe_outcome outcome =
		outcome_new(PROBE_DMA, PROBE_NO_OBJECT, PROBE_NO_INDEX);
	const size_t size = page_size(session);
	int64_t begin_us;
	uint64_t iova;
	void *memory;
	int r;

	if (!session->iommu.n_ranges) {
		outcome_not_applicable(session, outcome, REASON_DMA_UNKNOWN);
		return;
	}
	if (find_iova(session, size, &iova) < 0) {
		outcome_failed(session, outcome, REASON_DMA_ROOM, 0);
		return;
	}
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) {
		outcome_failed(session, outcome, REASON_DMA_MAP, -errno);
		return;
	}
	begin_us = clock_now_us();
	r = vfio_dma_map(session->space_fd, session->space, memory, size, iova);
	if (r < 0) {
		outcome_failed(session, outcome, REASON_DMA_MAP, r);
	} else {
		r = vfio_dma_unmap(session->space_fd, session->space, size, iova);
		if (r < 0)
			outcome_failed(session, outcome, REASON_DMA_UNMAP, r);
		else
			outcome_passed(session, outcome, begin_us);
	}
	munmap(memory, size);
}

static void try_command(struct session *session, size_t index)
{
	const struct session_object *object = &session->objects[index];
	const struct mc_portal portal = { object->fd, object->regions[0].offset };
	const struct probe_outcome outcome = outcome_new(PROBE_COMMAND, index, PROBE_NO_INDEX);
	struct event event = { .kind = EVENT_MC_VERSION };
	const int64_t begin_us = clock_now_us();
	int r = mc_portal_get_version(&portal, &event.mc_version);

	if (r < 0) {
		outcome_failed(session, outcome, REASON_COMMAND, r);
		return;
	}
	session_report(session, &event);
	outcome_passed(session, outcome, begin_us);
}

void test_command(struct session *session)
{
	size_t n_portals = 0;

	for (size_t i = 0; i < session->probe->n_objects && !session_is_stopped(); i++)
		if (session_is_portal(&session->objects[i])) {
			try_command(session, i);
			n_portals++;
		}
	if (!n_portals)
		outcome_not_applicable(session,
				       outcome_new(PROBE_COMMAND, PROBE_NO_OBJECT, PROBE_NO_INDEX),
				       REASON_NO_DPMCP);
}

/* What an eventfd counted within the time; negative errno. */
static int64_t receive(int eventfd)
{
	struct pollfd pollfd = { .fd = eventfd, .events = POLLIN };
	eventfd_t count;
	int n = poll(&pollfd, 1, LOOPBACK_TIMEOUT_MS);

	if (n < 0 || (n > 0 && eventfd_read(eventfd, &count) < 0))
		return -errno;
	return n ? (int64_t)count : -ETIMEDOUT;
}

/*
 * The loopback: from the kernel's interrupt handler on it is the way a real one goes.  Detached
 * even if nothing came, but only after attaching worked: see vfio.h for what happens otherwise.
 */
static void loop_irq(struct session *session, size_t index, uint32_t number, int eventfd)
{
	const int device = session->objects[index].fd;
	struct probe_outcome outcome = outcome_new(PROBE_IRQ, index, number);
	enum probe_reason reason = REASON_NONE;
	int64_t begin_us;
	int r = vfio_irq_attach(device, number, eventfd), r_detach;

	if (r < 0) {
		outcome_failed(session, outcome, REASON_IRQ_ATTACH, r);
		return;
	}
	session->had_irqs = true;
	begin_us = clock_now_us();
	r = vfio_irq_trigger(device, number);
	if (r < 0) {
		reason = REASON_IRQ_TRIGGER;
	} else {
		outcome.n_interrupts = receive(eventfd);
		if (outcome.n_interrupts < 0) {
			reason = REASON_IRQ_RECEIVE;
			r = (int)outcome.n_interrupts;
			outcome.n_interrupts = 0;
		}
	}
	r_detach = vfio_irq_detach(device, number);
	if (r_detach < 0 && !reason) {
		reason = REASON_IRQ_DETACH;
		r = r_detach;
	}
	if (reason)
		outcome_failed(session, outcome, reason, r);
	else
		outcome_passed(session, outcome, begin_us);
}

static void try_irq(struct session *session, size_t index, uint32_t number)
{
	const struct probe_outcome outcome = outcome_new(PROBE_IRQ, index, number);
	_cleanup_close_ int fd = -1;

	if (!session->objects[index].irqs[number].has_eventfd) {
		outcome_not_applicable(session, outcome, REASON_NO_EVENTFD);
		return;
	}
	fd = eventfd(0, EFD_CLOEXEC);
	if (fd < 0)
		outcome_failed(session, outcome, REASON_EVENTFD, -errno);
	else
		loop_irq(session, index, number, fd);
}

void test_irq(struct session *session)
{
	size_t n_irqs = 0;

	for (size_t i = 0; i < session->probe->n_objects && !session_is_stopped(); i++) {
		if (!session->objects[i].irqs)
			continue;
		for (uint32_t at = 0; at < session->objects[i].device.n_irqs; at++, n_irqs++)
			try_irq(session, i, at);
	}
	if (!n_irqs)
		outcome_not_applicable(session,
				       outcome_new(PROBE_IRQ, PROBE_NO_OBJECT, PROBE_NO_INDEX),
				       REASON_NO_IRQ);
}

/* Opens one object with an interrupt once more; closing it resets it again. */
static void attach_again(struct session *session, size_t index, uint32_t number)
{
	const struct probe_outcome outcome = outcome_new(PROBE_IRQ_AGAIN, index, number);
	const int64_t begin_us = clock_now_us();
	_cleanup_close_ int fd = eventfd(0, EFD_CLOEXEC);
	int device, r;

	if (session_open(session) < 0)
		return;
	device = session_open_device(session, index);
	if (device < 0)
		return;
	session->objects[index].fd = device;
	r = vfio_irq_attach(device, number, fd);
	if (r == 0)
		r = vfio_irq_detach(device, number);
	if (r < 0)
		outcome_failed(session, outcome, REASON_IRQ_AGAIN, r);
	else
		outcome_passed(session, outcome, begin_us);
}

/*
 * The MSIs of a container are freed with its last interrupt and allocated again with the next. That
 * fails on Linux 7.1 and 7.2, where fsl_mc_msi_domain_free_irqs() leaves the device's MSI domain
 * behind, which fsl_mc_msi_domain_alloc_irqs() then takes for an error (seen on 7.2.13).  The
 * domain goes with the driver, so a rebind helps.
 */
void test_irq_again(struct session *session)
{
	for (size_t i = 0; i < session->probe->n_objects; i++) {
		const struct session_object *object = &session->objects[i];

		for (uint32_t at = 0; object->irqs && at < object->device.n_irqs; at++)
			if (object->irqs[at].has_eventfd) {
				attach_again(session, i, at);
				session_close(session);
				return;
			}
	}
}

#define KERNEL_ENOTSUPP 524 /* include/linux/errno.h */

/* The DPRC last, as its reset is one of all. */
void test_reset(struct session *session)
{
	for (size_t i = session->probe->n_objects; i-- > 0 && !session_is_stopped();) {
		const struct session_object *object = &session->objects[i];
		const struct probe_outcome outcome = outcome_new(PROBE_RESET, i, PROBE_NO_INDEX);
		const int64_t begin_us = clock_now_us();
		int r;

		if (object->fd < 0)
			continue;
		r = vfio_device_reset(object->fd);
		if (r == -ENOTTY && !object->device.says_resettable)
			outcome_not_applicable(session, outcome, REASON_OLD_RESET);
		else if (r == -KERNEL_ENOTSUPP)
			outcome_not_applicable(session, outcome, REASON_MC_UNSUPPORTED);
		else if (r < 0)
			outcome_failed(session, outcome, REASON_RESET, r);
		else
			outcome_passed(session, outcome, begin_us);
	}
}
