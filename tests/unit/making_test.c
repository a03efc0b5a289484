/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making and destroying containers in the emulated MC: what fails half-way is taken back there, and
 * what a killed run left is found again.
 */
#include "unit.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/util.h"
#include "firmware.h"
#include "layout/layout.h"
#include "machine.h"
#include "model/bus.h"
#include "model/mc_inventory.h"
#include "transaction/creation.h"
#include "transaction/destruction.h"
#include "transaction/journal.h"
#include "transaction/making.h"
#include "transaction/transaction.h"

/* The same objects in the root DPRC as in the topology "small". */
static const char manifest[] =
	"root devices/mc\n"
	"driver fsl_mc_dprc\n"
	"object dprc.1 driver=fsl_mc_dprc group=0\n"
	"object dprc.1/dpni.0\n"
	"object dprc.1/dpmac.3\n"
	"object dprc.1/dpmac.17\n"
	"object dprc.1/dpbp.0\n"
	"object dprc.1/dpio.0\n"
	"object dprc.1/dpio.1\n"
	"object dprc.1/dpmcp.1\n"
	"object dprc.1/dpmcp.2\n"
	"object dprc.1/dpmcp.3\n"
	"object dprc.1/dpmcp.4\n"
	"object dprc.1/dpcon.0\n"
	"object dprc.1/dpcon.1\n"
	"object dprc.1/dprc.2 group=1\n"
	"object dprc.1/dprc.3 group=2\n"
	"link sys/devices/mc/dprc.1/iommu ../../smmu/iommu/smmu\n"
	"link sys/devices/smmu/iommu/smmu/device ../../../smmu\n"
	"link sys/devices/smmu/of_node ../../firmware/devicetree/base/smmu\n"
	"bytes sys/firmware/devicetree/base/smmu/phandle 00000001\n"
	"link sys/devices/mc/of_node ../../firmware/devicetree/base/soc/mc@0\n"
	"bytes sys/firmware/devicetree/base/soc/mc@0/iommu-map 00000000000000010000000000000050\n"
	"bytes sys/firmware/devicetree/base/soc/mc@0/msi-map 00000000000000020000000000000050\n";

#define BUSY_MS 400

struct test {
	struct machine machine;
	struct transaction transaction;
	struct making making;
	struct bus *bus;
	char *before;
};

static void begin(struct test *test)
{
	*test = (struct test){ 0 };
	machine_make(&test->machine, manifest);
	firmware_start(&test->machine, "small");
	test->before = firmware_state();
	test->transaction = machine_begin(&test->machine, "create");
	test->transaction.mc = firmware_open();
	assert_int_equal(bus_load(&test->machine.sysfs, &test->bus), 0);
	assert_int_equal(mc_inventory_load(test->bus, MC_ENDPOINTS, &test->transaction.mc), 0);
	mc_release(&test->transaction.mc);
	test->making = (struct making){ .transaction = &test->transaction,
					.parent = 1,
					.what = "fast",
					.deadline = clock_now_ms() + BUSY_MS,
					.speak = true };
}

static void end(struct test *test)
{
	transaction_done(&test->transaction);
	bus_free(test->bus);
	free(test->before);
	firmware_stop();
	machine_done(&test->machine);
}

/* All that there was is there, and nothing else; nothing is open. */
static void is_as_it_was(const struct test *test)
{
	_cleanup_free_ char *now = firmware_state();
	size_t same = 0;

	while (now[same] && now[same] == test->before[same])
		same++;
	if (now[same] != test->before[same])
		fail_msg("%.99s, not %.99s", now + same, test->before + same);
}

static void has_journal(const struct test *test, bool has)
{
	machine_run(&test->machine, "test %s -e run/fslmc-vfio/journal/dprc.1.json",
		    has ? "" : "!");
}

static const struct mc_end dpmac_3 = { .type = "dpmac", .id = 3 };
static const struct mc_end dpmac_17 = { .type = "dpmac", .id = 17 };
static const struct mc_end dpni_0 = { .type = "dpni", .id = 0 };

