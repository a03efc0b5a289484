/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door to character device nodes below /dev: whose are they, and giving them to somebody.
 * A node is identified by its device number from sysfs, not by its name: what else may be found
 * there, a link or another device, is not touched.  Nothing is opened for use.
 *
 * Functions return 0, a descriptor or a negative errno, and print nothing.
 */
#ifndef KERNEL_DEVNODE_H
#define KERNEL_DEVNODE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/util.h"

struct passwd;
struct sysfs;

#define DEVNODE_PERMISSIONS 07777

struct devnode_owner {
	uid_t uid;
	gid_t gid;
	mode_t mode; /* of DEVNODE_PERMISSIONS */
};

bool devnode_owner_equal(const struct devnode_owner *a, const struct devnode_owner *b);

/*
 * A handle (O_PATH) of the node at path, which begins with "/dev/", if it is the character device
 * that the sysfs attribute dev_attribute ("MAJOR:MINOR") tells of.  -ENOENT: no such node.  -EXDEV:
 * something else is there.
 */
int devnode_open(const struct sysfs *sysfs, const char *path, const char *dev_attribute);

/*
 * Whether a user can open the node at path for reading and writing, as the kernel decides it, by
 * access lists and the folders above, too: 1 or 0.  entry NULL: who runs this.  -EPERM: only root
 * can find it out of somebody else.
 */
known_bool devnode_is_accessible(const struct sysfs *sysfs, const char *path,
				 const struct passwd *entry);

/* Whether there is a udevd, which may make and change nodes late. */
bool devnode_udev_is_running(const struct sysfs *sysfs);

/*
 * When udev last was through with the rules of a node, on CLOCK_REALTIME as the kernel stamps files
 * (clock_file_us()): it then writes the device's file in /run/udev/data, even an empty one.  0: not
 * yet.
 */
int64_t devnode_udev_time_us(const struct sysfs *sysfs, const char *dev_attribute);

/* Of a captured machine, nodes are files with the text that devnode_owner_text() makes. */
char *devnode_owner_text(const struct devnode_owner *owner);
int devnode_get_owner(int handle, struct devnode_owner *ret_owner);
int devnode_set_owner(int handle, const struct devnode_owner *owner);

#endif
