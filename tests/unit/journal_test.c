/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Journals: what is written before a change is read back as it was, or refused. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "kernel/mc.h"
#include "machine.h"
#include "model/bus.h"
#include "transaction/bound.h"
#include "transaction/creation.h"
#include "transaction/destruction.h"
#include "transaction/journal.h"
#include "transaction/lock.h"

#define PLACE "devices/platform/soc/80c000000.fsl-mc/dprc.1/dprc.2"
#define FILE_NAME "journal/dprc.2.json"

static const struct name dprc_2 = { "dprc", 2 };

/* An unbind of dprc.2, before its first write. */
static struct transaction begin_unbind(const struct machine *machine)
{
	struct transaction transaction = machine_begin(machine, "unbind");
	_cleanup_bus_ struct bus *bus = NULL;
	struct change *change;

	assert_int_equal(bus_load(&machine->sysfs, &bus), 0);
	snapshot_take(bus, &transaction.snapshot);
	assert_int_equal(change_add(&transaction, &dprc_2, PLACE, &change), 0);
	change->identity = (struct identity){ .icid = 24, .portal_id = 21 };
	change->after.driver = xstrdup("fsl_mc_dprc");
	change->locked_before = true;
	strings_add(&change->interfaces, "dpni.1 eth2 (up)");
	strings_add(&transaction.expected_losses, "dpni.10");
	transaction.has_begun = transaction.autoprobe = true;
	return transaction;
}

static void load(const struct machine *machine, const char *file, struct journal *ret_journal)
{
	const struct rundir rundir = { .fd = machine->run };

	*ret_journal = (struct journal){ 0 };
	assert_int_equal(journal_load(&machine->sysfs, &rundir, file, ret_journal), 0);
}

static void a_change_is_read_back_as_it_was_written(void **state _unused_)
{
	_cleanup_transaction_ struct transaction written = { 0 }, read = { 0 };
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_strings_ struct strings files = { 0 };
	_cleanup_(machine_done) struct machine machine;
	const struct change *change;

	machine_make(&machine, "small");
	written = begin_unbind(&machine);
	assert_int_equal(journal_write(&written), 0);
	assert_int_equal(journal_list(&written.rundir, &files), 0);
	assert_int_equal(files.n_texts, 1);
	assert_string_equal(files.texts[0], FILE_NAME);
	load(&machine, FILE_NAME, &journal);
	assert_string_equal(journal.names, "dprc.2");
	assert_int_equal(journal.kind, JOURNAL_CHANGES);
	assert_false(journal.is_stale || journal.makes);
	assert_true(journal_has(&journal, "dprc.2"));
	assert_false(journal_has(&journal, "dprc.20") || journal_has(&journal, "dprc"));

	/* The writer lock of the run that was killed is free. */
	close_pointer(&written.changes[0].writer);
	written.changes[0].writer = -1;
	read = machine_begin(&machine, "recover");
	assert_int_equal(journal_resume(&read, &journal), 0);
	assert_int_equal(read.n_changes, 1);
	assert_true(read.has_begun && read.autoprobe && !read.autorescan);
	assert_string_equal(read.journal, FILE_NAME);
	assert_int_equal(read.snapshot.n_entries, written.snapshot.n_entries);
	assert_true(strings_has(&read.expected_losses, "dpni.10"));
	change = &read.changes[0];
	assert_string_equal(change->before.driver, "vfio-fsl-mc");
	assert_string_equal(change->before.driver_override, "vfio-fsl-mc");
	assert_string_equal(change->after.driver, "fsl_mc_dprc");
	assert_null(change->after.driver_override);
	assert_int_equal(change->identity.icid, 24);
	assert_int_equal(change->identity.portal_id, 21);
	assert_int_equal(change->lock, LOCK_UNKNOWN);
	assert_string_equal(change->interfaces.texts[0], "dpni.1 eth2 (up)");
	assert_false(change->unbind_started || change->rescans);

	assert_int_equal(journal_remove(&read), 0);
	strings_done(&files);
	assert_int_equal(journal_list(&written.rundir, &files), 0);
	assert_int_equal(files.n_texts, 0);
}

