/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Causes and hints for an MC that cannot be queried. */
#include <errno.h>
#include <stdio.h>

#include "base/log.h"
#include "base/util.h"
#include "kernel/mc.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "rules/mc_trouble.h"

#define STOP "stop the program that has the root DPRC's node below /dev open"

/* The errnos mean other things once the node is open: there they are the MC's own status. */
struct mc_trouble mc_trouble_of_open(int error)
{
	switch (error) {
	case -ENOENT:
		return (struct mc_trouble){
			"there is no such node (it takes Linux 5.12 with "
			"CONFIG_FSL_MC_UAPI_SUPPORT)",
			"boot a kernel with CONFIG_FSL_MC_UAPI_SUPPORT, Linux 5.12 or newer"
		};
	case -EACCES:
		return (struct mc_trouble){ "no permission to open it; root has it",
					    "run it as root" };
	/* Not by its mode: devcgroup_check_permission(), for root as well. */
	case -EPERM:
		return (struct mc_trouble){
			"the container, or the service, that this runs in may not open it",
			"permit it there (docker run --device, DeviceAllow=), or run it outside"
		};
	case -ENXIO:
		return (struct mc_trouble){
			"another program, such as restool, has it open, and no DPMCP is free", STOP
		};
	/* Before Linux 6.16 only one program can have it open. */
	case -EBUSY:
	case -EINVAL:
		return (struct mc_trouble){ "another program, such as restool, has it open", STOP };
	default:
		return (struct mc_trouble){ 0, "see the kernel log" };
	}
}

const char *mc_error_text(int error)
{
	static char text[64];
	const char *status = mc_status_name(error);

	if (!status)
		return error_text(error);
	snprintf(text, sizeof(text), "MC status %s", status);
	return text;
}

struct mc_trouble mc_trouble_of_command(int error)
{
	switch (error) {
	case -ETIMEDOUT:
		return (struct mc_trouble){
			"the MC does not answer",
			"try again; if the MC stays silent, only a reboot of the board helps"
		};
	case -EBUSY:
		return (struct mc_trouble){ "the MC is busy", "try again" };
	default:
		return (struct mc_trouble){
			mc_error_text(error),
			"try again; if it stays so, see the log of the MC firmware"
		};
	}
}

/* The kernel has it, but this /dev does not. */
static bool is_node_missing(const struct bus *bus)
{
	_cleanup_free_ char *path =
		xasprintf("class/misc/%s/dev", name_text(&bus_root(bus)->object->name).text);

	return bus->mc_error == -ENOENT && sysfs_exists(bus->sysfs->fd, path);
}

struct mc_trouble mc_trouble_of_bus(const struct bus *bus)
{
	if (!bus_root(bus))
		return (struct mc_trouble){ "the bus has no root DPRC", "see the kernel log" };
	if (!bus->mc_was_opened && is_node_missing(bus))
		return (struct mc_trouble){
			"the kernel has it, but it is missing in this /dev",
			"in a container, pass it in (docker run --device), or run it outside"
		};
	return bus->mc_was_opened || bus->mc_error == -ETIMEDOUT
		       ? mc_trouble_of_command(bus->mc_error)
		       : mc_trouble_of_open(bus->mc_error);
}
