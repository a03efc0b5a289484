/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Destroying containers in the emulated MC, and completing or abandoning that. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "making.h"
#include "model/bus.h"
#include "model/mc_inventory.h"
#include "transaction/destruction.h"
#include "transaction/journal.h"
#include "transaction/lock.h"
#include "verbs/doom.h"

/* A container that Linux has not seen, with a DPBP that its record says create made. */
static void begin_destroy(struct test *test, struct destruction *ret_destruction)
{
	struct doomed *doomed = destruction_add(ret_destruction);
	struct mc_dprc_look look;

	test_begin(test);
	firmware_do("{\"do\":\"create\",\"parent\":\"dprc.1\",\"id\":9,\"label\":\"fast\"}");
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.9\",\"type\":\"dpbp\",\"id\":90}");
	assert_int_equal(mc_dprc_look(&test->transaction.mc, 9, true, &look), 0);
	mc_release(&test->transaction.mc);
	doomed->made = (struct made){ .name = { "dprc", 9 },
				      .parent = { "dprc", 1 },
				      .label = "fast",
				      .icid = look.attributes.icid,
				      .portal_id = look.attributes.portal_id };
	names_list_add(&doomed->made.objects, &(struct name){ "dpbp", 90 });
	assert_int_equal(made_write(&test->transaction, &doomed->made), 0);
}

static void has_record(const struct test *test, bool has)
{
	machine_run(&test->machine, "test %s -e run/fslmc-vfio/created/dprc.9.json",
		    has ? "" : "!");
	machine_run(&test->machine, "test %s -e run/fslmc-vfio/journal/dprc.9.json",
		    has ? "" : "!");
}

static void what_is_destroyed_is_gone_with_its_record(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	machine_run(&test.machine, "mkdir -p run/fslmc-vfio/locked && "
				   "touch run/fslmc-vfio/locked/dprc.9.json");
	out_of_memory_status = EXIT_SUCCESS;
	assert_int_equal(destruction_run(&test.transaction, &destruction), 0);
	/* From the first command on, whoever runs out of memory leaves a journal. */
	assert_int_equal(out_of_memory_status, STATUS_RESIDUE);
	machine_wrote("");
	is_as_it_was(&test);
	has_record(&test, false);
	machine_run(&test.machine, "test ! -e run/fslmc-vfio/locked/dprc.9.json");
}

/* Whoever made another one with that number and label keeps it. */
static void another_container_with_its_number_stays(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_free_ char *before = NULL, *after = NULL;
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	destruction.doomed[0].made.icid++;
	before = firmware_state();
	destruction_run(&test.transaction, &destruction);
	after = firmware_state();
	assert_string_equal(after, before);
}

static void an_interrupted_destruction_is_completed(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 }, read = { 0 };
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	assert_int_equal(journal_write_destruction(&test.transaction, &destruction), 0);
	assert_int_equal(journal_load(&test.machine.sysfs, &test.transaction.rundir,
				      "journal/dprc.9.json", &journal),
			 0);
	assert_int_equal(journal_read_destruction(&journal, &read), 0);
	free(take_pointer(test.transaction.journal));
	out_of_memory_status = EXIT_SUCCESS;
	assert_int_equal(destruction_settle(&test.transaction, &journal, &read), 0);
	assert_int_equal(out_of_memory_status, STATUS_RESIDUE);
	is_as_it_was(&test);
	has_record(&test, false);
}

/* Makes another one with the number of a container that is gone, its ICID and its MC portal. */
static void make_another(struct test *test, struct made *made)
{
	struct mc_dprc_look look;

	firmware_do("{\"do\":\"create\",\"parent\":\"dprc.1\",\"id\":9,\"label\":\"other\"}");
	test->transaction.mc = firmware_open();
	assert_int_equal(mc_dprc_look(&test->transaction.mc, 9, true, &look), 0);
	mc_release(&test->transaction.mc);
	made->icid = look.attributes.icid;
	made->portal_id = look.attributes.portal_id;
}