/* Resumes what begin_unbind() wrote, after a shell command has changed the machine. */
static void resume_after(struct machine *machine, const char *command, struct transaction *ret_read)
{
	_cleanup_journal_ struct journal journal = { 0 };
	struct transaction written;

	machine_make(machine, "small");
	written = begin_unbind(machine);
	assert_int_equal(journal_write(&written), 0);
	transaction_done(&written);
	machine_run(machine, "cd sys/" PLACE " && %s", command);
	load(machine, FILE_NAME, &journal);
	*ret_read = machine_begin(machine, "recover");
	assert_int_equal(journal_resume(ret_read, &journal), 0);
}

/* Whoever recovers switches off what is on by now, and may be killed, too. */
static void what_is_on_when_it_is_recovered_goes_on_record(void **state _unused_)
{
	_cleanup_transaction_ struct transaction first = { 0 }, second = { 0 };
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(machine_done) struct machine machine;

	resume_after(&machine, "true", &first);
	assert_false(first.autorescan);
	transaction_done(&first);
	first = machine_begin(&machine, "recover");
	first.autorescan = true;
	load(&machine, FILE_NAME, &journal);
	assert_int_equal(journal_resume(&first, &journal), 0);
	assert_true(first.autorescan && first.autoprobe);
	transaction_done(&first);
	journal_done(&journal);
	load(&machine, FILE_NAME, &journal);
	second = machine_begin(&machine, "recover");
	assert_int_equal(journal_resume(&second, &journal), 0);
	assert_true(second.autorescan && second.autoprobe);
}

/* An unbind removes the devices of what is inside, of which one is noted. */
static void that_an_unbind_began_is_seen_by_an_object_that_went(void **state _unused_)
{
	_cleanup_transaction_ struct transaction read = { 0 };
	_cleanup_(machine_done) struct machine machine;

	resume_after(&machine, "rm -r dpbp.1", &read);
	assert_int_equal(read.n_changes, 1);
	assert_true(read.changes[0].unbind_started);
}

static void a_dprc_that_is_gone_is_left_out(void **state _unused_)
{
	_cleanup_transaction_ struct transaction read = { 0 };
	_cleanup_(machine_done) struct machine machine;

	resume_after(&machine, "rm -r ../dprc.2", &read);
	assert_int_equal(read.n_changes, 0);
	machine_has_said("warning dprc.2: device disappeared; nothing to restore", NULL);
}

static void another_dprc_with_its_number_is_left_out(void **state _unused_)
{
	_cleanup_transaction_ struct transaction read = { 0 };
	_cleanup_(machine_done) struct machine machine;

	resume_after(&machine, "cd .. && cp -a dprc.2 new && rm -r dprc.2 && mv new dprc.2", &read);
	assert_int_equal(read.n_changes, 0);
	machine_has_said("warning dprc.2: it is another DPRC now; nothing to restore", NULL);
}

static void a_journal_of_an_earlier_boot_is_stale(void **state _unused_)
{
	_cleanup_transaction_ struct transaction written = { 0 };
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "small");
	written = begin_unbind(&machine);
	assert_int_equal(journal_write(&written), 0);
	machine_write(&machine, "proc/sys/kernel/random/boot_id", "another\n");
	load(&machine, FILE_NAME, &journal);
	assert_true(journal.is_stale);
	assert_string_equal(journal.names, "dprc.2");
}

