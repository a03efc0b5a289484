/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which object had which driver. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/clock.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "transaction/snapshot.h"

#define PATIENCE_MS 2000 /* with an attribute that answers at once, or is stuck */

void snapshot_take(const struct bus *bus, struct snapshot *ret_snapshot)
{
	struct snapshot_entry *entries = xcalloc(bus->n_objects, sizeof(*entries));

	for (size_t i = 0; i < bus->n_objects; i++) {
		const struct object *object = &bus->objects[i];

		entries[i].name = object->name;
		if (object->container)
			entries[i].container = object->container->object->name;
		entries[i].driver = object->driver ? xstrdup(object->driver) : NULL;
	}
	*ret_snapshot = (struct snapshot){ .entries = entries, .n_entries = bus->n_objects };
}

void snapshot_done(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->n_entries; i++) {
		free(snapshot->entries[i].driver);
		free(snapshot->entries[i].driver_override);
	}
	free(snapshot->entries);
	*snapshot = (struct snapshot){ 0 };
}

static char *override_path(const struct snapshot_entry *entry, const struct bus *bus)
{
	const struct dprc *container = bus_find_dprc(bus, &entry->container);

	return container ? xasprintf("%s/%s/driver_override", container->path,
				     name_text(&entry->name).text)
			 : NULL;
}

int snapshot_read_overrides(struct snapshot *snapshot, const struct bus *bus,
			    const struct name *dprc)
{
	_cleanup_strings_ struct strings paths = { 0 };
	_cleanup_free_ struct snapshot_entry **entries =
		xcalloc(snapshot->n_entries, sizeof(struct snapshot_entry *));
	_cleanup_free_ char **texts = NULL;
	int r;

	for (size_t i = 0; i < snapshot->n_entries; i++) {
		struct snapshot_entry *entry = &snapshot->entries[i];
		_cleanup_free_ char *path = NULL;

		if (name_equal(&entry->name, dprc) || !snapshot_is_inside(snapshot, entry, dprc))
			continue;
		path = override_path(entry, bus);
		if (!path)
			continue;
		entries[paths.n_texts] = entry;
		strings_add(&paths, path);
	}
	texts = xcalloc(paths.n_texts, sizeof(*texts));
	r = sysfs_read_many_timeout(bus->sysfs->fd, &paths, clock_now_ms() + PATIENCE_MS, texts);
	for (size_t i = 0; i < paths.n_texts && r >= 0; i++) {
		const char *driver_override = texts[i] ? driver_override_parse(texts[i]) : NULL;

		entries[i]->driver_override = driver_override ? xstrdup(driver_override) : NULL;
		free(texts[i]);
	}
	return r;
}

void snapshot_copy_places(const struct snapshot *snapshot, struct snapshot *ret_places)
{
	struct snapshot_entry *entries = xcalloc(snapshot->n_entries, sizeof(*entries));

	for (size_t i = 0; i < snapshot->n_entries; i++) {
		entries[i].name = snapshot->entries[i].name;
		entries[i].container = snapshot->entries[i].container;
	}
	*ret_places = (struct snapshot){ .entries = entries,
					 .n_entries = snapshot->n_entries,
					 .has_places_only = true };
}

enum snapshot_difference snapshot_compare(const struct snapshot_entry *entry, const struct bus *bus)
{
	static const struct name none;
	const struct object *object = bus_find(bus, &entry->name);

	if (!object || !name_equal(object->container ? &object->container->object->name : &none,
				   &entry->container))
		return SNAPSHOT_GONE;
	if (str_same(object->driver, entry->driver))
		return SNAPSHOT_SAME;
	return object->driver ? SNAPSHOT_GAINED : SNAPSHOT_LOST;
}

const struct snapshot_entry *snapshot_find(const struct snapshot *snapshot, const struct name *name)
{
	for (size_t i = 0; i < snapshot->n_entries; i++)
		if (name_equal(&snapshot->entries[i].name, name))
			return &snapshot->entries[i];
	return NULL;
}

const struct snapshot_entry *snapshot_first_in(const struct snapshot *snapshot,
					       const struct name *dprc)
{
	for (size_t i = 0; i < snapshot->n_entries; i++)
		if (name_equal(&snapshot->entries[i].container, dprc))
			return &snapshot->entries[i];
	return NULL;
}

