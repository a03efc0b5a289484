/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a DPRC that is bound to VFIO may be unbound. */
#include <errno.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/object.h"
#include "model/vfio_use.h"
#include "transaction/change.h"
#include "transaction/in_use.h"

/* The group is open, yet no process has its node: then it is somebody with a device of it. */
static int fail_suspecting(const struct holders *holders, const char *name, int group)
{
	_cleanup_free_ char *suspects = vfio_use_list(holders, false);

	if (suspects)
		return fail(
			-ERROR_BUSY, name,
			"its VFIO group %d is in use, by a program that has a device of it open: "
			"%s; stop that program first",
			group, suspects);
	return fail(-ERROR_BUSY, name,
		    "its VFIO group %d is in use, by a process that cannot be seen from here",
		    group);
}

/* The kernel has the file of that group, whatever is in our /dev: a container has its own. */
static bool is_group_there(const struct bus *bus, int group)
{
	_cleanup_free_ char *path = xasprintf("class/vfio/%d", group);

	return sysfs_exists(bus->sysfs->fd, path);
}

/*
 * On a captured machine nothing runs, and nothing is written.
 *
 * The kernel knows for sure, also of processes that are hidden here, in another PID namespace say.
 * /proc tells who it is; and whether, where a device file can be open while the group is not: one
 * that is not bound to an iommufd yet holds up an unbind as well (vfio_unregister_group_dev()), and
 * there may be no groups at all (CONFIG_VFIO_GROUP=n).
 */
static int refuse_one(const struct bus *bus, const struct dprc *dprc)
{
	const struct name_text name = name_text(&dprc->object->name);
	const int group = dprc->object->group;
	const int busy = group < 0 ? -ENOENT : vfio_group_is_busy(bus->sysfs, group);
	_cleanup_holders_ struct holders holders = { 0 };
	_cleanup_free_ char *sure = NULL;
	int r;

	if (!bus->sysfs->is_live)
		return 0;
	if (busy < 0 && busy != -ENOENT)
		return fail(-ERROR_FAILED, name.text,
			    "cannot tell whether its VFIO group %d is in use: %s", group,
			    error_text(busy));
	if (!busy && !vfio_has_device_nodes(bus->sysfs))
		return 0;
	r = vfio_use_load(bus, dprc, &holders);
	if (r < 0 && busy != 1)
		return fail(-ERROR_FAILED, name.text, "cannot tell whether it is in use: %s",
			    error_text(r));
	sure = vfio_use_list(&holders, true);
	if (sure)
		return fail(-ERROR_BUSY, name.text, "in use: %s; stop that program first", sure);
	if (busy == 1)
		return fail_suspecting(&holders, name.text, group);
	if (busy < 0 && vfio_is_used(&holders) < 0 && is_group_there(bus, group))
		return fail(-ERROR_BUSY, name.text,
			    "cannot tell whether its VFIO group %d is in use: /dev/vfio/%d is "
			    "missing here, and not every process can be examined; run this on the "
			    "host",
			    group, group);
	if (holders.is_complete || !vfio_has_device_nodes(bus->sysfs))
		return 0;
	return fail(-ERROR_BUSY, name.text,
		    "cannot tell whether a device file of it is open: not every process can be "
		    "examined; run this in the host's PID namespace, and end processes that have "
		    "very many files, mappings or threads");
}

int in_use_refuse(const struct bus *bus, const struct dprc *dprc)
{
	int r = refuse_one(bus, dprc);

	/* A DPRC inside has a group of its own, and is unbound with the one around it. */
	for (size_t i = 0; i < bus->n_objects && r >= 0; i++) {
		const struct dprc *nested = bus_find_dprc(bus, &bus->objects[i].name);

		if (nested && dprc_contains(dprc, &bus->objects[i]))
			r = refuse_one(bus, nested);
	}
	return r;
}

/* The device files of all that is in it, for nothing less tells. */
static bool has_device_in_use(const struct sysfs *sysfs, const struct change *change)
{
	_cleanup_holders_ struct holders holders = { 0 };
	_cleanup_bus_ struct bus *bus = NULL;
	const struct dprc *dprc;

	if (!vfio_has_device_nodes(sysfs) || bus_load(sysfs, &bus) < 0)
		return false;
	dprc = bus_find_dprc(bus, &change->name);
	return dprc && vfio_use_load(bus, dprc, &holders) >= 0 && vfio_is_used(&holders) == 1;
}

int in_use_refuse_unbind(const struct sysfs *sysfs, const struct change *change, bool speak)
{
	_cleanup_free_ char *group = NULL;
	bool is_busy = false;

	if (sysfs_read_link_name(change->dir, "iommu_group", &group) >= 0)
		is_busy = vfio_group_is_busy(sysfs, atoi(group)) == 1;
	if (!is_busy && !has_device_in_use(sysfs, change))
		return 0;
	return fail_aloud(speak, -ERROR_FAILED, name_text(&change->name).text,
			  "VFIO group %s has been opened by another process; unbind would "
			  "block; "
			  "'fslmc-vfio show' names it",
			  or_none(group));
}

int in_use_refuse_unfinished(const struct dprc *dprc, const char *remedy)
{
	if (dprc->object->driver || !dprc->n_objects)
		return 0;
	return fail(-ERROR_BUSY, name_text(&dprc->object->name).text,
		    "unbind in progress or hung: no driver bound, but %zu child objects remain; %s",
		    dprc->n_objects, remedy);
}
