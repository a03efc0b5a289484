/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same facts by libudev, as its manual shows it. */
#include <libudev.h>
#include <stdio.h>

int main(void)
{
	struct udev *udev = udev_new();
	struct udev_enumerate *enumerate = udev_enumerate_new(udev);
	struct udev_list_entry *entry;

	udev_enumerate_add_match_subsystem(enumerate, "fsl-mc");
	udev_enumerate_scan_devices(enumerate);
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate))
	{
		struct udev_device *device =
			udev_device_new_from_syspath(udev, udev_list_entry_get_name(entry));
		struct udev_device *parent = device ? udev_device_get_parent(device) : NULL;
		const char *driver = device ? udev_device_get_driver(device) : NULL;
		const char *override =
			device ? udev_device_get_sysattr_value(device, "driver_override") : NULL;

		if (!device)
			return 1;
		printf("%s %s %s %s\n", udev_device_get_sysname(device),
		       parent ? udev_device_get_sysname(parent) : "-", driver ? driver : "-",
		       override ? override : "-");
		udev_device_unref(device);
	}
	udev_enumerate_unref(enumerate);
	udev_unref(udev);
	return 0;
}
