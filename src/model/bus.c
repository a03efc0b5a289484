/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fsl-mc bus as Linux shows it, loaded by sets. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/name_set.h"

/* Found in two sets: it moved between the two readings.  Never shown. */
#define GROUP_MOVED (-2)
static const char driver_moved[] = "";

struct object *bus_find(const struct bus *bus, const struct name *name)
{
	return object_index_find(&bus->index, bus->objects, name);
}

struct dprc *bus_find_dprc(const struct bus *bus, const struct name *name)
{
	size_t low = 0, high = bus->n_dprcs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = name_compare(name, &bus->dprcs[middle].object->name);

		if (order == 0)
			return &bus->dprcs[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

struct dprc *bus_root(const struct bus *bus)
{
	for (size_t i = 0; i < bus->n_dprcs; i++)
		if (bus->dprcs[i].is_root)
			return &bus->dprcs[i];
	return NULL;
}

bool bus_has_driver(const struct bus *bus, const char *driver)
{
	for (size_t i = 0; i < bus->n_drivers; i++)
		if (streq(bus->drivers[i], driver))
			return true;
	return false;
}

static void make_objects(struct bus *bus, struct name_set *names, size_t n_names)
{
	name_set_sort(names);
	bus->objects = xcalloc(n_names, sizeof(*bus->objects));
	for (size_t i = 0; i < names->n_types; i++)
		for (size_t n = 0; n < names->types[i].n_ids; n++) {
			struct object *object = &bus->objects[bus->n_objects++];

			memcpy(object->name.type, names->types[i].type, NAME_TYPE_SIZE);
			object->name.id = names->types[i].ids[n];
			object->group = GROUP_NONE;
		}
	object_index_make(bus->objects, bus->n_objects, &bus->index);
}

static int load_objects(struct bus *bus)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	_cleanup_name_set_ struct name_set names = { 0 };
	size_t n_names = 0;
	const char *text;
	int r = sysfs_dir_open(bus->fd, "devices", &entries);

	if (r < 0)
		return r;
	while ((r = sysfs_dir_next(&entries, &text)) > 0) {
		struct name name;

		if (name_parse(text, &name) < 0)
			continue;
		name_set_add(&names, &name);
		n_names++;
	}
	make_objects(bus, &names, n_names);
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

static void see_driver(struct object *object, const void *data)
{
	object->driver = object->driver ? driver_moved : data;
}

static void see_group(struct object *object, const void *data)
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
		r = for_each_object(bus, entries.fd, driver, see_driver, driver);
		/* A module may be unloaded while we look. */
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return r;
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
		const int group = atoi(text);

		r = for_each_object(bus, entries.fd, members, see_group, &group);
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
 * What the sets do not agree on is asked of the object itself.  No answer is not the answer that
 * it has no driver, or no group.
 */
static int look_singly(struct bus *bus, struct object *object)
{
	int r = 0;

	if (object->driver == driver_moved) {
		_cleanup_free_ char *link =
			xasprintf("devices/%s/driver", name_text(&object->name).text);
		_cleanup_free_ char *driver = NULL;

		r = sysfs_read_link_name(bus->fd, link, &driver);
		if (r < 0 && r != -ENOENT)
			return r;
		object->driver = r < 0 ? NULL : intern_driver(bus, driver);
	}
	if (object->group == GROUP_MOVED) {
		_cleanup_free_ char *link =
			xasprintf("devices/%s/iommu_group", name_text(&object->name).text);
		_cleanup_free_ char *group = NULL;

		r = sysfs_read_link_name(bus->fd, link, &group);
		if (r < 0 && r != -ENOENT)
			return r;
		object->group = r < 0 ? GROUP_NONE : atoi(group);
	}
	return 0;
}

/* "../../../devices/platform/X.fsl-mc/dprc.1" as a path below sys/. */
static const char *below_sys(const char *target)
{
	while (strncmp(target, "../", 3) == 0)
		target += 3;
	return target;
}

static int load_dprc(struct bus *bus, struct object *object)
{
	_cleanup_free_ char *link = xasprintf("devices/%s", name_text(&object->name).text);
	_cleanup_free_ char *target = NULL;
	struct dprc *dprc;
	int r = sysfs_read_link(bus->fd, link, &target);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	bus->dprcs = xrealloc(bus->dprcs, bus->n_dprcs + 1, sizeof(*dprc));
	dprc = &bus->dprcs[bus->n_dprcs++];
	*dprc = (struct dprc){ .object = object, .path = xstrdup(below_sys(target)) };
	return 0;
}

/* The parent is the directory above, if that is a DPRC: containment is nesting. */
static void find_parent(struct bus *bus, struct dprc *dprc)
{
	_cleanup_free_ char *path = xstrdup(dprc->path);
	struct name name;
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
	slash = strrchr(path, '/');
	dprc->is_root = !slash || name_parse(slash + 1, &name) < 0;
	dprc->parent = dprc->is_root ? NULL : bus_find_dprc(bus, &name);
}

static void see_child(struct object *object, const void *data) { object->container = data; }

static int load_containers(struct bus *bus)
{
	int r = 0;

	for (size_t i = 0; i < bus->n_objects && r >= 0; i++)
		if (name_is_dprc(&bus->objects[i].name))
			r = load_dprc(bus, &bus->objects[i]);
	for (size_t i = 0; i < bus->n_dprcs && r >= 0; i++) {
		find_parent(bus, &bus->dprcs[i]);
		r = for_each_object(bus, bus->sysfs->fd, bus->dprcs[i].path, see_child,
				    &bus->dprcs[i]);
		if (r == -ENOENT)
			r = 0;
	}
	for (size_t i = 0; i < bus->n_objects; i++)
		if (bus->objects[i].container)
			((struct dprc *)bus->objects[i].container)->n_objects++;
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
		r = look_singly(bus, &bus->objects[i]);
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
	object_index_done(&bus->index);
	mc_inventory_free(bus->mc);
	close_pointer(&bus->fd);
	free(bus);
}
