/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to libudev. */
#include <errno.h>
#include <libudev.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/util.h"
#include "kernel/uevent.h"

/* A bind of a container of 1000 objects sends some 2000 events of 500 bytes at once. */
#define BUFFER_SIZE (4 << 20)

int uevent_open(struct uevent_source *ret_source)
{
	_cleanup_uevent_source_ struct uevent_source source = { .udev = udev_new() };
	int r;

	if (!source.udev)
		return -ENOMEM;
	source.monitor = udev_monitor_new_from_netlink(source.udev, "kernel");
	if (!source.monitor)
		return -errno;
	r = udev_monitor_filter_add_match_subsystem_devtype(source.monitor, "fsl-mc", NULL);
	if (r < 0)
		return r;
	/* Only root may have more than net.core.rmem_max; less will do on a quiet bus. */
	udev_monitor_set_receive_buffer_size(source.monitor, BUFFER_SIZE);
	r = udev_monitor_enable_receiving(source.monitor);
	if (r < 0)
		return r;
	*ret_source = source;
	source = (struct uevent_source){ 0 };
	return 0;
}

void uevent_close(struct uevent_source *source)
{
	if (source->monitor)
		udev_monitor_unref(source->monitor);
	if (source->udev)
		udev_unref(source->udev);
	*source = (struct uevent_source){ 0 };
}

int uevent_fd(const struct uevent_source *source) { return udev_monitor_get_fd(source->monitor); }

static char *copy(const char *text) { return text ? xstrdup(text) : NULL; }

int uevent_next(struct uevent_source *source, struct uevent *ret_event)
{
	struct udev_device *device;

	errno = 0;
	device = udev_monitor_receive_device(source->monitor);
	if (!device)
		return errno == ENOBUFS ? -ENOBUFS : 0;
	/* Properties of the event only: what sysfs says meanwhile may be another story. */
	*ret_event = (struct uevent){
		.action = copy(udev_device_get_action(device)),
		.path = copy(udev_device_get_devpath(device)),
		.driver = copy(udev_device_get_property_value(device, "DRIVER")),
		.time_us = clock_day_us(),
	};
	udev_device_unref(device);
	return 1;
}

void uevent_done(struct uevent *event)
{
	free(event->action);
	free(event->path);
	free(event->driver);
	*event = (struct uevent){ 0 };
}
