/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A DPRC: a container of objects. */
#include <errno.h>
#include <stdlib.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/object.h"

const char *driver_override_parse(const char *text)
{
	return streq(text, "(null)") || !*text ? NULL : text;
}

bool driver_name_is_valid(const char *text)
{
	return *text && !strchr(text, '/') && !streq(text, ".") && !streq(text, "..");
}

int binding_load(int dir, int64_t deadline, struct binding *ret_binding)
{
	_cleanup_free_ char *driver = NULL, *text = NULL;
	const char *driver_override;
	int r = sysfs_read_link_name(dir, "driver", &driver);

	if (r < 0 && r != -ENOENT)
		return r;
	r = sysfs_read_timeout(dir, "driver_override", deadline, &text);
	if (r < 0)
		return r;
	driver_override = driver_override_parse(text);
	*ret_binding = (struct binding){
		.driver = take_pointer(driver),
		.driver_override = driver_override ? xstrdup(driver_override) : NULL,
	};
	return 0;
}

void binding_done(struct binding *binding)
{
	free(binding->driver);
	free(binding->driver_override);
	*binding = (struct binding){ 0 };
}

bool binding_equal(const struct binding *a, const struct binding *b)
{
	return str_same(a->driver, b->driver) && str_same(a->driver_override, b->driver_override);
}

bool dprc_is_unplugged(const struct dprc *dprc)
{
	const struct mc_object *mc = dprc->object->mc;

	return mc && !(mc->state & MC_OBJ_PLUGGED);
}

bool dprc_is_gone(const struct dprc *dprc)
{
	const struct mc_container *around = dprc->parent ? dprc->parent->mc : NULL;

	return !dprc->object->mc && around && !around->error && around->is_complete;
}

bool dprc_contains(const struct dprc *dprc, const struct object *object)
{
	for (const struct dprc *at = object->container; at; at = at->parent)
		if (at == dprc)
			return true;
	return false;
}

bool dprc_has_device(const struct bus *bus, const struct dprc *dprc, const char *device)
{
	const struct object *object;
	struct name name;

	if (name_parse(device, &name) < 0)
		return false;
	object = bus_find(bus, &name);
	return object && (object == dprc->object || dprc_contains(dprc, object));
}

bool dprc_is_unscanned(const struct dprc *dprc)
{
	return !dprc->object->driver && !dprc->n_objects;
}

bool dprc_is_split_off(const struct object *object)
{
	const int group = object->container ? object->container->object->group : GROUP_NONE;

	if (group < 0 || name_is_dprc(&object->name))
		return false;
	return object->group < 0 ? object->driver != NULL : object->group != group;
}

const struct dprc *dprc_root(const struct dprc *dprc)
{
	while (dprc && !dprc->is_root)
		dprc = dprc->parent;
	return dprc;
}

char *dprc_mc_path(const struct dprc *dprc, const char *name)
{
	const struct dprc *root = dprc_root(dprc);
	const char *slash = root ? strrchr(root->path, '/') : NULL;

	return slash ? xasprintf("%.*s/%s", (int)(slash - root->path), root->path, name) : NULL;
}
