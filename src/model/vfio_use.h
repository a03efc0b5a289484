/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses a DPRC through VFIO. */
#ifndef MODEL_VFIO_USE_H
#define MODEL_VFIO_USE_H

#include "base/util.h"
#include "kernel/procfs.h"

struct bus;
struct dprc;
struct sysfs;

/*
 * The holders of the DPRC's group and of the VFIO devices of it and of its objects.  Looks, does
 * not touch.  A DPRC that is not bound to vfio-fsl-mc has none.  -ENOENT: not known, of a captured
 * machine.
 */
int vfio_use_load(const struct bus *bus, const struct dprc *dprc, struct holders *ret_holders);

/* 1: somebody surely holds it; 0: nobody does; -EACCES: there are suspects, or who hides. */
known_bool vfio_is_used(const struct holders *holders);

/*
 * Those that are sure, or those that are not: "process 1234 (dpdk-testpmd) has /dev/vfio/5, ...".
 * NULL: there are none.
 */
char *vfio_use_list(const struct holders *holders, bool are_sure);

/*
 * Whether the group is open in some process, asked by opening it: 1 (EBUSY), 0, or a negative
 * errno (-ENOENT: no node, nothing of it is bound to VFIO; -EACCES).  For a moment this
 * makes the group busy for everybody else, so only who is about to change the binding asks.
 */
int vfio_group_is_busy(const struct sysfs *sysfs, int group);

/*
 * Whether this kernel makes device files (CONFIG_VFIO_DEVICE_CDEV) for what is bound to VFIO now: a
 * group that is not busy does not say that nobody has one of those.
 */
bool vfio_has_device_nodes(const struct sysfs *sysfs);

#endif
