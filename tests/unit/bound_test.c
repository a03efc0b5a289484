/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records that outlive a run: what bind found, what is locked, what create made. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/mc.h"
#include "machine.h"
#include "model/bus.h"
#include "model/object.h"
#include "transaction/bound.h"
#include "transaction/lock.h"
#include "transaction/made.h"

#define PLACE "devices/platform/soc/80c000000.fsl-mc/dprc.1/dprc.3"

static const struct name dprc_1 = { "dprc", 1 }, dprc_3 = { "dprc", 3 };

/* dprc.3 in a run of any verb. */
static struct change *begin(const struct machine *machine, struct transaction *ret_transaction)
{
	struct change *change;

	*ret_transaction = machine_begin(machine, "bind");
	assert_int_equal(change_add(ret_transaction, &dprc_3, PLACE, &change), 0);
	change->identity = (struct identity){ .icid = 25, .portal_id = 22 };
	return change;
}

/* What a bind of dprc.3 leaves. */
static void leave(const struct machine *machine)
{
	_cleanup_transaction_ struct transaction transaction;
	struct change *change = begin(machine, &transaction);
	_cleanup_bus_ struct bus *bus = NULL;

	assert_int_equal(bus_load(&machine->sysfs, &bus), 0);
	snapshot_take(bus, &transaction.snapshot);
	strings_add(&transaction.expected_losses, "dpni.0");
	strings_add(&change->interfaces, "dpni.10 eth1 (up)");
	assert_int_equal(bound_write(&transaction, change), 0);
	assert_int_equal(lock_write_record(&transaction, change), 0);
}

static void unbind_reads_what_bind_found(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = { 0 };
	_cleanup_(binding_done) struct binding found = { 0 };
	struct change *change;

	machine_make(&machine, "small");
	leave(&machine);
	change = begin(&machine, &transaction);
	assert_int_equal(bound_read(&transaction, change, &found), 0);
	assert_string_equal(found.driver, "fsl_mc_dprc");
	assert_null(found.driver_override);
	assert_string_equal(change->interfaces.texts[0], "dpni.10 eth1 (up)");
	assert_true(strings_has(&change->losses, "dpni.0"));
	assert_string_equal(snapshot_find(&change->found, &(struct name){ "dpni", 10 })->driver,
			    "fsl_dpaa2_eth");
	assert_int_equal(bound_remove(&transaction, change), 0);
	assert_int_equal(bound_read(&transaction, change, &found), -ENOENT);
}

/* Of another boot, or of another DPRC that had the number; a damaged one is neither. */
static void only_the_record_of_this_dprc_counts(void **state _unused_)
{
	static const struct {
		const char *command; /* in the run directory */
		int64_t icid;
		int error;
	} cases[] = {
		{ "true", 25, 0 },
		{ "true", -1, 0 },
		{ "true", 26, -ESTALE },
		{ "sed -i 's/\"inode\":[0-9]*/\"inode\":1/' bound/dprc.3.json", 25, -ESTALE },
		{ "sed -i 's/\"boot_id\":\"0/\"boot_id\":\"1/' bound/dprc.3.json", 25, -ESTALE },
		{ "sed -i 's/\"format\":[0-9]*/\"format\":4/' bound/dprc.3.json", 25, -EBADMSG },
		{ "sed -i 's/\"losses\"/\"gains\"/' bound/dprc.3.json", 25, -EBADMSG },
		{ "sed -i 's/\"objects\"/\"things\"/' bound/dprc.3.json", 25, -EBADMSG },
		{ "sed -i 's/\"before\"/\"earlier\"/' bound/dprc.3.json", 25, -EBADMSG },
		{ "echo >bound/dprc.3.json", 25, -EBADMSG },
	};
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "small");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_transaction_ struct transaction transaction = { 0 };
		struct binding found = { 0 };
		struct change *change;
		int r;

		leave(&machine);
		machine_run(&machine, "cd run/fslmc-vfio && sed -i 's/\": */\":/' bound/* && %s",
			    cases[i].command);
		change = begin(&machine, &transaction);
		change->identity.icid = cases[i].icid;
		r = bound_read(&transaction, change, &found);
		if (r != cases[i].error)
			fail_msg("%s: %d", cases[i].command, r);
		binding_done(&found);
	}
}

