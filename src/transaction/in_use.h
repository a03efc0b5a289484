/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a DPRC that is bound to VFIO may be unbound: an unbind waits, beyond SIGKILL and with
 * the device locked, until the last descriptor is closed (vfio_unregister_group_dev()).
 */
#ifndef TRANSACTION_IN_USE_H
#define TRANSACTION_IN_USE_H

#include <stdbool.h>

struct bus;
struct change;
struct dprc;
struct sysfs;

/* -ERROR_BUSY, said with the holders' names, if it or a DPRC in it is in use. */
int in_use_refuse(const struct bus *bus, const struct dprc *dprc);

/*
 * The same, in short, just before the unbind: -ERROR_FAILED if a program took the group since.
 * Silent unless speak.
 */
int in_use_refuse_unbind(const struct sysfs *sysfs, const struct change *change, bool speak);

/*
 * -ERROR_BUSY, said with what to do, while it is being unbound: the link to the driver goes first,
 * and what is in it only after the kernel has waited (__device_release_driver()).
 */
int in_use_refuse_unfinished(const struct dprc *dprc, const char *remedy);

#endif
