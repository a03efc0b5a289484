/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records of a transaction in /run/fslmc-vfio. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "assign/change.h"
#include "assign/journal.h"
#include "base/util.h"
#include "kernel/sysfs.h"

/* Of the files, not of the JSON output.  A newer one is refused: it may mean what we do not know.
 */
#define RECORD_FORMAT 1

static const char boot_id_path[] = "proc/sys/kernel/random/boot_id";

static struct json_object *text_json(const char *text)
{
	return text ? json_object_new_string(text) : NULL;
}

static const char *text_of(struct json_object *json, const char *key)
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

static void binding_from_json(struct json_object *json, struct binding *ret_binding)
{
	const char *driver = text_of(json, "driver");
	const char *driver_override = text_of(json, "driver_override");

	*ret_binding = (struct binding){
		.driver = driver ? xstrdup(driver) : NULL,
		.driver_override = driver_override ? xstrdup(driver_override) : NULL,
	};
}

static struct json_object *change_json(const struct change *change)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "name", text_json(name_text(&change->name).text));
	json_object_object_add(json, "path", text_json(change->path));
	json_object_object_add(json, "icid", json_object_new_int64(change->identity.icid));
	json_object_object_add(json, "portal_id",
			       json_object_new_int64(change->identity.portal_id));
	json_object_object_add(json, "before", binding_json(&change->before));
	json_object_object_add(json, "after", binding_json(&change->after));
	json_object_object_add(json, "rescans", json_object_new_boolean(change->rescans));
	return json;
}

static int read_boot_id(const struct transaction *transaction, char **ret_boot_id)
{
	return sysfs_read(transaction->sysfs->root_fd, boot_id_path, ret_boot_id);
}

/* What every record carries. */
static int record_new(const struct transaction *transaction, struct json_object **ret_record)
{
	_cleanup_free_ char *boot_id = NULL;
	struct json_object *record;
	int r = read_boot_id(transaction, &boot_id);

	if (r < 0)
		return r;
	record = json_object_new_object();
	json_object_object_add(record, "format", json_object_new_int(RECORD_FORMAT));
	json_object_object_add(record, "boot_id", text_json(boot_id));
	json_object_object_add(record, "operation", text_json(transaction->operation));
	*ret_record = record;
	return 0;
}

static int record_check(const struct transaction *transaction, struct json_object *record)
{
	_cleanup_free_ char *boot_id = NULL;
	int r = read_boot_id(transaction, &boot_id);

	if (r < 0)
		return r;
	if (json_object_get_int(json_object_object_get(record, "format")) != RECORD_FORMAT)
		return -EBADMSG;
	return str_same(text_of(record, "boot_id"), boot_id) ? 0 : -ESTALE;
}

static int record_write(const struct transaction *transaction, const char *file,
			struct json_object *record)
{
	int r = rundir_write(&transaction->rundir, file, record);

	json_object_put(record);
	return r;
}

static char *journal_file(const struct transaction *transaction)
{
	return xasprintf("journal/%s.json", name_text(&transaction->changes[0].name).text);
}

int journal_write(const struct transaction *transaction)
{
	_cleanup_free_ char *file = journal_file(transaction);
	struct json_object *record, *changes;
	int r = record_new(transaction, &record);

	if (r < 0)
		return r;
	changes = json_object_new_array();
	for (size_t i = 0; i < transaction->n_changes; i++)
		json_object_array_add(changes, change_json(&transaction->changes[i]));
	json_object_object_add(record, "changes", changes);
	json_object_object_add(record, "autorescan",
			       json_object_new_boolean(transaction->autorescan));
	json_object_object_add(record, "objects", snapshot_to_json(&transaction->snapshot));
	return record_write(transaction, file, record);
}

int journal_remove(const struct transaction *transaction)
{
	_cleanup_free_ char *file = journal_file(transaction);

	return rundir_remove(&transaction->rundir, file);
}

int journal_discard(const struct rundir *rundir, const char *file)
{
	return rundir_remove(rundir, file);
}

int journal_list(const struct rundir *rundir, struct strings *ret_files)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	const char *entry;
	int r = sysfs_dir_open(rundir->fd, "journal", &entries);

	if (r < 0)
		return r;
	while ((r = sysfs_dir_next(&entries, &entry)) > 0) {
		const char *dot = strrchr(entry, '.');
		_cleanup_free_ char *file = NULL;

		/* What a killed run had not renamed yet was not in force. */
		if (!dot || !streq(dot, ".json"))
			continue;
		file = xasprintf("journal/%s", entry);
		strings_add(ret_files, file);
	}
	strings_sort(ret_files);
	return r;
}