/* Something else is left to do, and meanwhile somebody gets all that told it from others. */
static void a_recovery_leaves_who_got_the_number_of_what_is_gone(void **state _unused_)
{
	static const struct mc_end port = { .type = "dpmac", .id = 17 };
	static const struct mc_end peer = { .type = "dpni", .id = 77 };
	_cleanup_destruction_ struct destruction destruction = { 0 }, read = { 0 };
	_cleanup_free_ char *before = NULL, *after = NULL;
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	firmware_do("{\"do\":\"disconnect\",\"object\":\"dpmac.17\"}");
	made_add_cut(&destruction.doomed[0].made, &port, &peer);
	assert_int_equal(destruction_run(&test.transaction, &destruction), -ERROR_RESIDUE);
	machine_has_said("error dprc.9: dpmac.17 is not connected; it was connected to dpni.77",
			 NULL);
	assert_int_equal(journal_load(&test.machine.sysfs, &test.transaction.rundir,
				      "journal/dprc.9.json", &journal),
			 0);
	assert_int_equal(journal_read_destruction(&journal, &read), 0);
	free(take_pointer(test.transaction.journal));
	make_another(&test, &read.doomed[0].made);
	before = firmware_state();
	assert_int_equal(destruction_settle(&test.transaction, &journal, &read), -ERROR_RESIDUE);
	after = firmware_state();
	assert_string_equal(after, before);
}

static void what_cannot_be_destroyed_stays_on_record(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	firmware_do("{\"do\":\"fail\",\"command\":\"destroy_container\",\"status\":\"auth_err\","
		    "\"times\":0}");
	assert_int_equal(destruction_run(&test.transaction, &destruction), -ERROR_RESIDUE);
	machine_has_said("error dprc.9: cannot destroy dprc.9: MC status ",
			 "not all could be destroyed; run 'fslmc-vfio recover' to go on", NULL);
	has_record(&test, true);
}

static void autorescan_is_on_again_while_the_mc_hangs(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	machine_write(&test.machine, "sys/bus/fsl-mc/autorescan", "0\n");
	test.transaction.autorescan = true;
	machine_answers(0);
	machine_then(&test.machine, 1, "echo 1 >sys/bus/fsl-mc/autorescan");
	firmware_fails_after(0, -EINPROGRESS);
	assert_int_equal(destruction_run(&test.transaction, &destruction), -ERROR_TIMED_OUT);
	machine_wrote("1>bus/fsl-mc/autorescan\n");
	has_record(&test, true);
}

/* As Linux has it, with a driver or without. */
static void add_to_linux(const struct test *test, const char *driver)
{
	machine_run(&test->machine, ADD_TO_LINUX("dprc.9"));
	if (driver)
		machine_run(&test->machine,
			    "mkdir -p sys/bus/fsl-mc/drivers/%s && cd sys/bus/fsl-mc/drivers/%s && "
			    "ln -s ../../../../devices/mc/dprc.1/dprc.9 . && "
			    "ln -s ../../../../bus/fsl-mc/drivers/%s dprc.9/driver",
			    driver, driver, driver);
}

static void what_the_host_has_is_unbound_before(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	add_to_linux(&test, "fsl_mc_dprc");
	machine_answers(0);
	machine_then(&test.machine, 1,
		     "rm sys/bus/fsl-mc/drivers/*/dprc.9; " REMOVE_FROM_LINUX("dprc.9"));
	assert_int_equal(destruction_run(&test.transaction, &destruction), 0);
	machine_wrote("dprc.9>bus/fsl-mc/drivers/fsl_mc_dprc/unbind\n");
	is_as_it_was(&test);
	has_record(&test, false);
}

/* As firmware that does not take plugged objects along: a locked one lets none be unplugged. */
static void what_is_on_record_as_locked_is_unlocked_before(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;
	struct change *change;

	begin_destroy(&test, &destruction);
	add_to_linux(&test, NULL);
	assert_int_equal(change_add(&test.transaction, &(struct name){ "dprc", 9 },
				    "devices/mc/dprc.1/dprc.9", &change),
			 0);
	assert_int_equal(lock_set(&test.transaction, change, true, true), 0);
	assert_int_equal(lock_write_record(&test.transaction, change), 0);
	transaction_drop(&test.transaction, 0);
	firmware_do("{\"do\":\"fail\",\"command\":\"destroy_container\",\"status\":"
		    "\"invalid_state\",\"times\":6}");
	machine_answers(0);
	machine_then(&test.machine, 1, REMOVE_FROM_LINUX("dprc.9"));
	assert_int_equal(destruction_run(&test.transaction, &destruction), 0);
	is_as_it_was(&test);
	has_record(&test, false);
	machine_run(&test.machine, "test ! -e run/fslmc-vfio/locked/dprc.9.json");
}

