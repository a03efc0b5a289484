/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in flight. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/log.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "transaction/change.h"
#include "transaction/creation.h"
#include "transaction/destruction.h"
#include "transaction/journal.h"
#include "transaction/record.h"

static const char key_creations[] = "creations", kind_destruction[] = "destruction";

static int marker_inode(const struct transaction *transaction, const struct change *change,
			const char *object, uint64_t *ret_inode)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", change->path, object);

	return sysfs_inode(transaction->sysfs->fd, path, ret_inode);
}

/*
 * An unbind removes the devices of all objects inside, so one of them tells afterwards whether it
 * was made (dprc_remove_devices()).  Without one it passes for made.
 */
static void add_unbind_marker(const struct transaction *transaction, const struct change *change,
			      struct json_object *json)
{
	const struct snapshot_entry *entry =
		snapshot_first_in(&transaction->snapshot, &change->name);
	const struct name_text name = entry ? name_text(&entry->name) : (struct name_text){ "" };
	uint64_t inode;

	if (!entry || marker_inode(transaction, change, name.text, &inode) < 0)
		return;
	json_object_object_add(json, "witness", json_object_new_string(name.text));
	json_object_object_add(json, "witness_inode", json_object_new_int64((int64_t)inode));
}

static bool is_unbind_marker_there(const struct transaction *transaction,
				   const struct change *change, struct json_object *json)
{
	const char *name = record_text(json, "witness");
	uint64_t inode;

	return name && marker_inode(transaction, change, name, &inode) == 0 &&
	       (int64_t)inode ==
		       json_object_get_int64(json_object_object_get(json, "witness_inode"));
}

static void add_switches(const struct transaction *transaction, struct json_object *record)
{
	json_object_object_add(record, "autorescan",
			       json_object_new_boolean(transaction->autorescan));
	json_object_object_add(record, "autoprobe",
			       json_object_new_boolean(transaction->autoprobe));
}

static void add_changes(const struct transaction *transaction, struct json_object *record)
{
	struct json_object *changes = json_object_new_array();

	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct json_object *change = record_change(&transaction->changes[i]);

		add_unbind_marker(transaction, &transaction->changes[i], change);
		json_object_array_add(changes, change);
	}
	json_object_object_add(record, "changes", changes);
}

/* Once for both of the journals of containers that are made. */
static void name_file(struct transaction *transaction, const struct name *first)
{
	if (!transaction->journal)
		transaction->journal = xasprintf("journal/%s.json", name_text(first).text);
}

int journal_write(struct transaction *transaction)
{
	struct json_object *record;
	int r = record_new(transaction, &record);

	if (r < 0)
		return r;
	if (transaction->n_creations)
		json_object_object_add(record, key_creations, creations_to_json(transaction));
	if (transaction->has_begun)
		add_changes(transaction, record);
	add_switches(transaction, record);
	name_file(transaction, transaction->n_creations ? &transaction->creations[0].made.parent
							: &transaction->changes[0].name);
	return record_write(transaction, transaction->journal, record);
}

int journal_write_destruction(struct transaction *transaction,
			      const struct destruction *destruction)
{
	struct json_object *record;
	int r = record_begin(transaction, &record);

	if (r < 0)
		return r;
	record_add_text(record, "kind", kind_destruction);
	json_object_object_add(record, kind_destruction, destruction_to_json(destruction));
	add_switches(transaction, record);
	name_file(transaction, &destruction->doomed[0].made.name);
	return record_write(transaction, transaction->journal, record);
}

void journal_note_gone(const struct transaction *transaction, size_t n)
{
	struct json_object *record, *creations, *creation = NULL;

	if (!transaction->journal ||
	    rundir_read(&transaction->rundir, transaction->journal, &record) < 0)
		return;
	creations = json_object_object_get(record, key_creations);
	if (json_object_is_type(creations, json_type_array))
		creation = json_object_array_get_idx(creations, n);
	if (json_object_is_type(creation, json_type_object)) {
		json_object_object_add(creation, "gone", json_object_new_boolean(true));
		rundir_write(&transaction->rundir, transaction->journal, record);
	}
	json_object_put(record);
}

int journal_remove(const struct transaction *transaction)
{
	return transaction->journal ? rundir_remove(&transaction->rundir, transaction->journal) : 0;
}

int journal_list(const struct rundir *rundir, struct strings *ret_files)
{
	return rundir_list(rundir, "journal", ret_files);
}

static int read_change(struct json_object *json, struct change *change)
{
	int r;

	change->rescans = json_object_get_boolean(json_object_object_get(json, "rescans"));
	record_read_locks(json, change);
	record_read_interfaces(json, change);
	binding_done(&change->before);
	r = record_read_binding(json, "before", &change->before);
	if (r >= 0)
		r = record_read_binding(json, "after", &change->after);
	if (r >= 0)
		r = record_read_identity(json, &change->identity);
	if (r >= 0)
		r = ownership_from_json(json_object_object_get(json, "owner_before"),
					&change->owner_before);
	return r < 0 ? r
		     : ownership_from_json(json_object_object_get(json, "owner_after"),
					   &change->owner_after);
}

