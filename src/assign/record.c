/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the records in /run/fslmc-vfio have in common. */
#include <errno.h>

#include <json-c/json.h>

#include "assign/change.h"
#include "assign/record.h"
#include "base/util.h"
#include "kernel/sysfs.h"

/* Of the files, not of the JSON output.  A newer one is refused: it may mean what we do not know.
 */
#define RECORD_FORMAT 2

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

int record_new(const struct transaction *transaction, struct json_object *objects,
	       struct json_object **ret_record)
{
	_cleanup_free_ char *boot_id = NULL;
	struct json_object *record;
	int r = sysfs_read(transaction->sysfs->root_fd, boot_id_path, &boot_id);

	if (r < 0)
		return r;
	record = json_object_new_object();
	json_object_object_add(record, "format", json_object_new_int(RECORD_FORMAT));
	json_object_object_add(record, "boot_id", text_json(boot_id));
	json_object_object_add(record, "operation", text_json(transaction->operation));
	json_object_object_add(record, "objects", json_object_get(objects));
	json_object_object_add(record, "losses", losses_json(&transaction->expected_losses));
	*ret_record = record;
	return 0;
}

int record_check(const struct transaction *transaction, struct json_object *record)
{
	_cleanup_free_ char *boot_id = NULL;
	int r = sysfs_read(transaction->sysfs->root_fd, boot_id_path, &boot_id);

	if (r < 0)
		return r;
	if (json_object_get_int(json_object_object_get(record, "format")) != RECORD_FORMAT)
		return -EBADMSG;
	return str_same(record_text(record, "boot_id"), boot_id) ? 0 : -ESTALE;
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
	json_object_object_add(json, "owner_before", ownership_to_json(&change->owner_before));
	json_object_object_add(json, "owner_after", ownership_to_json(&change->owner_after));
	return json;
}

bool record_is_of(struct json_object *json, const struct change *change)
{
	return (uint64_t)json_object_get_int64(json_object_object_get(json, "inode")) ==
	       change->inode;
}

void record_read_binding(struct json_object *json, const char *key, struct binding *ret_binding)
{
	struct json_object *binding = json_object_object_get(json, key);
	const char *driver = record_text(binding, "driver");
	const char *driver_override = record_text(binding, "driver_override");

	*ret_binding = (struct binding){
		.driver = driver ? xstrdup(driver) : NULL,
		.driver_override = driver_override ? xstrdup(driver_override) : NULL,
	};
}

void record_read_losses(struct json_object *record, struct strings *ret_losses)
{
	struct json_object *losses = json_object_object_get(record, "losses");

	if (!json_object_is_type(losses, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(losses); i++) {
		const char *loss = json_object_get_string(json_object_array_get_idx(losses, i));

		if (loss)
			strings_add(ret_losses, loss);
	}
}
