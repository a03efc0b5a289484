/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"

/* Found in two sets: it moved between the two readings.  Never shown. */
#define GROUP_MOVED (-2)
static const char driver_moved[] = "";
static struct dprc container_moved;

static int object_by_name(const void *a, const void *b)
{
	return name_compare(&((const struct object *)a)->name, &((const struct object *)b)->name);
}

static int load_objects(struct bus *bus)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	const char *text;
	int r = sysfs_dir_open(bus->fd, "devices", &entries);

	if (r < 0)
		return r;
	while ((r = sysfs_dir_next(&entries, &text)) > 0) {
		struct object object = { .group = GROUP_NONE };

		if (name_parse(text, &object.name) < 0)
			continue;
		bus->objects = xrealloc(bus->objects, bus->n_objects + 1, sizeof(object));
		bus->objects[bus->n_objects++] = object;
	}
	if (bus->n_objects)
		qsort(bus->objects, bus->n_objects, sizeof(*bus->objects), object_by_name);
	return r;
}

/* Calls visit for every object of the bus that is listed in a directory. */
static int for_each_object(struct bus *bus, int dir, const char *path,
			   void (*visit)(struct object *object, const void *data), const void *data)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	const char *text;
	int r = sysfs_dir_open(dir, path, &entries);

	if (r < 0)
		return r;
	while ((r = sysfs_dir_next(&entries, &text)) > 0) {
		struct object *object;
		struct name name;

		if (name_parse(text, &name) < 0)
			continue;
		object = bus_find(bus, &name);
		if (object)
			visit(object, data);
	}
	return r;
}

static void note_driver(struct object *object, const void *data)
{
	object->driver = object->driver ? driver_moved : data;
}

static void note_group(struct object *object, const void *data)
{
	object->group = object->group == GROUP_NONE ? *(const int *)data : GROUP_MOVED;
}

static int load_drivers(struct bus *bus)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	const char *text;
	int r = sysfs_dir_open(bus->fd, "drivers", &entries);

	if (r < 0)
		return r;
	while ((r = sysfs_dir_next(&entries, &text)) > 0) {
		char *driver = xstrdup(text);

		bus->drivers = xrealloc(bus->drivers, bus->n_drivers + 1, sizeof(*bus->drivers));
		bus->drivers[bus->n_drivers++] = driver;
		r = for_each_object(bus, entries.fd, driver, note_driver, driver);
		/* A module may be unloaded while we look. */
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return r;
}

static int parse_group(const char *text)
{
	unsigned int number;

	return str_number(text, INT_MAX, &number) ? (int)number : GROUP_NONE;
}

static int load_groups(struct bus *bus)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	const char *text;
	int r = sysfs_dir_open(bus->sysfs->fd, "kernel/iommu_groups", &entries);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	while ((r = sysfs_dir_next(&entries, &text)) > 0) {
		_cleanup_free_ char *members = xasprintf("%s/devices", text);
		const int group = parse_group(text);

		if (group == GROUP_NONE)
			continue;
		r = for_each_object(bus, entries.fd, members, note_group, &group);
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return r;
}

static const char *intern_driver(const struct bus *bus, const char *driver)
{
	for (size_t i = 0; i < bus->n_drivers; i++)
		if (streq(bus->drivers[i], driver))
			return bus->drivers[i];
	return NULL;
}

/*
 * The last component of a link of the object, in a new string; NULL: it has none.  From sys/ on,
 * for the path leads through bus/fsl-mc/devices/NAME and so out of bus/fsl-mc.
 */
static int read_link_of(const struct bus *bus, const struct object *object, const char *link,
			char **ret_name)
{
	_cleanup_free_ char *path =
		xasprintf("bus/fsl-mc/devices/%s/%s", name_text(&object->name).text, link);
	int r = sysfs_read_link_name(bus->sysfs->fd, path, ret_name);

	return r == -ENOENT ? 0 : r;
}

/*
 * What the sets do not agree on is asked of the object itself.  No answer is not the answer that
 * it has no driver, or no group.
 */
static int reread_object(struct bus *bus, struct object *object)
{
	_cleanup_free_ char *driver = NULL, *group = NULL;
	int r = 0;

	if (object->driver == driver_moved) {
		r = read_link_of(bus, object, "driver", &driver);
		object->driver = driver ? intern_driver(bus, driver) : NULL;
	}
	if (r >= 0 && object->group == GROUP_MOVED) {
		r = read_link_of(bus, object, "iommu_group", &group);
		object->group = group ? parse_group(group) : GROUP_NONE;
	}
	return r;
}

/*
 * The directory of an object, below sys/, by its link in bus/fsl-mc/devices:
 * "../../../devices/platform/X.fsl-mc/dprc.1".  -ENOENT: it is gone.  -EBADMSG: the link leads to
 * something else, as in a damaged capture.
 */