static void a_damaged_journal_is_refused(void **state _unused_)
{
	static const struct {
		const char *member, *value;
		bool is_loaded; /* what is wrong is found when it is resumed */
	} damages[] = {
		{ "/format", "5", false },
		{ "/format", "\"3\"", false },
		{ "/boot_id", "null", false },
		{ "/kind", "\"destruction\"", false },
		{ "/changes", "[]", false },
		{ "/changes", "{}", false },
		{ "/changes/0/name", "\"dprc\"", false },
		{ "/changes/0/path", "\"devices/../dprc.2\"", false },
		{ "/changes/0/path", "\"devices/x/../dprc.2\"", false },
		{ "/changes/0/path", "\"devices/dprc.3\"", false },
		{ "/changes/0/path", "\"/etc/dprc.2\"", false },
		{ "/changes/0/before", "null", true },
		{ "/changes/0/before/driver", "\"../x\"", true },
		{ "/changes/0/before/driver", "7", true },
		{ "/changes/0/after", "[]", true },
		{ "/changes/0/icid", "\"24\"", true },
		{ "/changes/0/icid", "-2", true },
		{ "/changes/0/portal_id", "4294967296", true },
		{ "/changes/0/owner_before", "null", true },
		{ "/changes/0/owner_after/nodes", "7", true },
		{ "/objects", "null", true },
		{ "/losses", "null", true },
		{ "/losses/0", "\"dpni\"", true },
	};
	_cleanup_transaction_ struct transaction written = { 0 };
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "small");
	written = begin_unbind(&machine);
	assert_int_equal(journal_write(&written), 0);
	close_pointer(&written.changes[0].writer);
	written.changes[0].writer = -1;
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		_cleanup_transaction_ struct transaction read = machine_begin(&machine, "recover");
		_cleanup_journal_ struct journal journal = { 0 };
		struct json_object *record = NULL;
		int r;

		assert_int_equal(rundir_read(&read.rundir, FILE_NAME, &record), 0);
		json_pointer_set(&record, damages[i].member, json_tokener_parse(damages[i].value));
		assert_int_equal(rundir_write(&read.rundir, "journal/bad.json", record), 0);
		json_object_put(record);
		r = journal_load(&machine.sysfs, &read.rundir, "journal/bad.json", &journal);
		if (r >= 0 && damages[i].is_loaded)
			r = journal_resume(&read, &journal);
		if (r != -EBADMSG)
			fail_msg("%s %s: %d", damages[i].member, damages[i].value, r);
	}
}

static struct transaction begin_create(const struct machine *machine)
{
	static const struct name root = { "dprc", 1 }, dpni_0 = { "dpni", 0 };
	struct transaction transaction = machine_begin(machine, "create");
	struct creation *creation = xcalloc(1, sizeof(*creation));

	*creation = (struct creation){
		.made = { .parent = root, .label = "fast", .icid = -1, .portal_id = -1 },
		.temporary = "making-1",
	};
	names_list_add(&creation->before, &dpni_0);
	names_list_add(&creation->containers, &root);
	names_list_add(&creation->containers, &dprc_2);
	strings_add(&creation->host_types, "dpni");
	made_add_cut(&creation->made, &(struct mc_end){ .type = "dpmac", .id = 3 },
		     &(struct mc_end){ .type = "dpsw", .id = 0, .interface = 2 });
	transaction.creations = creation;
	transaction.n_creations = 1;
	return transaction;
}

/* Until all of it is there, it is known by its label, and may be any DPRC that came since. */
static void what_is_being_made_is_known_by_its_label(void **state _unused_)
{
	_cleanup_transaction_ struct transaction written = { 0 }, read = { 0 };
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(machine_done) struct machine machine;
	const struct creation *creation;

	machine_make(&machine, "small");
	written = begin_create(&machine);
	assert_int_equal(journal_write(&written), 0);
	load(&machine, "journal/dprc.1.json", &journal);
	assert_true(journal.makes);
	assert_string_equal(journal.names, "fast");
	assert_true(journal_has(&journal, "fast") && journal_has(&journal, "dprc.9"));
	assert_false(journal_has(&journal, "dprc.2"));
	assert_true(strings_has(&journal.subjects, "fast"));
	assert_false(strings_has(&journal.subjects, "dprc.9"));

	read = machine_begin(&machine, "recover");
	assert_int_equal(journal_resume(&read, &journal), 0);
	assert_false(read.has_begun);
	assert_int_equal(read.n_creations, 1);
	creation = &read.creations[0];
	assert_string_equal(creation->temporary, "making-1");
	assert_string_equal(creation->made.label, "fast");
	assert_int_equal(creation->made.icid, -1);
	assert_int_equal(creation->made.n_cuts, 1);
	assert_int_equal(creation->made.cuts[0].port.id, 3);
	assert_int_equal(creation->made.cuts[0].peer.interface, 2);
	assert_int_equal(creation->before.n_names, 1);
	assert_true(names_list_has(&creation->containers, &dprc_2));
	assert_true(strings_has(&creation->host_types, "dpni"));
}

