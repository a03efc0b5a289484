/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making containers in the emulated MC: what fails half-way is taken back there, and what a killed
 * run left is found again.
 */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/signals.h"
#include "base/util.h"
#include "layout/layout.h"
#include "making.h"
#include "model/bus.h"
#include "model/mc_inventory.h"
#include "transaction/creation.h"
#include "transaction/creation_parts.h"
#include "transaction/journal.h"
#include "transaction/transaction.h"

static void has_journal(const struct test *test, bool has)
{
	machine_run(&test->machine, "test %s -e run/fslmc-vfio/journal/dprc.1.json",
		    has ? "" : "!");
}

/* A DPNI at dpmac.17, which dpni.0 of the host has now, an MC portal, and a DPBP for the host. */
static struct layout_object objects[] = { { .type = "dpni", .dpni = { .queues = 2, .tcs = 1 } },
					  { .type = "dpmcp" },
					  { .type = "dpbp", .in_parent = true } };
static struct layout_connection connections[] = {
	{ .peer = PEER_DPMAC, .dpmac = 17, .cuts = true, .cut_off = { .type = "dpni", .id = 0 } }
};
static struct layout_address addresses[] = { { .bytes = { 2, 0, 0, 0, 0, 10 } } };
static const struct layout layout = {
	.label = "fast",
	.options = MC_DPRC_SPAWN | MC_DPRC_ALLOC,
	.parent = { "dprc", 1 },
	.objects = objects,
	.n_objects = ARRAY_SIZE(objects),
	.connections = connections,
	.n_connections = ARRAY_SIZE(connections),
	.addresses = addresses,
	.n_addresses = ARRAY_SIZE(addresses),
};

static int create(struct test *test)
{
	return transaction_create(&test->transaction, test->bus, &layout, 1);
}

/* The MC has made it, and Linux has found it. */
static void begin_made(struct test *test)
{
	test_begin(test);
	machine_answers(0);
	machine_then(&test->machine, 1, ADD_TO_LINUX("dprc.4"));
	assert_int_equal(create(test), 0);
}

/* The root DPRC of a guest is what others made of it. */
static void a_root_that_may_make_no_dprc_is_named(void **state _unused_)
{
	static const char *const said[] = {
		"error fast: cannot create the dprc: MC status config_err\n",
		"error fast: cannot create the dprc: MC status config_err; dprc.1 has no option "
		"SPAWN_ALLOWED; give it that where it is made, or create the DPRC there\n",
	};
	static const struct name root = { "dprc", 1 };

	for (size_t i = 0; i < ARRAY_SIZE(said); i++) {
		_cleanup_(test_end) struct test test;
		struct mc_container *parent;

		test_begin(&test);
		parent = (struct mc_container *)mc_inventory_find(test.bus->mc, &root);
		parent->options = i ? MC_DPRC_ALLOC : MC_DPRC_SPAWN;
		firmware_do("{\"do\":\"fail\",\"command\":\"create_container\",\"status\":"
			    "\"config_err\"}");
		assert_int_equal(create(&test), -ERROR_FAILED);
		machine_has_said(said[i], NULL);
		is_as_it_was(&test);
	}
}

