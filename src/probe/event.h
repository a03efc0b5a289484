/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the probing child tells its parent: events of one size, at most PIPE_BUF bytes a write(2),
 * so that they arrive whole.
 */
#ifndef PROBE_EVENT_H
#define PROBE_EVENT_H

#include "probe/probe.h"

enum event_kind {
	EVENT_PHASE, /* what it is about to do, for the message if that hangs */
	EVENT_IOMMU, /* page sizes; a range each in EVENT_RANGE */
	EVENT_RANGE,
	EVENT_DEVICE,
	EVENT_REGION,
	EVENT_IRQ,
	EVENT_MC_VERSION,
	EVENT_OUTCOME,
	EVENT_WATCHING,	 /* all interrupts are armed */
	EVENT_INTERRUPT, /* one came */
	EVENT_FAILURE,	 /* of an object, of the container, or of the test in PHASE_TEST: of the
			  * container or a test, then nothing but the end follows */
	EVENT_DONE,
};

enum phase { PHASE_OPEN, PHASE_ASK, PHASE_TEST, PHASE_CLOSE };

struct event {
	enum event_kind kind;
	size_t object; /* PROBE_NO_OBJECT: the container as a whole */
	union {
		struct {
			enum phase phase;
			enum probe_test test;
		} phase;
		uint64_t page_sizes;
		struct vfio_iova range;
		struct vfio_device device;
		struct {
			uint32_t index;
			struct vfio_region region;
		} region;
		struct {
			uint32_t index;
			struct vfio_irq irq;
		} irq;
		struct mc_version mc_version;
		struct probe_outcome outcome;
		size_t n_watched;
		struct {
			uint32_t index;
			int64_t status;
		} interrupt;
		struct {
			enum probe_reason reason;
			int error;
		} failure;
	};
};

#endif