static void what_is_being_destroyed_is_read_back(void **state _unused_)
{
	static const struct name root = { "dprc", 1 }, dpni_1 = { "dpni", 1 };
	_cleanup_transaction_ struct transaction transaction = { 0 };
	_cleanup_destruction_ struct destruction written = { 0 }, read = { 0 };
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(machine_done) struct machine machine;
	struct doomed *doomed;

	machine_make(&machine, "small");
	transaction = machine_begin(&machine, "destroy");
	transaction.autorescan = true;
	for (uint32_t id = 2; id < 4; id++) {
		doomed = destruction_add(&written);
		doomed->made = (struct made){ .parent = root, .icid = 24, .portal_id = 21 };
		doomed->made.name = (struct name){ "dprc", id };
		names_list_add(&doomed->made.objects, &dpni_1);
	}
	assert_int_equal(journal_write_destruction(&transaction, &written), 0);
	load(&machine, FILE_NAME, &journal);
	assert_int_equal(journal.kind, JOURNAL_DESTRUCTION);
	assert_string_equal(journal.names, "dprc.2 dprc.3");
	assert_true(journal_has(&journal, "dprc.3"));
	assert_int_equal(journal_read_destruction(&journal, &read), 0);
	assert_int_equal(read.n_doomed, 2);
	assert_true(name_equal(&read.doomed[1].made.name, &(struct name){ "dprc", 3 }));
	assert_true(names_list_has(&read.doomed[0].made.objects, &dpni_1));
	free(take_pointer(transaction.journal));
	journal_resume_making(&transaction, &journal);
	assert_true(transaction.autorescan);
}

static void what_hangs_is_not_resumed(void **state _unused_)
{
	_cleanup_transaction_ struct transaction written = { 0 }, read = { 0 };
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "small");
	written = begin_unbind(&machine);
	assert_int_equal(journal_write(&written), 0);
	load(&machine, FILE_NAME, &journal);
	read = machine_begin(&machine, "recover");
	/* Its writer lock is still held. */
	assert_int_equal(journal_resume(&read, &journal), -ERROR_BUSY);
	machine_has_said("error dprc.2: a write by an earlier run is still pending", NULL);
}

/* Which boot it is of is what tells a record from one of the past. */
static void without_a_boot_id_nothing_is_recorded(void **state _unused_)
{
	_cleanup_transaction_ struct transaction transaction = { 0 };
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(machine_done) struct machine machine;
	const struct change *change;

	machine_make(&machine, "small");
	transaction = begin_unbind(&machine);
	change = &transaction.changes[0];
	destruction_add(&destruction)->made.name = dprc_2;
	machine_run(&machine, "rm proc/sys/kernel/random/boot_id");
	assert_int_equal(journal_write(&transaction), -ENOENT);
	assert_int_equal(journal_write_destruction(&transaction, &destruction), -ENOENT);
	assert_int_equal(bound_write(&transaction, change), -ENOENT);
	assert_int_equal(lock_write_record(&transaction, change), -ENOENT);
	assert_int_equal(made_write(&transaction, &destruction.doomed[0].made), -ENOENT);
	assert_null(transaction.journal);
	assert_int_equal(journal_remove(&transaction), 0);
	machine_run(&machine, "test -z \"$(find run -name '*.json*')\"");
}

static void only_a_dprc_is_destroyed(void **state _unused_)
{
	static const char *const texts[] = { "null", "{ }", "[ ]", "[ { } ]" };
	struct made made = { .name = { "dpni", 1 }, .parent = { "dprc", 1 } };
	struct json_object *json = json_object_new_array();
	_cleanup_destruction_ struct destruction read = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_destruction_ struct destruction none = { 0 };
		struct json_object *damaged = json_tokener_parse(texts[i]);

		assert_int_equal(destruction_from_json(damaged, &none), -EBADMSG);
		json_object_put(damaged);
	}
	json_object_array_add(json, made_to_json(&made));
	assert_int_equal(destruction_from_json(json, &read), -EBADMSG);
	json_object_put(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_is_read_back_as_it_was_written),
		cmocka_unit_test(what_is_on_when_it_is_recovered_goes_on_record),
		cmocka_unit_test(that_an_unbind_began_is_seen_by_an_object_that_went),
		cmocka_unit_test(a_dprc_that_is_gone_is_left_out),
		cmocka_unit_test(another_dprc_with_its_number_is_left_out),
		cmocka_unit_test(a_journal_of_an_earlier_boot_is_stale),
		cmocka_unit_test(a_damaged_journal_is_refused),
		cmocka_unit_test(what_is_being_made_is_known_by_its_label),
		cmocka_unit_test(what_is_being_destroyed_is_read_back),
		cmocka_unit_test(what_hangs_is_not_resumed),
		cmocka_unit_test(without_a_boot_id_nothing_is_recorded),
		cmocka_unit_test(only_a_dprc_is_destroyed),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