bool snapshot_is_inside(const struct snapshot *snapshot, const struct snapshot_entry *entry,
			const struct name *dprc)
{
	/* A record read from a file might go round in circles; no tree is deeper than it has nodes.
	 */
	for (size_t depth = 0; entry && depth <= snapshot->n_entries; depth++) {
		if (name_equal(&entry->name, dprc))
			return true;
		entry = snapshot_find(snapshot, &entry->container);
	}
	return false;
}

/* The member of json with that key; made with make_new if there is none. */
static struct json_object *member(struct json_object *json, const char *key,
				  struct json_object *(*make_new)(void))
{
	struct json_object *found = json_object_object_get(json, key);

	if (!found) {
		found = make_new();
		json_object_object_add(json, key, found);
	}
	return found;
}

/* {"dprc.1": {"fsl_mc_dpio": ["dpio.1"], "": ["dpni.1"]}}: by container and driver, "" for none. */
struct json_object *snapshot_to_json(const struct snapshot *snapshot)
{
	struct json_object *json = json_object_new_object();

	for (size_t i = 0; i < snapshot->n_entries; i++) {
		const struct snapshot_entry *entry = &snapshot->entries[i];
		const struct name_text container = *entry->container.type
							   ? name_text(&entry->container)
							   : (struct name_text){ "" };
		struct json_object *drivers = member(json, container.text, json_object_new_object);

		json_object_array_add(member(drivers, entry->driver ? entry->driver : "",
					     json_object_new_array),
				      json_object_new_string(name_text(&entry->name).text));
	}
	return json;
}

struct json_object *snapshot_overrides_to_json(const struct snapshot *snapshot)
{
	struct json_object *json = json_object_new_object();

	for (size_t i = 0; i < snapshot->n_entries; i++) {
		const struct snapshot_entry *entry = &snapshot->entries[i];

		if (entry->driver_override)
			json_object_object_add(json, name_text(&entry->name).text,
					       json_object_new_string(entry->driver_override));
	}
	return json;
}

static int add_objects(struct snapshot *snapshot, const struct name *container, const char *driver,
		       struct json_object *names)
{
	size_t n;

	if (!json_object_is_type(names, json_type_array) ||
	    (*driver && !driver_name_is_valid(driver)))
		return -EBADMSG;
	n = json_object_array_length(names);
	snapshot->entries =
		xrealloc(snapshot->entries, snapshot->n_entries + n, sizeof(*snapshot->entries));
	for (size_t i = 0; i < n; i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(names, i));
		struct snapshot_entry entry = { .container = *container };

		if (!name || name_parse(name, &entry.name) < 0)
			return -EBADMSG;
		entry.driver = *driver ? xstrdup(driver) : NULL;
		snapshot->entries[snapshot->n_entries++] = entry;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct snapshot_entry *first = a, *second = b;

	return name_compare(&first->name, &second->name);
}

static int add_overrides(struct snapshot *snapshot, struct json_object *json)
{
	if (!json)
		return 0;
	if (!json_object_is_type(json, json_type_object))
		return -EBADMSG;
	json_object_object_foreach (json, text, driver_override) {
		struct snapshot_entry *entry;
		struct name name;

		if (name_parse(text, &name) < 0 ||
		    !json_object_is_type(driver_override, json_type_string))
			return -EBADMSG;
		entry = (struct snapshot_entry *)snapshot_find(snapshot, &name);
		if (!entry || entry->driver_override)
			return -EBADMSG;
		entry->driver_override = xstrdup(json_object_get_string(driver_override));
	}
	return 0;
}

int snapshot_from_json(struct json_object *json, struct json_object *overrides,
		       struct snapshot *ret_snapshot)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = { 0 };
	int r;

	if (!json_object_is_type(json, json_type_object))
		return -EBADMSG;
	json_object_object_foreach (json, container_name, drivers) {
		struct name container = { 0 };

		if (*container_name && name_parse(container_name, &container) < 0)
			return -EBADMSG;
		if (!json_object_is_type(drivers, json_type_object))
			return -EBADMSG;
		json_object_object_foreach (drivers, driver, names) {
			r = add_objects(&snapshot, &container, driver, names);
			if (r < 0)
				return r;
		}
	}
	if (snapshot.n_entries)
		qsort(snapshot.entries, snapshot.n_entries, sizeof(*snapshot.entries), by_name);
	r = add_overrides(&snapshot, overrides);
	if (r < 0)
		return r;
	*ret_snapshot = snapshot;
	snapshot = (struct snapshot){ 0 };
	return 0;
}
