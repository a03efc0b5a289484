/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to libudev: what happens on the fsl-mc bus. */
#ifndef KERNEL_UEVENT_H
#define KERNEL_UEVENT_H

#include <stdint.h>

struct uevent_source {
	struct udev *udev;
	struct udev_monitor *monitor;
};

struct uevent {
	char *action;	 /* "add", "remove", "bind", "unbind", "change", ... */
	char *path;	 /* of the device directory, as DEVPATH has it: "/devices/..." */
	char *driver;	 /* NULL: the event names none */
	int64_t time_us; /* when it was read, on CLOCK_REALTIME */
};

/*
 * Listens to the kernel itself: that needs no udevd and no privilege, and no rule of udev's delays
 * it.  Only events of this network namespace's kernel broadcast come, so not in a container.
 */
int uevent_open(struct uevent_source *ret_source);
void uevent_close(struct uevent_source *source);
#define _cleanup_uevent_source_ __attribute__((cleanup(uevent_close)))

/* Readable when there may be an event; not to be read from otherwise. */
int uevent_fd(const struct uevent_source *source);

/* 1: an event of the fsl-mc bus; 0: none for now; -ENOBUFS: some were lost. */
int uevent_next(struct uevent_source *source, struct uevent *ret_event);
void uevent_done(struct uevent *event);
#define _cleanup_uevent_ __attribute__((cleanup(uevent_done)))

#endif