/* Which option old firmware wants, its status does not say. */
static void old_firmware_may_want_an_option(void **state _unused_)
{
	static const struct {
		unsigned int minor, after;
		const char *said;
	} cases[] = {
		{ 19, 0,
		  "error fast: cannot create a dpni: MC status no_privilege; firmware before MC "
		  "10.20 may require OBJ_CREATE_ALLOWED for that; add it to the options of the "
		  "DPRC" },
		{ 20, 0, "error fast: cannot create the dpni: MC status no_privilege" },
		/* In the root, whose options nobody here gives it. */
		{ 19, 2, "error fast: cannot create the dpbp: MC status no_privilege" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(test_end) struct test test;

		test_begin(&test);
		test.bus->mc->version.minor = cases[i].minor;
		firmware_do("{\"do\":\"fail\",\"command\":\"create\",\"status\":\"no_privilege\","
			    "\"after\":%u}",
			    cases[i].after);
		assert_int_equal(create(&test), -ERROR_FAILED);
		machine_has_said(cases[i].said, NULL);
		is_as_it_was(&test);
	}
}

/* The nearest to the end that the MC alone can take it. */
static void what_linux_does_not_find_is_taken_back(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	assert_int_equal(create(&test), -ERROR_FAILED);
	machine_wrote("1>bus/fsl-mc/rescan\n");
	machine_has_said("cannot write '1' to /sys/bus/fsl-mc/rescan", NULL);
	is_as_it_was(&test);
	has_journal(&test, false);
}

static void what_the_mc_refuses_is_taken_back(void **state _unused_)
{
	static const struct {
		const char *command, *status, *said;
		int after;
	} cases[] = {
		{ "create_container", "no_resource",
		  "cannot create the dprc: the MC has no resource left; it takes some of these "
		  "pools, and maybe of others: mcp has ",
		  0 },
		{ "create", "no_resource", "cannot create the dpni: the MC has no resource left",
		  0 },
		{ "create", "no_resource", "; ask for less, or destroy a container", 0 },
		{ "create_container", "no_resource",
		  "; ask for less, or reboot the board to get back the portals of destroyed "
		  "DPMCPs",
		  0 },
		{ "create", "no_resource",
		  "; ask for less, or reboot the board to get back the portals of destroyed "
		  "DPMCPs",
		  1 },
		{ "create", "config_err", "cannot create the dpmcp: MC status config_err", 1 },
		{ "set_obj_label", "no_privilege", "cannot label dpbp.", 0 },
		{ "assign", "invalid_state", "cannot plug dpni.", 0 },
		{ "assign", "invalid_state", "cannot plug dpbp.", 2 },
		{ "disconnect", "invalid_state", "cannot disconnect dpmac.17", 0 },
		{ "connect", "config_err", "cannot connect dpni.", 0 },
		{ "set_prim_mac", "unsupported_op", "cannot set the MAC address of dpni.", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(test_end) struct test test;

		test_begin(&test);
		firmware_do("{\"do\":\"fail\",\"command\":\"%s\",\"status\":\"%s\",\"after\":%d}",
			    cases[i].command, cases[i].status, cases[i].after);
		assert_int_equal(create(&test), -ERROR_FAILED);
		machine_has_said(cases[i].said, NULL);
		machine_wrote("");
		is_as_it_was(&test);
		has_journal(&test, false);
	}
}

static void a_port_that_changed_meanwhile_is_not_taken(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	firmware_do("{\"do\":\"disconnect\",\"object\":\"dpmac.17\"}");
	assert_int_equal(create(&test), -ERROR_FAILED);
	machine_has_said("error fast: dpmac.17 was connected to something else meanwhile; nothing "
			 "was changed",
			 NULL);
	has_journal(&test, false);
}

static void an_icid_without_an_iommu_is_given_back(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	machine_run(&test.machine, "printf '\\0\\0\\0\\0\\0\\0\\0\\1\\0\\0\\0\\0\\0\\0\\0\\1' "
				   ">sys/firmware/devicetree/base/soc/mc@0/iommu-map");
	assert_int_equal(create(&test), -ERROR_FAILED);
	machine_has_said("which no IOMMU covers by the iommu-map", NULL);
	is_as_it_was(&test);
}

/* A create that is killed while Linux scans: all is there in the MC, but not its label. */
static void interrupt(struct test *test)
{
	test_begin(test);
	machine_answers(-EINPROGRESS);
	assert_int_equal(create(test), -ERROR_TIMED_OUT);
	machine_has_said("still pending in the kernel", NULL);
	transaction_done(&test->transaction);
	test->transaction = machine_begin(&test->machine, "recover");
	machine_answers(-EIO);
}

/* Takes up what that left. */
static void resume(struct test *test, struct journal *ret_journal)
{
	assert_int_equal(journal_load(&test->machine.sysfs, &test->transaction.rundir,
				      "journal/dprc.1.json", ret_journal),
			 0);
	assert_int_equal(journal_resume(&test->transaction, ret_journal), 0);
}

static int recover(struct test *test, bool *ret_as_asked)
{
	_cleanup_journal_ struct journal journal = { 0 };

	resume(test, &journal);
	return transaction_settle(&test->transaction, ret_as_asked);
}

static void what_a_killed_run_left_is_taken_back(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	interrupt(&test);
	assert_int_equal(recover(&test, &as_asked), 0);
	assert_false(as_asked);
	is_as_it_was(&test);
	has_journal(&test, false);
}

static void what_has_its_label_already_stays(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	_cleanup_free_ char *made = NULL, *now = NULL;
	bool as_asked = false;

	interrupt(&test);
	firmware_do("{\"do\":\"label\",\"object\":\"dprc.4\",\"label\":\"fast\"}");
	made = firmware_state();
	assert_int_equal(recover(&test, &as_asked), 0);
	assert_true(as_asked);
	now = firmware_state();
	assert_string_equal(now, made);
	has_journal(&test, false);
}

/* The label is the last to be set; an MC that says no may have set it all the same. */
static void a_container_gets_its_label_once_it_is_complete(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_free_ char *first = NULL, *second = NULL;

	interrupt(&test);
	resume(&test, &journal);
	test.transaction.creations[0].made.name = (struct name){ "dprc", 4 };
	firmware_do("{\"do\":\"fail\",\"command\":\"set_obj_label\",\"status\":\"config_err\"}");
	assert_int_equal(creations_label(&test.transaction), -ERROR_FAILED);
	machine_has_said("error fast: cannot set the label of dprc.4: MC status config_err", NULL);
	assert_int_equal(creations_label(&test.transaction), 0);
	assert_true(test.transaction.creations[0].is_labelled);
	first = firmware_state();
	assert_non_null(strstr(first, "\"label\": \"fast\""));
	/* A recovery leaves alone what has it. */
	test.transaction.creations[0].is_labelled = false;
	firmware_do("{\"do\":\"fail\",\"command\":\"set_obj_label\",\"status\":\"config_err\"}");
	assert_int_equal(creations_label(&test.transaction), 0);
	second = firmware_state();
	assert_string_equal(second, first);
}

/* All is as it was, except for the object that somebody else made meanwhile. */
static void is_as_it_was_but_for(const struct test *test, const char *object)
{
	firmware_do("{\"do\":\"destroy\",\"object\":\"%s\"}", object);
	is_as_it_was(test);
}

static void somebody_elses_container_stays(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	begin_made(&test);
	assert_int_equal(transaction_run(&test.transaction, test.bus), 0);
	firmware_do("{\"do\":\"create\",\"parent\":\"dprc.1\",\"id\":8,\"label\":\"other\"}");
	machine_then(&test.machine, 1, REMOVE_FROM_LINUX("dprc.4"));
	assert_int_equal(transaction_undo(&test.transaction), -ERROR_FAILED);
	is_as_it_was_but_for(&test, "dprc.8");
	has_journal(&test, false);
}

/* The temporary label shows which of the two the killed run made. */
static void somebody_elses_container_with_that_label_stays(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	interrupt(&test);
	firmware_do("{\"do\":\"create\",\"parent\":\"dprc.1\",\"id\":8,\"label\":\"fast\"}");
	machine_answers(0);
	assert_int_equal(recover(&test, &as_asked), 0);
	assert_false(as_asked);
	is_as_it_was_but_for(&test, "dprc.8");
	has_journal(&test, false);
}

/* A container that was destroyed meanwhile had the number that the new one got. */
static void a_number_that_was_given_out_again_hides_nothing(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	_cleanup_journal_ struct journal journal = { 0 };
	bool as_asked = true;

	interrupt(&test);
	resume(&test, &journal);
	names_list_add(&test.transaction.creations[0].before, &(struct name){ "dprc", 4 });
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), 0);
	is_as_it_was(&test);
	has_journal(&test, false);
}