static void a_lock_is_known_until_it_is_undone(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = { 0 };
	_cleanup_bus_ struct bus *bus = NULL;
	struct change *change;

	machine_make(&machine, "small");
	leave(&machine);
	assert_int_equal(bus_load(&machine.sysfs, &bus), 0);
	change = begin(&machine, &transaction);
	assert_int_equal(lock_read_record(&transaction, change), 0);
	assert_int_equal(change->lock, LOCK_ON);
	assert_true(change->locked_before && change->locked_after);
	/* Who may not look in the run directory is told of none. */
	assert_int_equal(lock_is_on_record(&machine.sysfs, bus_find_dprc(bus, &dprc_3)),
			 geteuid() == 0);
	assert_false(lock_is_on_record(&machine.sysfs, bus_find_dprc(bus, &dprc_1)));
	/* Another DPRC with its number is not locked. */
	change->identity.icid = 26;
	assert_int_equal(lock_read_record(&transaction, change), 0);
	assert_int_equal(change->lock, LOCK_OFF);
	change->identity.icid = 25;
	assert_int_equal(lock_remove_record(&transaction, &change->name), 0);
	assert_int_equal(lock_read_record(&transaction, change), 0);
	assert_false(change->locked_before || change->lock != LOCK_OFF);
}

/* The lock is the MC's, and stays when Linux removes the device and adds it again. */
static void a_lock_outlives_the_device(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = { 0 };
	_cleanup_strings_ struct strings names = { 0 };
	_cleanup_bus_ struct bus *bus = NULL;
	struct change *change;

	machine_make(&machine, "small");
	leave(&machine);
	machine_run(&machine, "cd sys/" PLACE "/.. && cp -a dprc.3 x && rm -r dprc.3 && "
			      "mv x dprc.3");
	change = begin(&machine, &transaction);
	assert_int_equal(bound_prune(&transaction, &names), 0);
	assert_int_equal(lock_read_record(&transaction, change), 0);
	assert_true(change->locked_before && !change->locked_after);
	assert_int_equal(change->lock, LOCK_UNKNOWN);
	assert_true(change_is_needed(change));
	/* Nobody claims that it is locked. */
	assert_int_equal(bus_load(&machine.sysfs, &bus), 0);
	assert_false(lock_is_on_record(&machine.sysfs, bus_find_dprc(bus, &dprc_3)));
	/* Without the MC it may be another one. */
	change->identity.icid = change->identity.portal_id = IDENTITY_UNKNOWN;
	assert_int_equal(lock_read_record(&transaction, change), 0);
	assert_int_equal(change->lock, LOCK_OFF);
	change->identity = (struct identity){ .icid = 25, .portal_id = 23 };
	assert_int_equal(lock_read_record(&transaction, change), 0);
	assert_int_equal(change->lock, LOCK_OFF);
}

/* Whether it is locked is unknown then, and it must not pass for unlocked. */
static void a_lock_is_unknown_while_its_record_cannot_be_read(void **state _unused_)
{
	static const struct {
		const char *command; /* in the directory of the records */
		int error;
	} cases[] = {
		{ "echo >dprc.3.json", -EBADMSG },
		{ "rm dprc.3.json && mkdir dprc.3.json", -EBADMSG },
		{ "ln -sf nowhere dprc.3.json", -ELOOP },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(machine_done) struct machine machine;
		_cleanup_transaction_ struct transaction transaction = { 0 };
		struct change *change;

		machine_make(&machine, "small");
		leave(&machine);
		change = begin(&machine, &transaction);
		machine_run(&machine, "cd run/fslmc-vfio/locked && %s", cases[i].command);
		assert_int_equal(lock_read_record(&transaction, change), cases[i].error);
	}
}

static void an_interface_that_bind_took_is_found_by_its_name(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_bus_ struct bus *bus = NULL;
	const struct object *object;

	machine_make(&machine, "small");
	leave(&machine);
	assert_int_equal(bus_load(&machine.sysfs, &bus), 0);
	object = bound_find_interface(bus, "eth1");
	assert_int_equal(object != NULL, geteuid() == 0);
	assert_true(!object || object->name.id == 10);
	assert_null(bound_find_interface(bus, "eth"));
	assert_null(bound_find_interface(bus, "eth10"));
	machine_write(&machine, "proc/sys/kernel/random/boot_id", "another\n");
	assert_null(bound_find_interface(bus, "eth1"));
}