static void a_driver_loses_nothing_with_a_live_connection(void **state _unused_)
{
	static const struct mc_end port = { .type = "dpmac", .id = 17 };
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;
	struct mc_end peer;

	begin_destroy(&test, &destruction);
	firmware_do("{\"do\":\"disconnect\",\"object\":\"dpmac.17\"}");
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.9\",\"type\":\"dpni\",\"id\":90}");
	firmware_do("{\"do\":\"connect\",\"a\":\"dpni.90\",\"b\":\"dpmac.17\"}");
	add_to_linux(&test, "fsl_mc_dprc");
	test.transaction.mc = firmware_open();
	assert_int_equal(making_peer(&test.making, &port, &peer), 1);
	mc_release(&test.transaction.mc);
	machine_answers(-EIO);
	assert_int_equal(destruction_run(&test.transaction, &destruction), -ERROR_RESIDUE);
	test.transaction.mc = firmware_open();
	assert_int_equal(making_peer(&test.making, &port, &peer), 0);
}

static void what_is_vfio_s_by_now_is_not_destroyed(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_free_ char *before = NULL, *after = NULL;
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	add_to_linux(&test, "vfio-fsl-mc");
	before = firmware_state();
	assert_int_equal(destruction_run(&test.transaction, &destruction), -ERROR_RESIDUE);
	after = firmware_state();
	assert_string_equal(after, before);
	/* Not by unbind, which wants recover to be first. */
	machine_has_said("error dprc.9: bound to vfio-fsl-mc meanwhile; once nothing uses it, run: "
			 "echo dprc.9 > /sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind; then "
			 "'fslmc-vfio recover'",
			 NULL);
	has_record(&test, true);
}

/* Only recover can go on, once the kernel has. */
static void a_destruction_that_hangs_leaves_its_journal(void **state _unused_)
{
	static const struct {
		bool is_linux_s;
		const char *driver;
		int n_commands;
	} cases[] = {
		{ true, "fsl_mc_dprc", -1 }, /* the unbind hangs, */
		{ true, NULL, -1 },	     /* the scan afterwards, */
		{ false, NULL, 0 },	     /* and each command in its turn */
		{ false, NULL, 30 },	     { false, NULL, 36 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_destruction_ struct destruction destruction = { 0 };
		_cleanup_(test_end) struct test test;

		begin_destroy(&test, &destruction);
		if (cases[i].is_linux_s)
			add_to_linux(&test, cases[i].driver);
		machine_answers(-EINPROGRESS);
		if (cases[i].n_commands >= 0)
			firmware_fails_after((unsigned int)cases[i].n_commands, -EINPROGRESS);
		assert_int_equal(destruction_run(&test.transaction, &destruction),
				 -ERROR_TIMED_OUT);
		has_record(&test, true);
	}
}

static void what_others_created_goes_to_the_parent(void **state _unused_)
{
	static const struct name dpcon_1 = { "dpcon", 1 };
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	firmware_do("{\"do\":\"unplug\",\"object\":\"dpcon.1\"}");
	firmware_do("{\"do\":\"assign\",\"object\":\"dpcon.1\",\"container\":\"dprc.9\"}");
	names_list_add(&destruction.doomed[0].made.objects, &dpcon_1);
	assert_int_equal(destruction_run(&test.transaction, &destruction), 0);
	machine_has_said("warning dpcon.1: created elsewhere, so it went to dprc.1, unplugged; "
			 "whoever created it can destroy it\n",
			 NULL);
	assert_true(names_list_has(&destruction.doomed[0].orphans, &dpcon_1));
	assert_int_equal(destruction.doomed[0].orphans.n_names, 1);
}

/* A number that is free may have been given out again, but not with the label. */
static void what_create_made_for_the_host_goes_by_its_label(void **state _unused_)
{
	static const struct name ours = { "dpbp", 91 }, others = { "dpbp", 92 };
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;
	_cleanup_free_ char *state_now = NULL;

	begin_destroy(&test, &destruction);
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":91,"
		    "\"label\":\"fast\"}");
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":92,"
		    "\"label\":\"slow\"}");
	names_list_add(&destruction.doomed[0].made.host_objects, &ours);
	names_list_add(&destruction.doomed[0].made.host_objects, &others);
	machine_answers(0);
	assert_int_equal(destruction_run(&test.transaction, &destruction), 0);
	state_now = firmware_state();
	assert_null(strstr(state_now, "dpbp.91"));
	assert_non_null(strstr(state_now, "dpbp.92"));
}

