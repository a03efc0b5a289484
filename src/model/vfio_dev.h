/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entry VFIO makes below a device it has: vfio-dev/vfioN, from Linux 6.1 on.  N counts devices,
 * not groups.
 */
#ifndef MODEL_VFIO_DEV_H
#define MODEL_VFIO_DEV_H

#include <stdbool.h>

struct sysfs;

/*
 * "vfio7" of a device (a directory below sys/), in a new string; NULL: VFIO does not have it, or
 * the kernel is older.  *ret_has_node: it is /dev/vfio/devices/vfio7 too, which is so of all
 * devices of a kernel with CONFIG_VFIO_DEVICE_CDEV, and of none without.
 */
char *vfio_dev_find(const struct sysfs *sysfs, const char *device, bool *ret_has_node);

#endif
