/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door to the kernel's log, /dev/kmsg: for what a driver reports there and nowhere else.
 */
#ifndef KERNEL_KMSG_H
#define KERNEL_KMSG_H

/* A descriptor that shows what is logged from now on, or a negative errno: only root may. */
int kmsg_open(void);

/*
 * Reads all that was logged since.  0; or the errno, negative, with which a driver ended a message
 * about device ("dpni.1") that contains what: "dprc_obj_set_irq() failed: -1".
 */
int kmsg_find_error(int fd, const char *device, const char *what);

#endif