static void without_a_record_nothing_is_destroyed(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_free_ char *before = NULL, *after = NULL;
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	before = firmware_state();
	machine_run(&test.machine, "rmdir run/fslmc-vfio/journal");
	assert_int_equal(destruction_run(&test.transaction, &destruction), -ERROR_FAILED);
	after = firmware_state();
	assert_string_equal(after, before);
	machine_has_said("error none: cannot put the change on record in /run/fslmc-vfio: ", NULL);
}

/* Writes the journal of a destruction, and reads it, as recover does. */
static void interrupt_destroy(struct test *test, struct destruction *destruction,
			      struct journal *ret_journal)
{
	begin_destroy(test, destruction);
	test->transaction.autoprobe = true;
	assert_int_equal(journal_write_destruction(&test->transaction, destruction), 0);
	test->transaction.autoprobe = false;
	assert_int_equal(journal_load(&test->machine.sysfs, &test->transaction.rundir,
				      "journal/dprc.9.json", ret_journal),
			 0);
	free(take_pointer(test->transaction.journal));
}

static void records_that_cannot_be_removed_are_said(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(test_end) struct test test;

	interrupt_destroy(&test, &destruction, &journal);
	machine_run(&test.machine, "cd run/fslmc-vfio && rm */dprc.9.json && "
				   "mkdir journal/dprc.9.json created/dprc.9.json");
	assert_int_equal(destruction_settle(&test.transaction, &journal, &destruction),
			 -ERROR_RESIDUE);
	machine_has_said("warning dprc.9: cannot remove what is on record of it\n",
			 "error none: the journal in /run/fslmc-vfio cannot be removed: ", NULL);
	is_as_it_was(&test);
}

static void a_destruction_is_abandoned_and_said(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(test_end) struct test test;

	interrupt_destroy(&test, &destruction, &journal);
	machine_write(&test.machine, "sys/bus/fsl-mc/drivers_autoprobe", "0\n");
	assert_int_equal(making_abandon(&test.transaction, &journal), 0);
	machine_has_said(
		"warning dprc.9: left as it is; 'fslmc-vfio list' shows what there is, and "
		"'fslmc-vfio destroy --foreign' takes an unfinished container away",
		"error none: drivers_autoprobe is off and was on", NULL);
	machine_run(&test.machine, "cd run/fslmc-vfio && test -e created/dprc.9.json && "
				   "test ! -e journal/dprc.9.json && mkdir journal/dprc.9.json");
	free(take_pointer(test.transaction.journal));
	assert_int_equal(making_abandon(&test.transaction, &journal), -ERROR_RESIDUE);
	machine_has_said("error dprc.9: cannot remove its journal: ", NULL);
}

static void a_container_that_cannot_be_asked_is_left(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	firmware_do("{\"do\":\"fail\",\"command\":\"get_attributes\",\"status\":"
		    "\"auth_err\",\"times\":0}");
	assert_int_equal(destruction_run(&test.transaction, &destruction), -ERROR_RESIDUE);
	machine_has_said("error dprc.9: cannot open it in the MC: MC status ", NULL);
	has_record(&test, true);
}

/* An unbind that hangs has removed the link to the driver already. */
static void what_another_write_is_about_is_left(void **state _unused_)
{
	static const char *const drivers[] = { "fsl_mc_dprc", NULL };

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		_cleanup_destruction_ struct destruction destruction = { 0 };
		_cleanup_free_ char *before = NULL, *after = NULL;
		_cleanup_(test_end) struct test test;
		_cleanup_close_ int writer = -1;

		begin_destroy(&test, &destruction);
		add_to_linux(&test, drivers[i]);
		before = firmware_state();
		writer = rundir_lock_writer(&test.transaction.rundir, "dprc.9", 0);
		machine_answers(0);
		assert_int_equal(destruction_run(&test.transaction, &destruction),
				 -ERROR_TIMED_OUT);
		machine_has_said("error dprc.9: a write by an earlier run is still pending", NULL);
		machine_wrote("");
		after = firmware_state();
		assert_string_equal(after, before);
		has_record(&test, true);
	}
}