static int load_path(int devices, const struct object *object, char **ret_path)
{
	const struct name_text name = name_text(&object->name);
	_cleanup_free_ char *target = NULL;
	const char *path, *slash;
	int r = sysfs_read_link(devices, name.text, &target);

	if (r < 0)
		return r;
	for (path = target; strncmp(path, "../", strlen("../")) == 0; path += strlen("../"))
		;
	slash = strrchr(path, '/');
	if (strncmp(path, "devices/", strlen("devices/")) != 0 || !streq(slash + 1, name.text))
		return -EBADMSG;
	*ret_path = xstrdup(path);
	return 0;
}

static int load_dprcs(struct bus *bus, int devices)
{
	for (size_t i = 0; i < bus->n_objects; i++) {
		struct dprc dprc = { .object = &bus->objects[i] };
		int r;

		if (!name_is_dprc(&dprc.object->name))
			continue;
		r = load_path(devices, dprc.object, &dprc.path);
		if (r == -ENOENT)
			continue;
		if (r < 0)
			return r;
		bus->dprcs = xrealloc(bus->dprcs, bus->n_dprcs + 1, sizeof(dprc));
		bus->dprcs[bus->n_dprcs++] = dprc;
	}
	return 0;
}

/*
 * The DPRC whose directory is the one above path.  Containment is nesting of directories, and a
 * container's path is shorter than those of its contents: so the model is a tree, whatever the
 * links say.  *ret_is_outermost: the directory above is not an object's.
 */
static struct dprc *find_container(const struct bus *bus, const char *path, bool *ret_is_outermost)
{
	_cleanup_free_ char *above = xasprintf("%.*s", (int)(strrchr(path, '/') - path), path);
	struct dprc *dprc = NULL;
	struct name name;

	*ret_is_outermost = name_parse(basename(above), &name) < 0;
	if (!*ret_is_outermost)
		dprc = bus_find_dprc(bus, &name);
	return dprc && streq(dprc->path, above) ? dprc : NULL;
}

/* The place of a DPRC is by its own link alone: by that it was found not to be in itself. */
static void note_container(struct object *object, const void *data)
{
	if (!name_is_dprc(&object->name))
		object->container = object->container ? &container_moved : data;
}

/* What is in the directory of each DPRC. */
static int load_contents(struct bus *bus)
{
	for (size_t i = 0; i < bus->n_dprcs; i++) {
		struct dprc *dprc = &bus->dprcs[i];
		int r = for_each_object(bus, bus->sysfs->fd, dprc->path, note_container, dprc);

		/* A DPRC may disappear while we look. */
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return 0;
}

/* An object that is in the directory of no DPRC, or of several: its own link decides. */
static int reread_container(const struct bus *bus, int devices, struct object *object)
{
	_cleanup_free_ char *path = NULL;
	bool is_outermost;
	int r;

	if (object->container && object->container != &container_moved)
		return 0;
	object->container = NULL;
	r = load_path(devices, object, &path);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	object->container = find_container(bus, path, &is_outermost);
	return 0;
}

static int load_containers(struct bus *bus)
{
	_cleanup_close_ int devices = sysfs_open_at(bus->fd, "devices", O_PATH | O_DIRECTORY);
	int r = devices < 0 ? devices : load_dprcs(bus, devices);

	for (size_t i = 0; i < bus->n_dprcs && r >= 0; i++) {
		struct dprc *dprc = &bus->dprcs[i];

		dprc->parent = find_container(bus, dprc->path, &dprc->is_root);
		dprc->object->container = dprc->parent;
	}
	if (r >= 0)
		r = load_contents(bus);
	for (size_t i = 0; i < bus->n_objects && r >= 0; i++) {
		struct object *object = &bus->objects[i];

		if (!name_is_dprc(&object->name))
			r = reread_container(bus, devices, object);
		if (object->container)
			bus_find_dprc(bus, &object->container->object->name)->n_objects++;
	}
	return r;
}

int bus_load(const struct sysfs *sysfs, struct bus **ret_bus)
{
	_cleanup_bus_ struct bus *bus = xcalloc(1, sizeof(*bus));
	int r;

	bus->sysfs = sysfs;
	bus->fd = sysfs_open_at(sysfs->fd, "bus/fsl-mc", O_PATH | O_DIRECTORY);
	if (bus->fd < 0)
		return bus->fd;
	r = load_objects(bus);
	if (r >= 0)
		r = load_drivers(bus);
	if (r >= 0)
		r = load_groups(bus);
	if (r >= 0)
		r = load_containers(bus);
	for (size_t i = 0; i < bus->n_objects && r >= 0; i++)
		r = reread_object(bus, &bus->objects[i]);
	if (r < 0)
		return r;
	*ret_bus = take_pointer(bus);
	return 0;
}

void bus_free(struct bus *bus)
{
	if (!bus)
		return;
	for (size_t i = 0; i < bus->n_dprcs; i++)
		free(bus->dprcs[i].path);
	for (size_t i = 0; i < bus->n_drivers; i++)
		free(bus->drivers[i]);
	free(bus->dprcs);
	free(bus->drivers);
	free(bus->objects);
	mc_inventory_free(bus->mc);
	close_pointer(&bus->fd);
	free(bus);
}
