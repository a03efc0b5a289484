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

static const char boot_id_path[] = "proc/sys/kernel/random/boot_id";

void record_add_text(struct json_object *json, const char *key, const char *text)
{
	json_object_object_add(json, key, text ? json_object_new_string(text) : NULL);
}

struct json_object *record_strings(const struct strings *strings)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < strings->n_texts; i++)
		json_object_array_add(json, json_object_new_string(strings->texts[i]));
	return json;
}

int record_begin(const struct transaction *transaction, struct json_object **ret_record)
{
	_cleanup_free_ char *boot_id = NULL;
	struct json_object *record;
	int r = sysfs_read(transaction->sysfs->root_fd, boot_id_path, &boot_id);

	if (r < 0)
		return r;
	record = json_object_new_object();
	json_object_object_add(record, "format", json_object_new_int(RECORD_FORMAT));
	record_add_text(record, "boot_id", boot_id);
	record_add_text(record, "operation", transaction->operation);
	*ret_record = record;
	return 0;
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
	json_object_object_add(record, "losses", record_strings(&transaction->expected_losses));
	*ret_record = record;
	return 0;
}

int record_check(const struct sysfs *sysfs, struct json_object *record)
{
	_cleanup_free_ char *boot_id = NULL;
	int64_t format;
	int r;

	if (record_read_number(record, "format", RECORD_FORMAT_0_1_0, RECORD_FORMAT, &format) < 0 ||
	    !record_text(record, "boot_id"))
		return -EBADMSG;
	r = sysfs_read(sysfs->root_fd, boot_id_path, &boot_id);
	if (r < 0)
		return r;
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

int record_read_number(struct json_object *json, const char *key, int64_t least, int64_t most,
		       int64_t *ret_number)
{
	struct json_object *value = json_object_object_get(json, key);
	const int64_t number = json_object_get_int64(value);

	if (!json_object_is_type(value, json_type_int) || number < least || number > most)
		return -EBADMSG;
	*ret_number = number;
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