/* Somebody unbinds it by hand, and that hangs: then nobody has its writer lock. */
static void what_is_still_being_unbound_is_left(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_free_ char *before = NULL, *after = NULL;
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	add_to_linux(&test, NULL);
	machine_run(&test.machine, ADD_TO_LINUX("dprc.9/dpbp.90"));
	machine_write(&test.machine, "sys/bus/fsl-mc/autorescan", "1\n");
	before = firmware_state();
	machine_answers(0);
	machine_then(&test.machine, 1, "echo 0 >sys/bus/fsl-mc/autorescan");
	assert_int_equal(destruction_run(&test.transaction, &destruction), -ERROR_TIMED_OUT);
	machine_has_said("error dprc.9: unbind in progress or hung: no driver bound, but 1 child "
			 "objects remain; run 'fslmc-vfio recover' once it has ended\n",
			 NULL);
	/* Five times, because here nothing comes of it. */
	machine_wrote("0>bus/fsl-mc/autorescan\n1>bus/fsl-mc/autorescan\n"
		      "1>bus/fsl-mc/autorescan\n1>bus/fsl-mc/autorescan\n"
		      "1>bus/fsl-mc/autorescan\n1>bus/fsl-mc/autorescan\n");
	after = firmware_state();
	assert_string_equal(after, before);
	has_record(&test, true);
}

/* Nor is it unbound by a later try. */
static void what_cannot_be_locked_is_left(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &destruction);
	add_to_linux(&test, "fsl_mc_dprc");
	machine_run(&test.machine, "mkdir run/fslmc-vfio/dprc.9.writer");
	machine_answers(0);
	assert_int_equal(destruction_run(&test.transaction, &destruction), -ERROR_RESIDUE);
	machine_has_said("error dprc.9: cannot lock it in /run/fslmc-vfio: ", NULL);
	machine_wrote("");
	has_record(&test, true);
}

/* What destroy would do with it, having asked the MC. */
static int doom(struct test *test, bool foreign, struct destruction *ret_destruction)
{
	_cleanup_strings_ struct strings names = { 0 };

	strings_add(&names, "dprc.9");
	bus_free(take_pointer(test->bus));
	assert_int_equal(bus_load(&test->machine.sysfs, &test->bus), 0);
	assert_int_equal(mc_inventory_load(test->bus, MC_ENDPOINTS, &test->transaction.mc), 0);
	mc_release(&test->transaction.mc);
	return doom_all(&test->transaction, test->bus, &names, foreign, ret_destruction);
}

/* restool gives it another one; what create made for the host keeps its own. */
static void another_label_makes_no_other_container(void **state _unused_)
{
	static const struct mc_end port = { .type = "dpmac", .id = 17 };
	static const struct mc_end peer = { .type = "dpni", .id = 0 };
	static const struct name host_object = { "dpbp", 91 };
	_cleanup_destruction_ struct destruction made = { 0 }, doomed = { 0 };
	_cleanup_(test_end) struct test test;
	_cleanup_free_ char *now = NULL;
	struct mc_end now_peer;

	begin_destroy(&test, &made);
	add_to_linux(&test, NULL);
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":91,"
		    "\"label\":\"fast\"}");
	firmware_do("{\"do\":\"disconnect\",\"object\":\"dpmac.17\"}");
	names_list_add(&made.doomed[0].made.host_objects, &host_object);
	made_add_cut(&made.doomed[0].made, &port, &peer);
	assert_int_equal(made_write(&test.transaction, &made.doomed[0].made), 0);
	firmware_do("{\"do\":\"label\",\"object\":\"dprc.9\",\"label\":\"slow\"}");

	assert_int_equal(doom(&test, false, &doomed), 0);
	machine_has_said_nothing();
	assert_true(doomed.doomed[0].is_recorded);
	assert_string_equal(doomed.doomed[0].label, "slow");
	machine_answers(0);
	machine_then(&test.machine, 1, REMOVE_FROM_LINUX("dprc.9"));
	assert_int_equal(destruction_run(&test.transaction, &doomed), 0);
	now = firmware_state();
	assert_null(strstr(now, "dprc.9"));
	assert_null(strstr(now, "dpbp.91"));
	test.transaction.mc = firmware_open();
	assert_int_equal(making_peer(&test.making, &port, &now_peer), 1);
	assert_string_equal(now_peer.type, "dpni");
	has_record(&test, false);
}

