/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who uses a DPRC through VFIO. */
#ifndef MODEL_VFIO_USE_H
#define MODEL_VFIO_USE_H

#include "kernel/procfs.h"

struct bus;
struct dprc;
struct sysfs;

/*
 * The holders of the DPRC's group and of the VFIO devices of it and of its objects.  Looks, does
 * not touch.  A container without IOMMU group has none.  -ENOENT: not known, of a captured machine.
 */
int vfio_use_load(const struct bus *bus, const struct dprc *dprc, struct holders *ret_holders);

/*
 * Whether the group is open in some process, asked by opening it: 1 (EBUSY), 0, or a negative
 * errno (-ENOENT: no node, nothing of it is bound to VFIO; -EACCES).  For a moment this
 * makes the group busy for everybody else, so only who is about to change the binding asks.
 */
int vfio_group_is_busy(const struct sysfs *sysfs, int group);

#endif