/* Its port cannot be connected again; meanwhile somebody makes the container by hand. */
static void a_recovery_leaves_what_was_made_again(void **state _unused_)
{
	_cleanup_free_ char *before = NULL, *after = NULL;
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	begin_made(&test);
	firmware_do("{\"do\":\"destroy\",\"object\":\"dpni.0\"}");
	machine_run(&test.machine, REMOVE_FROM_LINUX("dpni.0"));
	machine_then(&test.machine, 1, REMOVE_FROM_LINUX("dprc.4"));
	assert_int_equal(transaction_undo(&test.transaction), -ERROR_RESIDUE);
	machine_has_said("error fast: dpmac.17 is not connected; it was connected to dpni.0", NULL);
	transaction_done(&test.transaction);
	test.transaction = machine_begin(&test.machine, "recover");
	firmware_do("{\"do\":\"create\",\"parent\":\"dprc.1\",\"id\":4,\"label\":\"fast\"}");
	before = firmware_state();
	resume(&test, &journal);
	/* So says the journal of a run that had come to its changes. */
	test.transaction.has_begun = true;
	test.transaction.creations[0].made.name = (struct name){ "dprc", 4 };
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_RESIDUE);
	assert_false(as_asked);
	after = firmware_state();
	assert_string_equal(after, before);
}

