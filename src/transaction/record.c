/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the records in /run/fslmc-vfio have in common. */
#include <errno.h>

#include <json-c/json.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "transaction/change.h"
#include "transaction/record.h"

/*
 * Of the files, not of the JSON output.  A newer one is refused: it may mean what we do not know.
 * That of 0.1.0 is as this one, but for what a DPRC has inside it knows no driver_override.
 */
#define RECORD_FORMAT 3
#define RECORD_FORMAT_0_1_0 2

/* Of those about containers that are made or destroyed. */
#define RECORD_FORMAT_MAKING 4

static const char boot_id_path[] = "proc/sys/kernel/random/boot_id";

static struct json_object *text_json(const char *text)
{
	return text ? json_object_new_string(text) : NULL;
}

static struct json_object *losses_json(const struct strings *losses)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < losses->n_texts; i++)
		json_object_array_add(json, json_object_new_string(losses->texts[i]));
	return json;
}

static int new_record(const struct transaction *transaction, int format,
		      struct json_object **ret_record)
{
	_cleanup_free_ char *boot_id = NULL;
	struct json_object *record;
	int r = sysfs_read(transaction->sysfs->root_fd, boot_id_path, &boot_id);

	if (r < 0)
		return r;
	record = json_object_new_object();
	json_object_object_add(record, "format", json_object_new_int(format));
	json_object_object_add(record, "boot_id", text_json(boot_id));
	json_object_object_add(record, "operation", text_json(transaction->operation));
	*ret_record = record;
	return 0;
}

int record_begin(const struct transaction *transaction, struct json_object **ret_record)
{
	return new_record(transaction, RECORD_FORMAT, ret_record);
}

int record_new_making(const struct transaction *transaction, const char *kind,
		      struct json_object **ret_record)
{
	int r = new_record(transaction, RECORD_FORMAT_MAKING, ret_record);

	if (r >= 0)
		json_object_object_add(*ret_record, "kind", text_json(kind));
	return r;
}

void record_set_making(struct json_object *record)
{
	json_object_object_add(record, "format", json_object_new_int(RECORD_FORMAT_MAKING));
}

int record_new(const struct transaction *transaction, struct json_object **ret_record)
{
	struct json_object *record;
	int r = record_begin(transaction, &record);

	if (r < 0)
		return r;
	json_object_object_add(record, "objects", snapshot_to_json(&transaction->snapshot));
	json_object_object_add(record, "overrides",
			       snapshot_overrides_to_json(&transaction->snapshot));
	json_object_object_add(record, "losses", losses_json(&transaction->expected_losses));
	*ret_record = record;
	return 0;
}

static int64_t format_of(struct json_object *record)
{
	struct json_object *format = json_object_object_get(record, "format");

	return json_object_is_type(format, json_type_int) ? json_object_get_int64(format) : 0;
}

static int check_boot(const struct sysfs *sysfs, struct json_object *record)
{
	_cleanup_free_ char *boot_id = NULL;
	int r;

	if (!record_text(record, "boot_id"))
		return -EBADMSG;
	r = sysfs_read(sysfs->root_fd, boot_id_path, &boot_id);
	if (r < 0)
		return r;
	return str_same(record_text(record, "boot_id"), boot_id) ? 0 : -ESTALE;
}

int record_check(const struct sysfs *sysfs, struct json_object *record)
{
	const int64_t format = format_of(record);

	return format == RECORD_FORMAT || format == RECORD_FORMAT_0_1_0 ? check_boot(sysfs, record)
									: -EBADMSG;
}

int record_check_making(const struct sysfs *sysfs, struct json_object *record)
{
	return format_of(record) == RECORD_FORMAT_MAKING ? check_boot(sysfs, record) : -EBADMSG;
}

int record_check_journal(const struct sysfs *sysfs, struct json_object *record)
{
	return (format_of(record) == RECORD_FORMAT_MAKING ? record_check_making
							  : record_check)(sysfs, record);
}

int record_write(const struct transaction *transaction, const char *file,
		 struct json_object *record)
{
	int r = rundir_write(&transaction->rundir, file, record);

	json_object_put(record);
	return r;
}

const char *record_text(struct json_object *json, const char *key)
{
	struct json_object *value = json_object_object_get(json, key);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

static struct json_object *binding_json(const struct binding *binding)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "driver", text_json(binding->driver));
	json_object_object_add(json, "driver_override", text_json(binding->driver_override));
	return json;
}

struct json_object *record_change(const struct change *change)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "name", text_json(name_text(&change->name).text));
	json_object_object_add(json, "path", text_json(change->path));
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
	struct json_object *icid = json_object_object_get(json, "icid");
	struct json_object *portal_id = json_object_object_get(json, "portal_id");

	if (!json_object_is_type(icid, json_type_int) ||
	    !json_object_is_type(portal_id, json_type_int))
		return -EBADMSG;
	*ret_identity = (struct identity){ .icid = json_object_get_int64(icid),
					   .portal_id = json_object_get_int64(portal_id) };
	return 0;
}

int record_read_losses(struct json_object *record, struct strings *ret_losses)
{
	struct json_object *losses = json_object_object_get(record, "losses");

	if (!json_object_is_type(losses, json_type_array))
		return -EBADMSG;
	for (size_t i = 0; i < json_object_array_length(losses); i++) {
		const char *loss = json_object_get_string(json_object_array_get_idx(losses, i));
		struct name name;

		if (!loss || name_parse(loss, &name) < 0)
			return -EBADMSG;
		strings_add(ret_losses, loss);
	}
	return 0;
}

int record_read_objects(struct json_object *record, struct snapshot *ret_snapshot)
{
	return snapshot_from_json(json_object_object_get(record, "objects"),
				  json_object_object_get(record, "overrides"), ret_snapshot);
}
