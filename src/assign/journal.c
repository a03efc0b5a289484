/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in flight. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <json-c/json.h>

#include "assign/change.h"
#include "assign/journal.h"
#include "assign/record.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/process.h"
#include "kernel/sysfs.h"

/* Who is at it, so that others can tell a run from one that was killed without taking its lock. */
static int add_process(const struct transaction *transaction, struct json_object *record)
{
	int64_t start_time;
	int r = process_start_time(transaction->sysfs, getpid(), &start_time);

	if (r < 0)
		return r;
	json_object_object_add(record, "pid", json_object_new_int64(getpid()));
	json_object_object_add(record, "start_time", json_object_new_int64(start_time));
	return 0;
}

static int witness_inode(const struct transaction *transaction, const struct change *change,
			 const char *object, uint64_t *ret_inode)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", change->path, object);

	return sysfs_inode(transaction->sysfs->fd, path, ret_inode);
}

/*
 * An unbind removes the devices of all objects inside, so one of them tells afterwards whether it
 * was made (dprc_remove_devices()).  Without one it passes for made.
 */
static void add_witness(const struct transaction *transaction, const struct change *change,
			struct json_object *json)
{
	const struct snapshot_entry *entry =
		snapshot_first_in(&transaction->snapshot, &change->name);
	const struct name_text name = entry ? name_text(&entry->name) : (struct name_text){ "" };
	uint64_t inode;

	if (!entry || witness_inode(transaction, change, name.text, &inode) < 0)
		return;
	json_object_object_add(json, "witness", json_object_new_string(name.text));
	json_object_object_add(json, "witness_inode", json_object_new_int64((int64_t)inode));
}

static bool is_witness_there(const struct transaction *transaction, const struct change *change,
			     struct json_object *json)
{
	const char *name = record_text(json, "witness");
	uint64_t inode;

	return name && witness_inode(transaction, change, name, &inode) == 0 &&
	       (int64_t)inode ==
		       json_object_get_int64(json_object_object_get(json, "witness_inode"));
}

int journal_write(struct transaction *transaction, struct json_object *objects)
{
	struct json_object *record, *changes;
	int r = record_new(transaction, objects, &record);

	if (r < 0)
		return r;
	r = add_process(transaction, record);
	if (r < 0) {
		json_object_put(record);
		return r;
	}
	changes = json_object_new_array();
	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct json_object *change = record_change(&transaction->changes[i]);

		add_witness(transaction, &transaction->changes[i], change);
		json_object_array_add(changes, change);
	}
	json_object_object_add(record, "changes", changes);
	json_object_object_add(record, "autorescan",
			       json_object_new_boolean(transaction->autorescan));
	transaction->journal =
		xasprintf("journal/%s.json", name_text(&transaction->changes[0].name).text);
	return record_write(transaction, transaction->journal, record);
}

int journal_remove(const struct transaction *transaction)
{
	return transaction->journal ? rundir_remove(&transaction->rundir, transaction->journal) : 0;
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
	const char *name_of = record_text(json, "name"), *path = record_text(json, "path");
	struct change *change;
	struct name name;
	int r;

	if (!name_of || !path || name_parse(name_of, &name) < 0)
		return -EBADMSG;
	if (!sysfs_exists(transaction->sysfs->fd, path)) {
		warn(name_of, "it is gone, so there is nothing to put back");
		return 0;
	}
	r = change_add(transaction, &name, path, &change);
	if (r < 0)
		return r;
	if (!record_is_of(json, change)) {
		warn(name_of, "it is another DPRC now, so there is nothing to put back");
		transaction_drop(transaction, transaction->n_changes - 1);
		return 0;
	}
	binding_done(&change->before);
	record_read_binding(json, "before", &change->before);
	record_read_binding(json, "after", &change->after);
	change->identity.icid = json_object_get_int64(json_object_object_get(json, "icid"));
	change->identity.portal_id =
		json_object_get_int64(json_object_object_get(json, "portal_id"));
	change->rescans = json_object_get_boolean(json_object_object_get(json, "rescans"));
	change->is_disturbed = !is_witness_there(transaction, change, json);
	r = ownership_from_json(json_object_object_get(json, "owner_before"),
				&change->owner_before);
	return r < 0 ? r
		     : ownership_from_json(json_object_object_get(json, "owner_after"),
					   &change->owner_after);
}

static int transaction_from_json(struct transaction *transaction, struct json_object *record)
{
	struct json_object *changes = json_object_object_get(record, "changes");
	int r;

	if (!json_object_is_type(changes, json_type_array))
		return -EBADMSG;
	transaction->autorescan =
		json_object_get_boolean(json_object_object_get(record, "autorescan"));
	record_read_losses(record, &transaction->expected_losses);
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
	transaction->journal = xstrdup(file);
	r = record_check(transaction, record);
	if (r >= 0)
		r = transaction_from_json(transaction, record);
	json_object_put(record);
	return r;
}

static char *names_of(struct json_object *changes)
{
	char *names = xstrdup("");

	if (!json_object_is_type(changes, json_type_array))
		return names;
	for (size_t i = 0; i < json_object_array_length(changes); i++) {
		const char *name = record_text(json_object_array_get_idx(changes, i), "name");
		char *longer = xasprintf("%s%s%s", names, i ? " " : "", name ? name : "?");

		free(names);
		names = longer;
	}
	return names;
}

int journal_describe(const struct sysfs *sysfs, const struct rundir *rundir, const char *file,
		     char **ret_names, bool *ret_in_flight)
{
	struct json_object *record;
	int r = rundir_read(rundir, file, &record);

	if (r < 0)
		return r;
	*ret_names = names_of(json_object_object_get(record, "changes"));
	*ret_in_flight = process_is_alive(
		sysfs, json_object_get_int64(json_object_object_get(record, "pid")),
		json_object_get_int64(json_object_object_get(record, "start_time")));
	json_object_put(record);
	return 0;
}