static void a_connection_is_cut_and_comes_back(void **state _unused_)
{
	_cleanup_(end) struct test test;
	_cleanup_made_ struct made made = { 0 };
	struct mc_end peer;

	begin(&test);
	made_add_cut(&made, &dpmac_17, &dpni_0);
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 1);
	assert_string_equal(peer.type, "dpni");
	/* What is as it was needs no command. */
	assert_int_equal(making_reconnect(&test.making, &made), 0);
	assert_int_equal(making_disconnect(&test.making, &dpmac_17), 0);
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 0);
	assert_int_equal(making_reconnect(&test.making, &made), 0);
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 1);
	assert_int_equal(peer.id, 0);

	/* Somebody else has taken the port. */
	firmware_do("{\"do\":\"disconnect\",\"object\":\"dpni.0\"}");
	firmware_do("{\"do\":\"disconnect\",\"object\":\"dpni.1\"}");
	firmware_do("{\"do\":\"connect\",\"a\":\"dpni.1\",\"b\":\"dpmac.17\"}");
	assert_int_equal(making_reconnect(&test.making, &made), -ERROR_FAILED);
	machine_has_said("error fast: dpmac.17 is connected to dpni.1 now; it was connected to "
			 "dpni.0",
			 NULL);
}

static void an_mc_that_is_busy_is_asked_again(void **state _unused_)
{
	_cleanup_(end) struct test test;
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	size_t n_objects;

	begin(&test);
	firmware_do("{\"do\":\"fail\",\"command\":\"get_obj_count\",\"status\":\"busy\","
		    "\"times\":2}");
	assert_int_equal(making_list(&test.making, 1, &objects, &n_objects), 0);
	assert_int_equal(n_objects, 14);
	/* But not for ever, and not if it has another reason. */
	firmware_do("{\"do\":\"fail\",\"command\":\"connect\",\"status\":\"busy\",\"times\":0}");
	test.making.deadline = clock_now_ms() + BUSY_MS;
	assert_int_equal(making_connect(&test.making, &dpni_0, &dpmac_3), -ERROR_FAILED);
	assert_true(clock_now_ms() >= test.making.deadline);
	firmware_do("{\"do\":\"clear\"}");
	assert_int_equal(making_connect(&test.making, &dpni_0, &dpmac_3), -ERROR_FAILED);
	machine_has_said("error fast: cannot connect dpni.0 to dpmac.3: MC status busy",
			 "error fast: cannot connect dpni.0 to dpmac.3: MC status ", NULL);
	test.making.speak = false;
	assert_int_equal(making_connect(&test.making, &dpni_0, &dpmac_3), -ERROR_FAILED);
	machine_has_said("", NULL);
}

/* There is firmware that does not take plugged objects along, and one that does. */
static void a_container_goes_with_what_is_in_it(void **state _unused_)
{
	_cleanup_(end) struct test test;
	struct mc_end peer;

	begin(&test);
	firmware_do("{\"do\":\"fail\",\"command\":\"destroy_container\",\"status\":"
		    "\"invalid_state\",\"times\":1}");
	assert_int_equal(making_destroy_container(&test.making, 3), 0);
	assert_int_equal(making_peer(&test.making, &dpmac_3, &peer), 0);
	assert_int_equal(making_destroy_container(&test.making, 3), -ERROR_FAILED);
	machine_has_said("error fast: cannot list the objects of dprc.3: ", NULL);
}

static void what_was_made_for_the_host_goes_too(void **state _unused_)
{
	static const struct name made[] = { { "dpni", 0 }, { "dpcon", 1 } };
	const struct names_list objects = { (struct name *)made, ARRAY_SIZE(made) };
	_cleanup_(end) struct test test;
	struct mc_end peer;

	begin(&test);
	/* Linux has them, so it scans first; the scan fails. */
	assert_int_equal(making_destroy_host_objects(&test.making, &objects), -ERROR_FAILED);
	machine_wrote("1>bus/fsl-mc/rescan\n");
	machine_answers(0);
	assert_int_equal(making_destroy_host_objects(&test.making, &objects), 0);
	assert_int_equal(making_peer(&test.making, &dpmac_17, &peer), 0);
	assert_int_equal(making_destroy_host_objects(&test.making, &objects), -ERROR_FAILED);
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
	_cleanup_(end) struct test test;

	begin(&test);
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
		_cleanup_(end) struct test test;

		begin(&test);
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
	_cleanup_(end) struct test test;

	begin(&test);
	firmware_do("{\"do\":\"disconnect\",\"object\":\"dpmac.3\"}");
	assert_int_equal(create(&test), -ERROR_FAILED);
	machine_has_said("error fast: dpmac.3 was connected to something else meanwhile; nothing "
			 "was changed",
			 NULL);
	has_journal(&test, false);
}

