/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The child's side of a probe: the container opened through VFIO, and every step reported.
 * Runs in a process of its own, so it neither prints nor returns errors: it reports them.
 */
#ifndef PROBE_SESSION_H
#define PROBE_SESSION_H

#include <limits.h>

#include "probe/event.h"

struct session_object {
	const struct probe_object *object;
	int fd; /* -1: not open */
	struct vfio_device device;
	struct vfio_region *regions;
	struct vfio_irq *irqs; /* count 0: not known */
};

struct session {
	const struct probe *probe;
	int report;
	int space_fd; /* the VFIO container, or the iommufd */
	uint32_t space;
	int group; /* -1 when it is not open, and with device files */
	struct vfio_iommu iommu;
	struct session_object *objects;			      /* as probe->objects */
	bool had_irqs;					      /* some interrupt was attached */
	struct event events[PIPE_BUF / sizeof(struct event)]; /* not yet written */
	size_t n_events;
};

/* The whole of it (session_run.c).  Ends with EVENT_DONE, unless it is killed. */
void session_run(const struct probe *probe, int report);

/*
 * Opening (open.c): the container, then its devices; what fails is reported.  Closing: all of it.
 */
int session_open(struct session *session);
int session_open_device(struct session *session, size_t index); /* returns a descriptor */
void session_close(struct session *session);

/* Reports a failure of an object, or with PROBE_NO_OBJECT of the container; returns error. */
int session_fail(struct session *session, size_t object, enum probe_reason reason, int error);

void session_report(struct session *session, const struct event *event);

/* A signal came: finish what is open and no more. */
bool session_is_stopped(void);

/* Whether it is open and has a portal for MC commands that is ours alone: a DPMCP. */
bool session_is_portal(const struct session_object *object);

#endif