/* A run knows the number of what it made itself, and here it made none. */
static void an_undo_leaves_somebody_elses_container_with_that_label(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	firmware_do("{\"do\":\"create\",\"parent\":\"dprc.1\",\"id\":8,\"label\":\"fast\"}");
	firmware_do("{\"do\":\"fail\",\"command\":\"create_container\",\"status\":\"config_err\"}");
	machine_answers(0);
	assert_int_equal(create(&test), -ERROR_FAILED);
	is_as_it_was_but_for(&test, "dprc.8");
	has_journal(&test, false);
}

/* So it does of what it made in the root. */
static void an_undo_leaves_somebody_elses_object_without_a_label(void **state _unused_)
{
	static const char *const commands[] = { "create_container", "set_prim_mac" };

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		_cleanup_(test_end) struct test test;

		test_begin(&test);
		firmware_do("{\"do\":\"add\",\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":77,"
			    "\"plugged\":false}");
		firmware_do("{\"do\":\"fail\",\"command\":\"%s\",\"status\":\"config_err\"}",
			    commands[i]);
		machine_answers(0);
		assert_int_equal(create(&test), -ERROR_FAILED);
		is_as_it_was_but_for(&test, "dpbp.77");
		has_journal(&test, false);
	}
}

/* But where the MC did not answer, it may be ours. */
static void an_undo_names_what_a_lost_command_may_have_made(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":77,"
		    "\"plugged\":false}");
	firmware_do("{\"do\":\"fail\",\"command\":\"create\",\"status\":\"timeout\"}");
	machine_answers(0);
	assert_int_equal(create(&test), -ERROR_RESIDUE);
	is_as_it_was_but_for(&test, "dpbp.77");
	has_journal(&test, true);
}

/* Nothing shows whether the killed run made it, or somebody else did. */
static void an_object_without_a_label_is_named_and_stays(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	interrupt(&test);
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":77,"
		    "\"plugged\":false}");
	machine_answers(0);
	assert_int_equal(recover(&test, &as_asked), -ERROR_RESIDUE);
	machine_has_said("error dpbp.77: created in dprc.1 while fast was being made, and has no "
			 "label: it may belong to fast or to somebody else; destroy it or label it",
			 "error fast: not all that was made could be taken back; run ", NULL);
	has_journal(&test, true);
	is_as_it_was_but_for(&test, "dpbp.77");
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), 0);
	has_journal(&test, false);
}

static void an_object_without_a_label_is_not_of_a_complete_container(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	begin_made(&test);
	assert_int_equal(transaction_run(&test.transaction, test.bus), 0);
	firmware_do("{\"do\":\"add\",\"container\":\"dprc.1\",\"type\":\"dpbp\",\"id\":77,"
		    "\"plugged\":false}");
	machine_then(&test.machine, 1, REMOVE_FROM_LINUX("dprc.4"));
	assert_int_equal(transaction_undo(&test.transaction), -ERROR_FAILED);
	is_as_it_was_but_for(&test, "dpbp.77");
	has_journal(&test, false);
}