static void an_icid_without_an_iommu_is_given_back(void **state _unused_)
{
	_cleanup_(end) struct test test;

	begin(&test);
	machine_run(&test.machine, "printf '\\0\\0\\0\\0\\0\\0\\0\\1\\0\\0\\0\\0\\0\\0\\0\\1' "
				   ">sys/firmware/devicetree/base/soc/mc@0/iommu-map");
	assert_int_equal(create(&test), -ERROR_FAILED);
	machine_has_said("which no IOMMU covers by the iommu-map", NULL);
	is_as_it_was(&test);
}

/* A create that is killed while Linux scans: all is there in the MC, but not its label. */
static void interrupt(struct test *test)
{
	begin(test);
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
	_cleanup_(end) struct test test;
	bool as_asked = true;

	interrupt(&test);
	assert_int_equal(recover(&test, &as_asked), 0);
	assert_false(as_asked);
	is_as_it_was(&test);
	has_journal(&test, false);
}

static void what_has_its_label_already_stays(void **state _unused_)
{
	_cleanup_(end) struct test test;
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

/* Linux keeps a driver for it, which somebody may be using. */
static void what_was_bound_meanwhile_is_left(void **state _unused_)
{
	_cleanup_(end) struct test test;
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

/* A container that Linux has not seen, with a DPBP that its record says create made. */
static void begin_destroy(struct test *test, struct destruction *ret_destruction)
{
	struct doomed *doomed = destruction_add(ret_destruction);
	struct mc_dprc_look look;

	begin(test);
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
	_cleanup_(end) struct test test;

	begin_destroy(&test, &destruction);
	assert_int_equal(destruction_run(&test.transaction, &destruction), 0);
	machine_wrote("");
	is_as_it_was(&test);
	has_record(&test, false);
}

/* Whoever made another one with that number and label keeps it. */
static void another_container_with_its_number_stays(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_free_ char *before = NULL, *after = NULL;
	_cleanup_(end) struct test test;

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
	_cleanup_(end) struct test test;

	begin_destroy(&test, &destruction);
	assert_int_equal(journal_write_destruction(&test.transaction, &destruction), 0);
	assert_int_equal(journal_load(&test.machine.sysfs, &test.transaction.rundir,
				      "journal/dprc.9.json", &journal),
			 0);
	assert_int_equal(journal_read_destruction(&journal, &read), 0);
	free(take_pointer(test.transaction.journal));
	assert_int_equal(destruction_settle(&test.transaction, &journal, &read), 0);
	is_as_it_was(&test);
	has_record(&test, false);
}

static void what_cannot_be_destroyed_stays_on_record(void **state _unused_)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	_cleanup_(end) struct test test;

	begin_destroy(&test, &destruction);
	firmware_do("{\"do\":\"fail\",\"command\":\"destroy_container\",\"status\":\"auth_err\","
		    "\"times\":0}");
	assert_int_equal(destruction_run(&test.transaction, &destruction), -ERROR_RESIDUE);
	machine_has_said("error dprc.9: cannot destroy dprc.9: MC status ",
			 "not all could be destroyed; run 'fslmc-vfio recover' to go on", NULL);
	has_record(&test, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_is_cut_and_comes_back),
		cmocka_unit_test(an_mc_that_is_busy_is_asked_again),
		cmocka_unit_test(a_container_goes_with_what_is_in_it),
		cmocka_unit_test(what_was_made_for_the_host_goes_too),
		cmocka_unit_test(what_linux_does_not_find_is_taken_back),
		cmocka_unit_test(what_the_mc_refuses_is_taken_back),
		cmocka_unit_test(a_port_that_changed_meanwhile_is_not_taken),
		cmocka_unit_test(an_icid_without_an_iommu_is_given_back),
		cmocka_unit_test(what_a_killed_run_left_is_taken_back),
		cmocka_unit_test(what_has_its_label_already_stays),
		cmocka_unit_test(what_was_bound_meanwhile_is_left),
		cmocka_unit_test(what_is_destroyed_is_gone_with_its_record),
		cmocka_unit_test(another_container_with_its_number_stays),
		cmocka_unit_test(an_interrupted_destruction_is_completed),
		cmocka_unit_test(what_cannot_be_destroyed_stays_on_record),
	};

	return cmocka_run_group_tests_name("making", tests, NULL, NULL);
}