static void records_of_devices_that_are_no_more_are_removed(void **state _unused_)
{
	static const struct {
		const char *command;
		const char *names;
	} cases[] = {
		{ "true", "" },
		{ "rm -r sys/" PLACE, "dprc.3" },
		{ "cd sys/" PLACE "/.. && cp -a dprc.3 x && rm -r dprc.3 && mv x dprc.3",
		  "dprc.3" },
		{ "echo another >proc/sys/kernel/random/boot_id", "dprc.3" },
		/* What cannot be read is left for people. */
		{ "rm run/fslmc-vfio/locked/* && echo >run/fslmc-vfio/bound/dprc.3.json", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(machine_done) struct machine machine;
		_cleanup_transaction_ struct transaction transaction = { 0 };
		_cleanup_strings_ struct strings names = { 0 };
		_cleanup_free_ char *text = NULL;

		machine_make(&machine, "small");
		leave(&machine);
		machine_run(&machine, "%s", cases[i].command);
		transaction = machine_begin(&machine, "recover");
		assert_int_equal(bound_prune(&transaction, &names), 0);
		text = strings_join(&names, " ");
		assert_string_equal(text, cases[i].names);
		machine_run(&machine, "test %s -e run/fslmc-vfio/bound/dprc.3.json",
			    *cases[i].names ? "!" : "");
	}
}

/* Whoever prunes is told that it could not be done. */
static void what_cannot_be_listed_is_not_pruned(void **state _unused_)
{
	static const char *const folders[] = { "locked", "bound" };
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = { 0 };
	_cleanup_strings_ struct strings names = { 0 };

	machine_make(&machine, "small");
	transaction = machine_begin(&machine, "recover");
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		machine_run(&machine, "rmdir run/fslmc-vfio/%s", folders[i]);
		assert_int_equal(bound_prune(&transaction, &names), -ENOENT);
		machine_run(&machine, "mkdir -p run/fslmc-vfio/locked");
	}
}

static struct made made_fast(void)
{
	static const struct name dpni_1 = { "dpni", 1 }, dpmcp_7 = { "dpmcp", 7 };
	struct made made = {
		.name = dprc_3, .parent = dprc_1, .label = "fast", .icid = 25, .portal_id = 22
	};

	names_list_add(&made.objects, &dpni_1);
	names_list_add(&made.objects, &dpmcp_7);
	made_add_cut(&made, &(struct mc_end){ .type = "dpmac", .id = 3 },
		     &(struct mc_end){ .type = "dpsw", .id = 0, .interface = 2 });
	return made;
}

static void destroy_reads_what_create_made(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = { 0 };
	_cleanup_made_ struct made written = made_fast(), read = { 0 }, none = { 0 };
	_cleanup_free_ char *peer = NULL;

	machine_make(&machine, "small");
	transaction = machine_begin(&machine, "create");
	assert_int_equal(made_write(&transaction, &written), 0);
	assert_int_equal(made_read(&transaction, &dprc_3, &read), 0);
	assert_string_equal(read.label, "fast");
	assert_true(name_equal(&read.parent, &dprc_1));
	assert_int_equal(read.icid, 25);
	assert_int_equal(read.objects.n_names, 2);
	peer = made_end_text(&read.cuts[0].peer);
	assert_string_equal(peer, "dpsw.0 interface 2");
	/* Two MC portals: its own, and that of its DPMCP. */
	made_note_portals(&read);
	machine_has_said("note dprc.3: up to 2 MC portals", NULL);

	machine_write(&machine, "proc/sys/kernel/random/boot_id", "another\n");
	assert_int_equal(made_read(&transaction, &dprc_3, &none), -ESTALE);
	assert_int_equal(made_remove(&transaction, &dprc_3), 0);
	assert_int_equal(made_read(&transaction, &dprc_3, &none), -ENOENT);
}

/* Nobody may know the number of one that was not completed, but its label. */
static void what_was_not_completed_is_forgotten_by_its_label(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = { 0 };
	_cleanup_made_ struct made made = made_fast(), read = { 0 };
	struct names_list others = { 0 }, nobody = { 0 };

	machine_make(&machine, "small");
	transaction = machine_begin(&machine, "recover");
	machine_write(&machine, "run/fslmc-vfio/created/dprc.9.json", "no record");
	names_list_add(&others, &dprc_3);
	assert_int_equal(made_write(&transaction, &made), 0);
	made_forget(&transaction, "slow", &nobody);
	made_forget(&transaction, "fast", &others);
	assert_int_equal(made_read(&transaction, &dprc_3, &read), 0);
	made_done(&read);
	made_forget(&transaction, "fast", &nobody);
	assert_int_equal(made_read(&transaction, &dprc_3, &read), -ENOENT);
	names_list_done(&others);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unbind_reads_what_bind_found),
		cmocka_unit_test(only_the_record_of_this_dprc_counts),
		cmocka_unit_test(a_lock_is_known_until_it_is_undone),
		cmocka_unit_test(a_lock_outlives_the_device),
		cmocka_unit_test(a_lock_is_unknown_while_its_record_cannot_be_read),
		cmocka_unit_test(an_interface_that_bind_took_is_found_by_its_name),
		cmocka_unit_test(records_of_devices_that_are_no_more_are_removed),
		cmocka_unit_test(what_cannot_be_listed_is_not_pruned),
		cmocka_unit_test(destroy_reads_what_create_made),
		cmocka_unit_test(what_was_not_completed_is_forgotten_by_its_label),
	};

	return cmocka_run_group_tests_name("bound", tests, NULL, NULL);
}