/* Linux keeps a driver for it, which somebody may be using. */
static void what_was_bound_meanwhile_is_left(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	interrupt(&test);
	machine_run(&test.machine, "mkdir -p sys/bus/fsl-mc/devices/dprc.4/driver");
	assert_int_equal(recover(&test, &as_asked), -ERROR_RESIDUE);
	/* Not by unbind, which wants recover to be first. */
	machine_has_said("error fast: dprc.4 is unfinished, but bound to a driver; once nothing "
			 "uses it, run: echo dprc.4 > "
			 "/sys/bus/fsl-mc/devices/dprc.4/driver/unbind; then 'fslmc-vfio recover'",
			 "not all that was made could be taken back; run 'fslmc-vfio recover' to "
			 "retry",
			 NULL);
	has_journal(&test, true);
}

/* Linux finds what the MC has made when it scans, and the run has nothing more to do. */
static void what_linux_finds_is_kept(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	_cleanup_made_ struct made made = { 0 };
	_cleanup_free_ char *now = NULL;

	begin_made(&test);
	machine_wrote("1>bus/fsl-mc/rescan\n");
	has_journal(&test, true);
	assert_int_equal(transaction_run(&test.transaction, test.bus), 0);
	assert_int_equal(transaction_commit(&test.transaction), 0);
	machine_wrote("");
	machine_has_said_nothing();
	has_journal(&test, false);
	assert_int_equal(made_read(&test.transaction, &(struct name){ "dprc", 4 }, &made), 0);
	assert_string_equal(made.label, "fast");
	assert_int_equal(made.objects.n_names, 2);
	assert_int_equal(made.host_objects.n_names, 1);
	assert_int_equal(made.n_cuts, 1);
	assert_int_equal(made.cuts[0].peer.id, 0);
	now = firmware_state();
	assert_non_null(strstr(now, "\"label\": \"fast\""));
	assert_null(strstr(now, "making-"));
}

/* A rule of udev's may have bound it before it is looked at; it has no label yet all the same. */
static void what_was_made_is_completed_also_where_nothing_changes(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	struct change *change;

	begin_made(&test);
	machine_run(&test.machine, "mkdir -p sys/bus/fsl-mc/drivers/vfio-fsl-mc && "
				   "cd sys/devices/mc/dprc.1/dprc.4 && "
				   "ln -s ../../../../bus/fsl-mc/drivers/vfio-fsl-mc driver && "
				   "echo vfio-fsl-mc >driver_override");
	assert_int_equal(change_add(&test.transaction, &(struct name){ "dprc", 4 },
				    "devices/mc/dprc.1/dprc.4", &change),
			 0);
	change->after = (struct binding){ xstrdup("vfio-fsl-mc"), xstrdup("vfio-fsl-mc") };
	assert_false(change_is_needed(change));
	assert_true(transaction_is_needed(&test.transaction));
}

/* The scan says nothing of an MC that was busy, so it is made once more, but not for ever. */
static void what_linux_never_finds_is_taken_back(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	machine_answers(0);
	assert_int_equal(create(&test), -ERROR_FAILED);
	machine_has_said("error dprc.4: Linux did not find it when it scanned\n",
			 "note dprc.4: up to 2 MC portals", NULL);
	is_as_it_was(&test);
	has_journal(&test, false);
}

static void each_type_is_made_by_its_own_version(void **state _unused_)
{
	const struct creation_run run = {
		.apis = { { "dprc", { 6, 7 } }, { "dpni", { 8, 2 } }, { "dpio", { 4, 3 } } },
		.n_apis = 3,
	};

	assert_int_equal(creation_api_of(&run, "dprc").major, 6);
	assert_int_equal(creation_api_of(&run, "dpni").major, 8);
	assert_int_equal(creation_api_of(&run, "dpio").major, 4);
}

static void what_the_mc_did_not_tell_keeps_it_from_making_any(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	firmware_do("{\"do\":\"fail\",\"command\":\"get_api_version\",\"status\":"
		    "\"config_err\",\"after\":1}");
	assert_int_equal(create(&test), -ERROR_FAILED);
	machine_has_said("error fast: cannot query the version of dpni commands: MC status ", NULL);
	creations_done(&test.transaction);
	firmware_do("{\"do\":\"fail\",\"command\":\"get_connection\",\"status\":"
		    "\"auth_err\"}");
	assert_int_equal(create(&test), -ERROR_FAILED);
	machine_has_said("error fast: cannot query the connection of dpmac.17: MC status auth_err",
			 NULL);
	creations_done(&test.transaction);
	test.bus->mc->containers[0].is_complete = false;
	assert_int_equal(create(&test), -ERROR_FAILED);
	machine_has_said("error fast: the MC did not tell all that dprc.1 has; nothing was changed",
			 NULL);
	is_as_it_was(&test);
	has_journal(&test, false);
	machine_wrote("");
}

