/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making containers in the emulated MC: what fails half-way is taken back there, and what a killed
 * run left is found again.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "layout/layout.h"
#include "making.h"
#include "transaction/creation.h"
#include "transaction/journal.h"
#include "transaction/transaction.h"

static void has_journal(const struct test *test, bool has)
{
	machine_run(&test->machine, "test %s -e run/fslmc-vfio/journal/dprc.1.json",
		    has ? "" : "!");
}

/* A DPNI at dpmac.3, which dprc.3 has now, an MC portal, and a DPBP for the host. */
static struct layout_object objects[] = { { .type = "dpni", .dpni = { .queues = 2, .tcs = 1 } },
					  { .type = "dpmcp" },
					  { .type = "dpbp", .in_parent = true } };
static struct layout_connection connections[] = {
	{ .peer = PEER_DPMAC, .dpmac = 3, .cuts = true, .cut_off = { .type = "dpni", .id = 3 } }
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
		{ "create", "config_err", "cannot create the dpmcp: MC status config_err", 1 },
		{ "set_obj_label", "no_privilege", "cannot label dpbp.", 0 },
		{ "assign", "invalid_state", "cannot plug dpni.", 0 },
		{ "assign", "invalid_state", "cannot plug dpbp.", 2 },
		{ "disconnect", "invalid_state", "cannot disconnect dpmac.3", 0 },
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
	firmware_do("{\"do\":\"disconnect\",\"object\":\"dpmac.3\"}");
	assert_int_equal(create(&test), -ERROR_FAILED);
	machine_has_said("error fast: dpmac.3 was connected to something else meanwhile; nothing "
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

static int recover(struct test *test, bool *ret_as_asked)
{
	_cleanup_journal_ struct journal journal = { 0 };

	assert_int_equal(journal_load(&test->machine.sysfs, &test->transaction.rundir,
				      "journal/dprc.1.json", &journal),
			 0);
	assert_int_equal(journal_resume(&test->transaction, &journal), 0);
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
	assert_int_equal(journal_load(&test.machine.sysfs, &test.transaction.rundir,
				      "journal/dprc.1.json", &journal),
			 0);
	assert_int_equal(journal_resume(&test.transaction, &journal), 0);
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

/* Linux keeps a driver for it, which somebody may be using. */
static void what_was_bound_meanwhile_is_left(void **state _unused_)
{
	_cleanup_(test_end) struct test test;
	bool as_asked = true;

	interrupt(&test);
	machine_run(&test.machine, "mkdir -p sys/bus/fsl-mc/devices/dprc.4/driver");
	assert_int_equal(recover(&test, &as_asked), -ERROR_RESIDUE);
	machine_has_said("error fast: dprc.4 is unfinished, but bound to a driver; unbind it",
			 "not all that was made could be taken back; run 'fslmc-vfio recover' to "
			 "retry",
			 NULL);
	has_journal(&test, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_linux_does_not_find_is_taken_back),
		cmocka_unit_test(what_the_mc_refuses_is_taken_back),
		cmocka_unit_test(a_port_that_changed_meanwhile_is_not_taken),
		cmocka_unit_test(an_icid_without_an_iommu_is_given_back),
		cmocka_unit_test(what_a_killed_run_left_is_taken_back),
		cmocka_unit_test(what_has_its_label_already_stays),
		cmocka_unit_test(a_container_gets_its_label_once_it_is_complete),
		cmocka_unit_test(what_was_bound_meanwhile_is_left),
	};

	return cmocka_run_group_tests_name("creating", tests, NULL, NULL);
}
