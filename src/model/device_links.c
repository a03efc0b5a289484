/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device links of an object. */
#include "model/device_links.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/name.h"

/*
 * "fsl-mc:dpni.1", see device_link_add() and devlink_add_symlinks(); before Linux 5.12 without the
 * bus, and there any name that parses is one of ours.
 */
static int parse_end(const char *text, struct name *ret_name)
{
	static const char bus[] = "fsl-mc:";

	if (strncmp(text, bus, strlen(bus)) == 0)
		text += strlen(bus);
	return name_parse(text, ret_name);
}

static void see(const char *entry, const char *prefix, struct strings *names)
{
	struct name name;

	if (strncmp(entry, prefix, strlen(prefix)) == 0 &&
	    parse_end(entry + strlen(prefix), &name) == 0)
		strings_add(names, name_text(&name).text);
}

int device_links_load(const struct bus *bus, const struct object *object,
		      struct device_links *ret_links)
{
	_cleanup_free_ char *path =
		xasprintf("bus/fsl-mc/devices/%s", name_text(&object->name).text);
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	_cleanup_device_links_ struct device_links links = { 0 };
	const char *entry;
	int r = sysfs_dir_open(bus->sysfs->fd, path, &entries);

	if (r < 0)
		return r;
	while ((r = sysfs_dir_next(&entries, &entry)) > 0) {
		see(entry, "consumer:", &links.consumers);
		see(entry, "supplier:", &links.suppliers);
	}
	if (r < 0)
		return r;
	strings_sort(&links.consumers);
	strings_sort(&links.suppliers);
	*ret_links = links;
	links = (struct device_links){ 0 };
	return 0;
}

void device_links_done(struct device_links *links)
{
	strings_done(&links->consumers);
	strings_done(&links->suppliers);
}