static void a_signal_has_it_taken_back(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	sigset_t set;
	int number;

	test_begin(&test);
	signals_hold();
	raise(SIGTERM);
	assert_int_equal(create(&test), -ERROR_FAILED);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	assert_int_equal(sigwait(&set, &number), 0);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	machine_has_said("error fast: stopped by SIGTERM\n", NULL);
	is_as_it_was(&test);
}

static void without_a_record_nothing_is_made(void **state _unused_)
{
	_cleanup_(test_end) struct test test;

	test_begin(&test);
	machine_run(&test.machine, "rmdir run/fslmc-vfio/journal");
	assert_int_equal(create(&test), -ERROR_FAILED);
	machine_has_said("error none: cannot put the change on record in /run/fslmc-vfio: ", NULL);
	/* What was open to look at it is closed with the run. */
	mc_release(&test.transaction.mc);
	is_as_it_was(&test);
}

static void a_step_back_that_hangs_leaves_the_journal(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	interrupt(&test);
	firmware_fails_after(0, -EINPROGRESS);
	assert_int_equal(recover(&test, &as_asked), -ERROR_TIMED_OUT);
	machine_has_said("error fast: ", "the kernel is still waiting for the MC", NULL);
	has_journal(&test, true);
}

static void a_journal_that_cannot_be_removed_is_said(void **state _unused_)
{
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	interrupt(&test);
	resume(&test, &journal);
	machine_run(&test.machine, "cd run/fslmc-vfio/journal && rm * && mkdir dprc.1.json");
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_RESIDUE);
	machine_has_said("error none: the journal in /run/fslmc-vfio cannot be removed: ", NULL);
	is_as_it_was(&test);
}

/* The changes that were to follow had begun, but of the container itself there is none. */
static void a_container_without_its_change_is_taken_back(void **state _unused_)
{
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	interrupt(&test);
	resume(&test, &journal);
	test.transaction.has_begun = true;
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), 0);
	assert_false(as_asked);
	is_as_it_was(&test);
	has_journal(&test, false);
}

static void a_container_in_the_making_is_abandoned_by_its_label(void **state _unused_)
{
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(test_end) struct test test;

	interrupt(&test);
	resume(&test, &journal);
	assert_int_equal(transaction_abandon(&test.transaction), 0);
	machine_has_said("warning fast: left as it is; 'fslmc-vfio list' shows what there is",
			 NULL);
	has_journal(&test, false);
}

static void a_label_that_cannot_be_set_is_said(void **state _unused_)
{
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(test_end) struct test test;

	interrupt(&test);
	resume(&test, &journal);
	test.transaction.creations[0].made.name = (struct name){ "dprc", 4 };
	firmware_opens(-ENOENT);
	assert_int_equal(creations_label(&test.transaction), -ERROR_FAILED);
	machine_has_said("error fast: cannot open /dev/dprc.1: ", NULL);
	firmware_opens(0);
	/* That it cannot be told whether it has one does not keep it from getting it. */
	firmware_do("{\"do\":\"fail\",\"command\":\"open\",\"status\":\"auth_err\","
		    "\"times\":0}");
	assert_int_equal(creations_label(&test.transaction), -ERROR_FAILED);
	machine_has_said("error fast: cannot open dprc.1 in the MC: MC status auth_err", NULL);
	firmware_do("{\"do\":\"clear\"}");
	firmware_fails_after(0, -EINPROGRESS);
	assert_int_equal(creations_label(&test.transaction), -ERROR_TIMED_OUT);
	firmware_fails_after(0, 0);
	test.transaction.creations[0].made.name.id = 77;
	assert_int_equal(creations_label(&test.transaction), -ERROR_FAILED);
	assert_false(test.transaction.creations[0].is_labelled);
	machine_has_said("error fast: cannot set the label of dprc.77: ", NULL);
}