static int change_from_json(struct transaction *transaction, struct json_object *json)
{
	struct change *change;
	struct name name;
	const char *path;
	int r = record_read_place(json, &name, &path);

	if (r < 0)
		return r;
	if (!sysfs_exists(transaction->sysfs->fd, path)) {
		warn(name_text(&name).text, "device disappeared; nothing to restore");
		return 0;
	}
	r = change_add(transaction, &name, path, &change);
	if (r < 0)
		return r;
	if (!record_is_of(json, change)) {
		warn(name_text(&name).text, "it is another DPRC now; nothing to restore");
		transaction_drop(transaction, transaction->n_changes - 1);
		return 0;
	}
	change->unbind_started = !is_unbind_marker_there(transaction, change, json);
	return read_change(json, change);
}

/*
 * What was on then, or is on now.  That goes on record, because a recovery may be killed while it
 * is off.
 */
static void resume_switches(struct transaction *transaction, const struct journal *journal)
{
	struct json_object *record = journal->record;
	const bool autorescan =
		json_object_get_boolean(json_object_object_get(record, "autorescan"));
	const bool autoprobe = json_object_get_boolean(json_object_object_get(record, "autoprobe"));

	transaction->autorescan |= autorescan;
	transaction->autoprobe |= autoprobe;
	if (transaction->autorescan == autorescan && transaction->autoprobe == autoprobe)
		return;
	add_switches(transaction, record);
	/* Without room for that there is what was written before. */
	rundir_write(&transaction->rundir, journal->file, record);
}

void journal_resume_making(struct transaction *transaction, const struct journal *journal)
{
	transaction->journal = xstrdup(journal->file);
	resume_switches(transaction, journal);
}

int journal_resume(struct transaction *transaction, const struct journal *journal)
{
	struct json_object *record = journal->record;
	struct json_object *changes = json_object_object_get(record, "changes");
	int r;

	journal_resume_making(transaction, journal);
	transaction->has_begun = changes;
	r = journal->makes ? creations_from_json(json_object_object_get(record, key_creations),
						 transaction)
			   : 0;
	if (r >= 0)
		r = record_read_losses(record, &transaction->expected_losses);
	if (r >= 0)
		r = record_read_objects(record, &transaction->snapshot);
	for (size_t i = 0; changes && i < json_object_array_length(changes) && r >= 0; i++)
		r = change_from_json(transaction, json_object_array_get_idx(changes, i));
	return r;
}

/* What is about no DPRC is no journal. */
static int read_names(struct json_object *changes, struct strings *subjects)
{
	if (!json_object_is_type(changes, json_type_array) || !json_object_array_length(changes))
		return -EBADMSG;
	for (size_t i = 0; i < json_object_array_length(changes); i++) {
		struct name name;
		const char *path;

		if (record_read_place(json_object_array_get_idx(changes, i), &name, &path) < 0)
			return -EBADMSG;
		strings_add(subjects, name_text(&name).text);
	}
	return 0;
}

static int read_doomed(struct json_object *json, struct strings *subjects)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	int r = destruction_from_json(json, &destruction);

	for (size_t i = 0; i < destruction.n_doomed && r >= 0; i++)
		strings_add(subjects, name_text(&destruction.doomed[i].made.name).text);
	return r;
}

static int read_labels(struct json_object *json, struct strings *subjects)
{
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	int r = creations_from_json(json, &transaction);

	for (size_t i = 0; i < transaction.n_creations && r >= 0; i++)
		strings_add(subjects, transaction.creations[i].made.label);
	return r;
}

/* What is about nothing is no journal. */
static int read_subjects(struct journal *journal)
{
	struct json_object *changes = json_object_object_get(journal->record, "changes");
	int r = 0;

	if (journal->kind == JOURNAL_DESTRUCTION)
		return read_doomed(json_object_object_get(journal->record, kind_destruction),
				   &journal->subjects);
	if (changes || !journal->makes)
		r = read_names(changes, &journal->subjects);
	if (r >= 0 && journal->makes)
		r = read_labels(json_object_object_get(journal->record, key_creations),
				&journal->subjects);
	return r;
}

int journal_read_destruction(const struct journal *journal, struct destruction *destruction)
{
	return destruction_from_json(json_object_object_get(journal->record, kind_destruction),
				     destruction);
}

int journal_load(const struct sysfs *sysfs, const struct rundir *rundir, const char *file,
		 struct journal *ret_journal)
{
	_cleanup_journal_ struct journal journal = { 0 };
	int r = rundir_read(rundir, file, &journal.record);

	if (r < 0)
		return r;
	journal.file = xstrdup(file);
	if (str_same(record_text(journal.record, "kind"), kind_destruction))
		journal.kind = JOURNAL_DESTRUCTION;
	journal.makes = json_object_object_get(journal.record, key_creations);
	r = record_check(sysfs, journal.record);
	journal.is_stale = r == -ESTALE;
	if (r >= 0 || journal.is_stale)
		r = read_subjects(&journal);
	if (r < 0)
		return r;
	journal.names = strings_join(&journal.subjects, " ");
	*ret_journal = journal;
	journal = (struct journal){ 0 };
	return 0;
}

void journal_done(struct journal *journal)
{
	json_object_put(journal->record);
	strings_done(&journal->subjects);
	free(journal->names);
	free(journal->file);
	*journal = (struct journal){ 0 };
}

static bool may_be_new(const struct journal *journal, const char *dprc)
{
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	struct name name;

	return name_parse(dprc, &name) >= 0 &&
	       creations_from_json(json_object_object_get(journal->record, key_creations),
				   &transaction) >= 0 &&
	       !names_list_has(&transaction.creations[0].containers, &name);
}

bool journal_has(const struct journal *journal, const char *dprc)
{
	return strings_has(&journal->subjects, dprc) ||
	       (journal->makes && may_be_new(journal, dprc));
}
