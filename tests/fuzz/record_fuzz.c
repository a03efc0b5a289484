/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Journals and saved state: what root acts on after a run was killed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/log.h"
#include "base/util.h"
#include "fuzz.h"
#include "kernel/sysfs.h"
#include "transaction/bound.h"
#include "transaction/change.h"
#include "transaction/creation.h"
#include "transaction/destruction.h"
#include "transaction/journal.h"
#include "transaction/made.h"
#include "transaction/plan.h"
#include "transaction/record.h"
#include "transaction/rundir.h"
#include "transaction/transaction.h"

bool __real_record_is_of(struct json_object *json, const struct change *change);
bool __wrap_record_is_of(struct json_object *json, const struct change *change);
int __real_record_check_device(struct json_object *json, const struct identity *identity,
			       uint64_t inode);
int __wrap_record_check_device(struct json_object *json, const struct identity *identity,
			       uint64_t inode);

/* Each is of the device it names: an inode number cannot be guessed. */
bool __wrap_record_is_of(struct json_object *json, const struct change *change)
{
	__real_record_is_of(json, change);
	return true;
}

int __wrap_record_check_device(struct json_object *json, const struct identity *identity,
			       uint64_t inode)
{
	int r = __real_record_check_device(json, identity, inode);

	return r == -ESTALE ? 0 : r;
}

#define BOOT_ID "00000000-0000-0000-0000-000000000000\n"
#define PLACE "devices/platform/soc/80c000000.fsl-mc/dprc.1/dprc.2"

static const struct name dprc_2 = { "dprc", 2 };
static struct sysfs sysfs;
static struct rundir rundir = RUNDIR_CLOSED;

int LLVMFuzzerInitialize(int *argc _unused_, char ***argv _unused_)
{
	log_forget();
	fuzz_machine("small", &sysfs);
	fuzz_write(sysfs.root_fd, "proc/sys/kernel/random/boot_id", BOOT_ID, strlen(BOOT_ID));
	fuzz_write(sysfs.root_fd, "run/fslmc-vfio/bound/x", "", 0);
	rundir.fd = openat(sysfs.root_fd, "run/fslmc-vfio", O_RDONLY | O_DIRECTORY);
	return 0;
}

static struct transaction begin(void)
{
	struct transaction transaction = TRANSACTION_EMPTY;

	transaction.operation = "recover";
	transaction.sysfs = &sysfs;
	transaction.rundir.fd = fcntl(rundir.fd, F_DUPFD_CLOEXEC, 0);
	return transaction;
}

/* All that would be written again was read so: no number was cut, no text taken for one. */
static void check_says(struct json_object *written, struct json_object *read)
{
	if (json_object_is_type(written, json_type_object)) {
		json_object_object_foreach (written, key, value)
			check_says(value, json_object_object_get(read, key));
	} else if (json_object_is_type(written, json_type_array)) {
		FUZZ_ASSERT(json_object_is_type(read, json_type_array));
		for (size_t i = 0; i < json_object_array_length(written); i++)
			check_says(json_object_array_get_idx(written, i),
				   json_object_array_get_idx(read, i));
	} else {
		FUZZ_ASSERT(json_object_equal(written, read));
	}
}

static void check_written(struct json_object *written, struct json_object *read)
{
	check_says(written, read);
	json_object_put(written);
}

static void check_owners(const struct transaction *transaction, struct json_object *changes)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct json_object *json = json_object_array_get_idx(changes, i);

		check_written(ownership_to_json(&transaction->changes[i].owner_before),
			      json_object_object_get(json, "owner_before"));
		check_written(ownership_to_json(&transaction->changes[i].owner_after),
			      json_object_object_get(json, "owner_after"));
	}
}

static void destroy(const struct journal *journal)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };

	if (journal_read_destruction(journal, &destruction) >= 0)
		check_written(destruction_to_json(&destruction),
			      json_object_object_get(journal->record, "destruction"));
}

/* What was resumed can be planned and written down again. */
static void resume(const struct journal *journal)
{
	_cleanup_transaction_ struct transaction transaction = begin();
	struct plan plan = { 0 };
	struct json_object *changes;

	if (journal_resume(&transaction, journal) < 0)
		return;
	changes = json_object_object_get(journal->record, "changes");
	if (changes && json_object_array_length(changes) == transaction.n_changes)
		check_owners(&transaction, changes);
	if (transaction.n_changes && transaction_plan(&transaction, &plan) >= 0)
		plan_done(&plan);
	if (!transaction.n_changes && !transaction.n_creations)
		return;
	free(transaction.journal);
	transaction.journal = xstrdup("journal/again.json");
	FUZZ_ASSERT(journal_write(&transaction) >= 0);
}

static void read_journal(void)
{
	_cleanup_journal_ struct journal journal = { 0 };

	if (journal_load(&sysfs, &rundir, "journal/dprc.2.json", &journal) < 0)
		return;
	FUZZ_ASSERT(journal.names);
	journal_has(&journal, "dprc.2");
	if (journal.kind == JOURNAL_DESTRUCTION)
		destroy(&journal);
	else
		resume(&journal);
}

static void read_bound(void)
{
	_cleanup_transaction_ struct transaction transaction = begin();
	_cleanup_strings_ struct strings names = { 0 };
	struct binding binding = { 0 };
	struct change *change;

	if (change_add(&transaction, &dprc_2, PLACE, &change) < 0)
		abort();
	if (bound_read(&transaction, change, &binding) >= 0)
		binding_done(&binding);
	bound_prune(&transaction, &names);
}

static void read_made(void)
{
	_cleanup_transaction_ struct transaction transaction = begin();
	_cleanup_made_ struct made made = { 0 };
	struct json_object *record;

	if (made_read(&transaction, &dprc_2, &made) < 0)
		return;
	if (rundir_read(&rundir, "created/dprc.2.json", &record) < 0)
		abort();
	check_written(made_to_json(&made), json_object_object_get(record, "made"));
	json_object_put(record);
	made_forget(&transaction, made.label, &made.objects);
}

/* Its first byte says of which kind it is. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct input input = { bytes, n };
	const uint8_t kind = input_byte(&input) % 3;
	static const struct {
		const char *file;
		void (*read)(void);
	} kinds[] = {
		{ "journal/dprc.2.json", read_journal },
		{ "bound/dprc.2.json", read_bound },
		{ "created/dprc.2.json", read_made },
	};

	fuzz_write(rundir.fd, kinds[kind].file, input.bytes, input.n);
	kinds[kind].read();
	rundir_remove(&rundir, kinds[kind].file);
	return 0;
}