/* The container stays, but its DPNI is disconnected. */
static void a_port_is_reconnected_whatever_is_left(void **state _unused_)
{
	const struct mc_end port = { .type = "dpmac", .id = connections[0].dpmac };
	_cleanup_(test_end) struct test test;
	struct mc_end peer;

	test_begin(&test);
	firmware_do("{\"do\":\"fail\",\"command\":\"set_prim_mac\",\"status\":\"unsupported_op\"}");
	firmware_do("{\"do\":\"fail\",\"command\":\"destroy_container\",\"status\":\"auth_err\","
		    "\"times\":0}");
	assert_int_equal(create(&test), -ERROR_RESIDUE);
	machine_has_said("error fast: cannot destroy dprc.4: MC status auth_err",
			 "error fast: not all that was made could be taken back", NULL);
	assert_int_equal(making_peer(&test.making, &port, &peer), 1);
	assert_string_equal(peer.type, "dpni");
	assert_int_equal(peer.id, connections[0].cut_off.id);
}

/* As during a run: autorescan was on, and is off while objects are made. */
static void has_switched_autorescan_off(struct test *test)
{
	machine_write(&test->machine, "sys/bus/fsl-mc/autorescan", "0\n");
	test->transaction.autorescan = true;
	machine_answers(0);
}

static void autorescan_that_stays_off_is_said_whatever_is_left(void **state _unused_)
{
	_cleanup_journal_ struct journal journal = { 0 };
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	interrupt(&test);
	resume(&test, &journal);
	has_switched_autorescan_off(&test);
	machine_run(&test.machine, "mkdir -p sys/bus/fsl-mc/devices/dprc.4/driver");
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_RESIDUE);
	machine_has_said("error fast: dprc.4 is unfinished, but bound to a driver",
			 "error none: autorescan is off and was on; run: echo 1 > ", NULL);
}

static void autorescan_is_on_again_while_the_mc_hangs(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	test_begin(&test);
	has_switched_autorescan_off(&test);
	machine_then(&test.machine, 1, "echo 1 >sys/bus/fsl-mc/autorescan");
	firmware_fails_after(20, -EINPROGRESS);
	assert_int_equal(create(&test), -ERROR_TIMED_OUT);
	machine_wrote("1>bus/fsl-mc/autorescan\n");
	/* A recovery that hangs does the same. */
	has_switched_autorescan_off(&test);
	machine_then(&test.machine, 1, "echo 1 >sys/bus/fsl-mc/autorescan");
	firmware_fails_after(0, -EINPROGRESS);
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_TIMED_OUT);
	machine_wrote("1>bus/fsl-mc/autorescan\n");
}

/* Whether it has its label nobody knows then. */
static void a_commit_that_hangs_leaves_the_journal(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	begin_made(&test);
	assert_int_equal(transaction_run(&test.transaction, test.bus), 0);
	test.transaction.creations[0].is_labelled = false;
	firmware_fails_after(0, -EINPROGRESS);
	assert_int_equal(transaction_commit(&test.transaction), -ERROR_TIMED_OUT);
	has_journal(&test, true);
	/* So does an undo. */
	assert_int_equal(transaction_settle(&test.transaction, &as_asked), -ERROR_TIMED_OUT);
	has_journal(&test, true);
}

/* Its record is written before its label. */
static void a_commit_that_fails_leaves_no_record(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	_cleanup_made_ struct made made = { 0 };

	begin_made(&test);
	assert_int_equal(transaction_run(&test.transaction, test.bus), 0);
	test.transaction.creations[0].is_labelled = false;
	firmware_do("{\"do\":\"label\",\"object\":\"dprc.4\",\"label\":\"%s\"}",
		    test.transaction.creations[0].temporary);
	firmware_do("{\"do\":\"fail\",\"command\":\"set_obj_label\",\"status\":\"config_err\","
		    "\"times\":0}");
	machine_then(&test.machine, 1, REMOVE_FROM_LINUX("dprc.4"));
	assert_int_equal(transaction_commit(&test.transaction), -ERROR_FAILED);
	firmware_do("{\"do\":\"clear\"}");
	assert_int_equal(made_read(&test.transaction, &(struct name){ "dprc", 4 }, &made), -ENOENT);
	has_journal(&test, false);
	is_as_it_was(&test);
}