/* Not even by --foreign: the connections in it would be lost. */
/* Whoever pastes the commands must not run what somebody called an interface. */
static void an_interface_in_use_is_named_as_a_shell_takes_it(void **state _unused_)
{
	static const struct name host_object = { "dpni", 9 };
	_cleanup_destruction_ struct destruction made = { 0 }, doomed = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &made);
	add_to_linux(&test, NULL);
	names_list_add(&made.doomed[0].made.host_objects, &host_object);
	assert_int_equal(made_write(&test.transaction, &made.doomed[0].made), 0);
	machine_run(&test.machine,
		    ADD_TO_LINUX("dpni.9") " && mkdir -p sys/bus/fsl-mc/drivers/fsl_dpaa2_eth && "
					   "cd sys/bus/fsl-mc/drivers/fsl_dpaa2_eth && "
					   "ln -s ../../../../devices/mc/dprc.1/dpni.9 . && "
					   "ln -s ../fsl_dpaa2_eth dpni.9/driver && "
					   "mkdir -p 'dpni.9/net/a;b' && cd 'dpni.9/net/a;b' && "
					   "echo 0x1003 >flags && ln -s br0 master");
	assert_int_equal(doom(&test, false, &doomed), -ERROR_REFUSED);
	machine_has_said("run `ip link set 'a;b' down; ip addr flush dev 'a;b'; ip link set 'a;b' "
			 "nomaster`",
			 NULL);
}

static void what_has_an_unreadable_record_is_not_destroyed(void **state _unused_)
{
	static const char *const commands[] = { "ln -sf nowhere", "mkdir" };
	_cleanup_destruction_ struct destruction made = { 0 };
	_cleanup_(test_end) struct test test;

	begin_destroy(&test, &made);
	add_to_linux(&test, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		_cleanup_destruction_ struct destruction doomed = { 0 };

		machine_run(&test.machine,
			    "cd run/fslmc-vfio/created && rm dprc.9.json && "
			    "%s dprc.9.json",
			    commands[i]);
		assert_int_equal(doom(&test, true, &doomed), -ERROR_REFUSED);
		machine_has_said("error dprc.9: the record of what create made, "
				 "/run/fslmc-vfio/created/dprc.9.json, cannot be read: ",
				 NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_destroyed_is_gone_with_its_record),
		cmocka_unit_test(another_container_with_its_number_stays),
		cmocka_unit_test(an_interrupted_destruction_is_completed),
		cmocka_unit_test(a_recovery_leaves_who_got_the_number_of_what_is_gone),
		cmocka_unit_test(what_cannot_be_destroyed_stays_on_record),
		cmocka_unit_test(autorescan_is_on_again_while_the_mc_hangs),
		cmocka_unit_test(what_the_host_has_is_unbound_before),
		cmocka_unit_test(what_is_on_record_as_locked_is_unlocked_before),
		cmocka_unit_test(a_driver_loses_nothing_with_a_live_connection),
		cmocka_unit_test(what_is_vfio_s_by_now_is_not_destroyed),
		cmocka_unit_test(a_destruction_that_hangs_leaves_its_journal),
		cmocka_unit_test(what_others_created_goes_to_the_parent),
		cmocka_unit_test(what_create_made_for_the_host_goes_by_its_label),
		cmocka_unit_test(without_a_record_nothing_is_destroyed),
		cmocka_unit_test(records_that_cannot_be_removed_are_said),
		cmocka_unit_test(a_destruction_is_abandoned_and_said),
		cmocka_unit_test(a_container_that_cannot_be_asked_is_left),
		cmocka_unit_test(what_another_write_is_about_is_left),
		cmocka_unit_test(what_is_still_being_unbound_is_left),
		cmocka_unit_test(what_cannot_be_locked_is_left),
		cmocka_unit_test(another_label_makes_no_other_container),
		cmocka_unit_test(an_interface_in_use_is_named_as_a_shell_takes_it),
		cmocka_unit_test(what_has_an_unreadable_record_is_not_destroyed),
	};

	return cmocka_run_group_tests_name("destroying", tests, NULL, NULL);
}