static int change_from_json(struct transaction *transaction, struct json_object *json)
{
	const char *name_of = text_of(json, "name"), *path = text_of(json, "path");
	struct change *change;
	struct name name;
	int r;

	if (!name_of || !path || name_parse(name_of, &name) < 0)
		return -EBADMSG;
	r = change_add(transaction, &name, path, &change);
	if (r < 0)
		return r;
	binding_done(&change->before);
	binding_from_json(json_object_object_get(json, "before"), &change->before);
	binding_from_json(json_object_object_get(json, "after"), &change->after);
	change->identity.icid = json_object_get_int64(json_object_object_get(json, "icid"));
	change->identity.portal_id =
		json_object_get_int64(json_object_object_get(json, "portal_id"));
	change->rescans = json_object_get_boolean(json_object_object_get(json, "rescans"));
	return 0;
}

static int transaction_from_json(struct transaction *transaction, struct json_object *record)
{
	struct json_object *changes = json_object_object_get(record, "changes");
	int r;

	if (!json_object_is_type(changes, json_type_array) || !json_object_array_length(changes))
		return -EBADMSG;
	transaction->autorescan =
		json_object_get_boolean(json_object_object_get(record, "autorescan"));
	r = snapshot_from_json(json_object_object_get(record, "objects"), &transaction->snapshot);
	for (size_t i = 0; i < json_object_array_length(changes) && r >= 0; i++)
		r = change_from_json(transaction, json_object_array_get_idx(changes, i));
	return r;
}

int journal_read(struct transaction *transaction, const char *file)
{
	struct json_object *record;
	int r = rundir_read(&transaction->rundir, file, &record);

	if (r < 0)
		return r;
	r = record_check(transaction, record);
	if (r >= 0)
		r = transaction_from_json(transaction, record);
	json_object_put(record);
	return r;
}

int journal_names(const struct rundir *rundir, const char *file, char **ret_names)
{
	struct json_object *record, *changes;
	char *names = xstrdup("");
	int r = rundir_read(rundir, file, &record);

	if (r < 0) {
		free(names);
		return r;
	}
	changes = json_object_object_get(record, "changes");
	for (size_t i = 0;
	     json_object_is_type(changes, json_type_array) && i < json_object_array_length(changes);
	     i++) {
		const char *name = text_of(json_object_array_get_idx(changes, i), "name");
		char *longer = xasprintf("%s%s%s", names, i ? " " : "", name ? name : "?");

		free(names);
		names = longer;
	}
	json_object_put(record);
	*ret_names = names;
	return 0;
}

static char *bound_file(const struct change *change)
{
	return xasprintf("bound/%s.json", name_text(&change->name).text);
}

int bound_write(const struct transaction *transaction, const struct change *change)
{
	_cleanup_free_ char *file = bound_file(change);
	struct json_object *record;
	int r = record_new(transaction, &record);

	if (r < 0)
		return r;
	json_object_object_add(record, "change", change_json(change));
	json_object_object_add(record, "objects", snapshot_to_json(&transaction->snapshot));
	return record_write(transaction, file, record);
}

int bound_remove(const struct transaction *transaction, const struct change *change)
{
	_cleanup_free_ char *file = bound_file(change);

	return rundir_remove(&transaction->rundir, file);
}

int bound_read(const struct transaction *transaction, const struct change *change,
	       struct binding *ret_binding)
{
	_cleanup_free_ char *file = bound_file(change);
	struct identity identity = { 0 };
	struct json_object *record, *was;
	int r = rundir_read(&transaction->rundir, file, &record);

	if (r < 0)
		return r;
	r = record_check(transaction, record);
	was = json_object_object_get(record, "change");
	identity.icid = json_object_get_int64(json_object_object_get(was, "icid"));
	identity.portal_id = json_object_get_int64(json_object_object_get(was, "portal_id"));
	/* No label here: giving the DPRC another one does not make it another DPRC. */
	if (r >= 0 && !identity_matches(&identity, &change->identity))
		r = -ESTALE;
	if (r >= 0)
		binding_from_json(json_object_object_get(was, "before"), ret_binding);
	json_object_put(record);
	return r;
}
