/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a change is written down in the records. */
#include <errno.h>

#include <json-c/json.h>

#include "base/util.h"
#include "transaction/change.h"
#include "transaction/record.h"

static struct json_object *binding_json(const struct binding *binding)
{
	struct json_object *json = json_object_new_object();

	record_add_text(json, "driver", binding->driver);
	record_add_text(json, "driver_override", binding->driver_override);
	return json;
}

struct json_object *record_change(const struct change *change)
{
	struct json_object *json = json_object_new_object();

	record_add_text(json, "name", name_text(&change->name).text);
	record_add_text(json, "path", change->path);
	json_object_object_add(json, "inode", json_object_new_int64((int64_t)change->inode));
	json_object_object_add(json, "icid", json_object_new_int64(change->identity.icid));
	json_object_object_add(json, "portal_id",
			       json_object_new_int64(change->identity.portal_id));
	json_object_object_add(json, "before", binding_json(&change->before));
	json_object_object_add(json, "after", binding_json(&change->after));
	json_object_object_add(json, "rescans", json_object_new_boolean(change->rescans));
	json_object_object_add(json, "locked_before",
			       json_object_new_boolean(change->locked_before));
	json_object_object_add(json, "locked_after", json_object_new_boolean(change->locked_after));
	json_object_object_add(json, "owner_before", ownership_to_json(&change->owner_before));
	json_object_object_add(json, "owner_after", ownership_to_json(&change->owner_after));
	json_object_object_add(json, "interfaces", record_strings(&change->interfaces));
	return json;
}

void record_read_locks(struct json_object *json, struct change *change)
{
	change->locked_before =
		json_object_get_boolean(json_object_object_get(json, "locked_before"));
	change->locked_after =
		json_object_get_boolean(json_object_object_get(json, "locked_after"));
	/* How far a run came with it, no record says. */
	change->lock = change->locked_before || change->locked_after ? LOCK_UNKNOWN : LOCK_OFF;
}

/* They are for a message only, so what does not look like one is left out. */
void record_read_interfaces(struct json_object *json, struct change *change)
{
	struct json_object *array = json_object_object_get(json, "interfaces");
	const bool is_array = json_object_is_type(array, json_type_array);

	for (size_t i = 0; is_array && i < json_object_array_length(array); i++) {
		const char *text = json_object_get_string(json_object_array_get_idx(array, i));

		if (text && strchr(text, ' '))
			strings_add(&change->interfaces, text);
	}
}

bool record_is_of(struct json_object *json, const struct change *change)
{
	return (uint64_t)json_object_get_int64(json_object_object_get(json, "inode")) ==
	       change->inode;
}

int record_check_device(struct json_object *json, const struct identity *identity, uint64_t inode)
{
	struct identity was;
	int r = record_read_identity(json, &was);

	if (r < 0)
		return r;
	return identity_matches(&was, identity) &&
			       (uint64_t)json_object_get_int64(
				       json_object_object_get(json, "inode")) == inode
		       ? 0
		       : -ESTALE;
}

/* Of a path that leads nowhere else: in the tree of devices, and to a device of that name. */
static bool is_path_of(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return strncmp(path, "devices/", strlen("devices/")) == 0 && !strstr(path, "/../") &&
	       streq(slash + 1, name);
}

int record_read_place(struct json_object *json, struct name *ret_name, const char **ret_path)
{
	const char *name = record_text(json, "name"), *path = record_text(json, "path");

	if (!name || !path || name_parse(name, ret_name) < 0 || !is_path_of(path, name))
		return -EBADMSG;
	*ret_path = path;
	return 0;
}

/* A member that is a string or null. */
static int read_text(struct json_object *json, const char *key, const char **ret_text)
{
	struct json_object *value;

	if (!json_object_object_get_ex(json, key, &value) ||
	    (value && !json_object_is_type(value, json_type_string)))
		return -EBADMSG;
	*ret_text = value ? json_object_get_string(value) : NULL;
	return 0;
}

int record_read_binding(struct json_object *json, const char *key, struct binding *ret_binding)
{
	struct json_object *binding = json_object_object_get(json, key);
	const char *driver, *driver_override;

	if (!json_object_is_type(binding, json_type_object) ||
	    read_text(binding, "driver", &driver) < 0 ||
	    read_text(binding, "driver_override", &driver_override) < 0 ||
	    (driver && !driver_name_is_valid(driver)))
		return -EBADMSG;
	*ret_binding = (struct binding){
		.driver = driver ? xstrdup(driver) : NULL,
		.driver_override = driver_override ? xstrdup(driver_override) : NULL,
	};
	return 0;
}

int record_read_identity(struct json_object *json, struct identity *ret_identity)
{
	struct identity identity = { 0 };

	if (record_read_number(json, "icid", IDENTITY_UNKNOWN, UINT32_MAX, &identity.icid) < 0 ||
	    record_read_number(json, "portal_id", IDENTITY_UNKNOWN, UINT32_MAX,
			       &identity.portal_id) < 0)
		return -EBADMSG;
	*ret_identity = identity;
	return 0;
}