/* The MC sets the label, but its answer is lost. */
static void a_commit_that_fails_takes_a_labelled_container_back(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	_cleanup_made_ struct made made = { 0 };

	begin_made(&test);
	firmware_do("{\"do\":\"label\",\"object\":\"dprc.4\",\"label\":\"fast\"}");
	firmware_do("{\"do\":\"fail\",\"command\":\"set_obj_label\",\"status\":\"timeout\"}");
	firmware_do("{\"do\":\"fail\",\"command\":\"get_obj\",\"status\":\"timeout\"}");
	machine_then(&test.machine, 1, REMOVE_FROM_LINUX("dprc.4"));
	assert_int_equal(transaction_commit(&test.transaction), -ERROR_FAILED);
	machine_has_said("error fast: cannot set the label of dprc.4: MC status timeout", NULL);
	assert_int_equal(made_read(&test.transaction, &(struct name){ "dprc", 4 }, &made), -ENOENT);
	has_journal(&test, false);
	is_as_it_was(&test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_linux_does_not_find_is_taken_back),
		cmocka_unit_test(a_root_that_may_make_no_dprc_is_named),
		cmocka_unit_test(old_firmware_may_want_an_option),
		cmocka_unit_test(what_the_mc_refuses_is_taken_back),
		cmocka_unit_test(a_port_that_changed_meanwhile_is_not_taken),
		cmocka_unit_test(an_icid_without_an_iommu_is_given_back),
		cmocka_unit_test(what_a_killed_run_left_is_taken_back),
		cmocka_unit_test(what_has_its_label_already_stays),
		cmocka_unit_test(a_container_gets_its_label_once_it_is_complete),
		cmocka_unit_test(somebody_elses_container_stays),
		cmocka_unit_test(somebody_elses_container_with_that_label_stays),
		cmocka_unit_test(a_number_that_was_given_out_again_hides_nothing),
		cmocka_unit_test(a_recovery_leaves_what_was_made_again),
		cmocka_unit_test(an_undo_leaves_somebody_elses_container_with_that_label),
		cmocka_unit_test(an_undo_leaves_somebody_elses_object_without_a_label),
		cmocka_unit_test(an_undo_names_what_a_lost_command_may_have_made),
		cmocka_unit_test(an_object_without_a_label_is_named_and_stays),
		cmocka_unit_test(an_object_without_a_label_is_not_of_a_complete_container),
		cmocka_unit_test(what_was_bound_meanwhile_is_left),
		cmocka_unit_test(what_linux_finds_is_kept),
		cmocka_unit_test(what_was_made_is_completed_also_where_nothing_changes),
		cmocka_unit_test(what_linux_never_finds_is_taken_back),
		cmocka_unit_test(each_type_is_made_by_its_own_version),
		cmocka_unit_test(what_the_mc_did_not_tell_keeps_it_from_making_any),
		cmocka_unit_test(a_signal_has_it_taken_back),
		cmocka_unit_test(without_a_record_nothing_is_made),
		cmocka_unit_test(a_step_back_that_hangs_leaves_the_journal),
		cmocka_unit_test(a_journal_that_cannot_be_removed_is_said),
		cmocka_unit_test(a_container_without_its_change_is_taken_back),
		cmocka_unit_test(a_container_in_the_making_is_abandoned_by_its_label),
		cmocka_unit_test(a_label_that_cannot_be_set_is_said),
		cmocka_unit_test(a_port_is_reconnected_whatever_is_left),
		cmocka_unit_test(autorescan_that_stays_off_is_said_whatever_is_left),
		cmocka_unit_test(autorescan_is_on_again_while_the_mc_hangs),
		cmocka_unit_test(a_commit_that_hangs_leaves_the_journal),
		cmocka_unit_test(a_commit_that_fails_leaves_no_record),
		cmocka_unit_test(a_commit_that_fails_takes_a_labelled_container_back),
	};

	return cmocka_run_group_tests_name("creating", tests, NULL, NULL);
}
