/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What containers are made of, and what speaks against it: the numbers, and SoC and firmware. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "layout/dpni_limits.h"
#include "layout/layout_make.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/object.h"
#include "rules/switch_ports.h"

#define MAX_PORTS 4

/* A root DPRC with dpmac.3 and dpmac.4, to nothing connected, and the pools of an LX2160A. */
struct machine {
	struct object root;
	struct dprc dprc;
	struct mc_object in_root[2];
	struct mc_container containers[2];
	struct mc_inventory inventory;
	struct bus bus;
	struct port ports[2];
	struct pool pools[4];
	struct board board;
	struct layout_port asked[MAX_PORTS];
	struct layout_request request;
	struct layout layout;
	struct refusals refusals;
};

static void make_machine(struct machine *machine, enum consumer consumer, unsigned int n_lcores)
{
	*machine = (struct machine){
		.root = { .name = { "dprc", 1 } },
		.dprc = { .is_root = true },
		.containers = { { .name = { "dprc", 1 }, .is_complete = true } },
		.inventory = { .version = { 10, 39, 0 }, .n_containers = 1 },
		.ports = { { .name = { "dpmac", 3 }, .endpoint.knowledge = ENDPOINT_NONE },
			   { .name = { "dpmac", 4 }, .endpoint.knowledge = ENDPOINT_NONE } },
		.pools = { { "mcp", 203, "dpmcp" },
			   { "bp", 63, "dpbp" },
			   { "swp", 49, "dpio" },
			   { "fq", 1981, NULL } },
		.request = { .label = "fast",
			     .workload = { .consumer = consumer, .lcores = n_lcores },
			     .options = LAYOUT_OPTIONS },
	};
	machine->dprc.object = &machine->root;
	machine->containers[0].objects = machine->in_root;
	machine->inventory.containers = machine->containers;
	machine->bus = (struct bus){ .objects = &machine->root,
				     .n_objects = 1,
				     .dprcs = &machine->dprc,
				     .n_dprcs = 1,
				     .mc = &machine->inventory };
	machine->board = (struct board){ .bus = &machine->bus,
					 .soc = SOC_LX2160A,
					 .ports = { machine->ports, 2 },
					 .pools = { machine->pools, 4 },
					 .may_create = true };
	machine->request.ports = machine->asked;
}

static struct layout_port *ask(struct machine *machine, enum layout_port_peer peer, uint32_t dpmac)
{
	struct layout_port *port = &machine->asked[machine->request.n_ports++];

	*port = (struct layout_port){ .peer = peer, .dpmac = dpmac };
	return port;
}

static void decide(struct machine *machine)
{
	layout_make(&machine->request, &machine->board, &machine->layout, &machine->refusals);
}

static void forget(struct machine *machine)
{
	layout_done(&machine->layout);
	refusals_done(&machine->refusals);
}

/* "dpni 2, dpio 8", of the objects in the container, in the order in which they are made. */
static void makes(struct machine *machine, const char *wanted)
{
	const struct layout *layout = &machine->layout;
	char text[256] = "";

	decide(machine);
	assert_int_equal(refusals_error(&machine->refusals), 0);
	for (size_t i = 0, n; i < layout->n_objects; i += n) {
		for (n = 0; i + n < layout->n_objects &&
			    streq(layout->objects[i + n].type, layout->objects[i].type) &&
			    layout->objects[i + n].in_parent == layout->objects[i].in_parent;)
			n++;
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s%s %zu",
			 *text ? ", " : "", layout->objects[i].in_parent ? "host " : "",
			 layout->objects[i].type, n);
		assert_true(*layout->objects[i].reason);
	}
	assert_string_equal(text, wanted);
	forget(machine);
}

static void what_programs_need(void **state _unused_)
{
	struct machine machine;

	make_machine(&machine, CONSUMER_DPDK, 4);
	ask(&machine, PORT_DPMAC, 3);
	ask(&machine, PORT_DPMAC, 4);
	makes(&machine, "dpni 2, dpio 8, dpbp 1, dpmcp 1");
	/* VPP: main and 4 workers. */
	make_machine(&machine, CONSUMER_VPP, 5);
	ask(&machine, PORT_DPMAC, 3);
	makes(&machine, "dpni 1, dpio 10, dpbp 1, dpmcp 1");
	/* One that forwards and one that captures. */
	make_machine(&machine, CONSUMER_DPDK, 16);
	machine.request.workload.others[0] = 1;
	machine.request.workload.n_others = 1;
	makes(&machine, "dpio 33, dpbp 1, dpmcp 2");
	/* 4 CPUs, 3 interfaces, 1 DPSECI. */
	make_machine(&machine, CONSUMER_QEMU, 4);
	ask(&machine, PORT_DPMAC, 3);
	machine.request.n_loopbacks = 1;
	machine.request.n_crypto = 4;
	makes(&machine, "dpni 3, dpseci 1, dpio 4, dpbp 3, dpcon 12, dpmcp 8");
}

static void what_is_asked_for_beyond(void **state _unused_)
{
	static struct layout_extra extras[] = { { "dpbp", 2 }, { "dpcon", 3 }, { "dpbp", 1 } };
	struct machine machine;

	make_machine(&machine, CONSUMER_DPDK, 1);
	ask(&machine, PORT_KERNEL, 0);
	machine.request.n_crypto = 33;
	machine.request.extras = extras;
	machine.request.n_extras = ARRAY_SIZE(extras);
	makes(&machine, "dpni 1, dpseci 3, dpio 3, dpbp 4, dpcon 3, dpmcp 1, host dpmcp 1, "
			"host dpbp 1, host dpcon 1, host dpni 1");
	decide(&machine);
	assert_int_equal(machine.layout.objects[3].dpseci.queues, 1);
	assert_int_equal(machine.layout.n_connections, 1);
	assert_int_equal(machine.layout.connections[0].object, 0);
	assert_true(machine.layout.objects[machine.layout.connections[0].other].in_parent);
	/* Two DPMCPs and the DPRC itself; a DPBP of the host counts like one of its own. */
	assert_int_equal(layout_takes(&machine.layout, &machine.pools[0]), 3);
	assert_int_equal(layout_takes(&machine.layout, &machine.pools[1]), 5);
	assert_int_equal(layout_takes(&machine.layout, &machine.pools[3]), 0);
	forget(&machine);
	machine.inventory.version = (struct mc_version){ 10, 6, 0 };
	decide(&machine);
	assert_int_equal(layout_count(&machine.layout, "dpseci"), 5);
	forget(&machine);
}

static struct dpni_settings dpni_on(enum soc soc, struct mc_version version, enum consumer consumer,
				    unsigned int n_lcores)
{
	struct dpni_settings settings;
	struct machine machine;

	make_machine(&machine, consumer, n_lcores);
	machine.board.soc = soc;
	machine.inventory.version = version;
	for (size_t i = 0; i < ARRAY_SIZE(machine.pools); i++)
		machine.pools[i].n_free = -1;
	ask(&machine, PORT_NONE, 0);
	decide(&machine);
	assert_int_equal(refusals_error(&machine.refusals), 0);
	settings = machine.layout.objects[0].dpni;
	forget(&machine);
	return settings;
}

static void a_dpni_by_soc_and_firmware(void **state _unused_)
{
	static const struct {
		enum soc soc;
		struct mc_version version;
		unsigned int n_lcores;
		uint8_t queues, tcs, rx_tcs;
		uint32_t options;
	} rows[] = {
		{ SOC_LX2160A, { 10, 39, 0 }, 4, 4, 4, 1, DPNI_SINGLE_SENDER },
		{ SOC_LX2160A, { 10, 39, 0 }, 64, 32, 16, 1, DPNI_SINGLE_SENDER },
		{ SOC_LS2088A, { 10, 29, 0 }, 64, 8, 8, 1, DPNI_SINGLE_SENDER },
		{ SOC_LS2088A, { 10, 29, 1 }, 64, 16, 8, 1, DPNI_SINGLE_SENDER },
		{ SOC_LS1088A, { 10, 28, 9 }, 64, 8, 8, 1, DPNI_SINGLE_SENDER },
		{ SOC_UNKNOWN, { 10, 40, 0 }, 64, 16, 8, 1, DPNI_SINGLE_SENDER },
		{ SOC_LX2160A, { 10, 8, 0 }, 2, 2, 2, 0, DPNI_SINGLE_SENDER },
		{ SOC_LX2160A, { 10, 4, 0 }, 2, 2, 2, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct dpni_settings settings =
			dpni_on(rows[i].soc, rows[i].version, CONSUMER_DPDK, rows[i].n_lcores);

		assert_int_equal(settings.queues, rows[i].queues);
		assert_int_equal(settings.tcs, rows[i].tcs);
		assert_int_equal(settings.rx_tcs, rows[i].rx_tcs);
		assert_int_equal(settings.options, rows[i].options);
	}
	/* Linux sends on all queues, and has no more than 16. */
	assert_int_equal(
		dpni_on(SOC_LX2160A, (struct mc_version){ 10, 39, 0 }, CONSUMER_QEMU, 17).queues,
		16);
	assert_int_equal(
		dpni_on(SOC_LX2160A, (struct mc_version){ 10, 39, 0 }, CONSUMER_QEMU, 17).tcs, 1);
	assert_int_equal(
		dpni_on(SOC_LX2160A, (struct mc_version){ 10, 39, 0 }, CONSUMER_QEMU, 17).options,
		0);
}

static void what_is_asked_of_a_dpni_stays(void **state _unused_)
{
	struct machine machine;
	struct layout_port *port;
	const struct dpni_settings *settings;

	make_machine(&machine, CONSUMER_DPDK, 4);
	port = ask(&machine, PORT_DPMAC, 4);
	port->settings = (struct dpni_settings){
		.queues = 6, .tcs = 10, .fs_entries = 5, .options = DPNI_CUSTOM_CG
	};
	port->has_options = port->has_address = true;
	port->address[5] = 7;
	decide(&machine);
	assert_int_equal(machine.refusals.n_refusals, 0);
	settings = &machine.layout.objects[0].dpni;
	assert_int_equal(settings->queues, 6);
	assert_int_equal(settings->tcs, 10);
	assert_int_equal(settings->rx_tcs, 8);
	assert_int_equal(settings->fs_entries, 5);
	assert_int_equal(settings->options, DPNI_CUSTOM_CG);
	assert_int_equal(settings->congestion_groups, 14);
	assert_int_equal(machine.layout.n_addresses, 1);
	assert_int_equal(machine.layout.addresses[0].bytes[5], 7);
	assert_int_equal(machine.layout.connections[0].dpmac, 4);
	assert_false(machine.layout.connections[0].cuts);
	forget(&machine);
}

/* One refusal, about object, that says text; or with NULL none. */
static void is_refused(struct machine *machine, int error, const char *object, const char *text)
{
	decide(machine);
	assert_int_equal(machine->refusals.n_refusals, object || text ? 1 : 0);
	assert_int_equal(refusals_error(&machine->refusals), error);
	if (object)
		assert_string_equal(machine->refusals.refusals[0].object, object);
	if (text)
		assert_non_null(strstr(machine->refusals.refusals[0].text, text));
	forget(machine);
}

static void pools_short_by_one(void **state _unused_)
{
	static const struct {
		size_t pool;
		int64_t enough;
		const char *object, *text;
	} rows[] = {
		{ 0, 2, "mcp", "2 required, 1 available (1 dpmcp, and 1 for the DPRC)" },
		{ 1, 1, "bp", "1 required, 0 available (1 dpbp)" },
		{ 2, 8, "swp", "8 required, 7 available (8 dpio)" },
	};
	struct machine machine;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		make_machine(&machine, CONSUMER_DPDK, 4);
		machine.pools[rows[i].pool].n_free = rows[i].enough;
		is_refused(&machine, 0, NULL, NULL);
		machine.pools[rows[i].pool].n_free--;
		is_refused(&machine, -ERROR_REFUSED, rows[i].object, rows[i].text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		machine.pools[rows[i].pool].n_free = rows[i].enough - 1;
	decide(&machine);
	assert_int_equal(machine.refusals.n_refusals, 3);
	forget(&machine);
}

static void ports_that_cannot_be_had(void **state _unused_)
{
	struct object carrier = { .name = { "dpni", 0 }, .driver = "fsl_dpaa2_eth" };
	struct netdev netdev = { .name = (char *)"eth0", .is_up = true, .n_addresses = 2 };
	struct carried_netdevs carried = { &carrier, { &netdev, 1 }, true };
	struct machine machine;

	make_machine(&machine, CONSUMER_DPDK, 1);
	ask(&machine, PORT_DPMAC, 9);
	is_refused(&machine, -ERROR_REFUSED, "dpmac.9", "no such port");
	machine.asked[0].dpmac = 3;
	ask(&machine, PORT_DPMAC, 3);
	is_refused(&machine, -ERROR_USAGE, "dpmac.3", "requested twice");
	machine.request.n_ports = 1;
	machine.ports[0].endpoint.knowledge = ENDPOINT_UNKNOWN;
	is_refused(&machine, -ERROR_REFUSED, "dpmac.3",
		   "does not report what the port is connected to");
	machine.ports[0].endpoint = (struct mc_endpoint){ ENDPOINT_CONNECTED, { "dpni", 0 }, 0, 1 };
	is_refused(&machine, -ERROR_REFUSED, "dpmac.3", "whose container the MC does not report");
	/* Of another container: never. */
	machine.ports[0].mc_peer = &machine.in_root[0];
	machine.containers[1] =
		(struct mc_container){ .name = { "dprc", 2 }, .parent = &machine.containers[0] };
	machine.in_root[0].container = &machine.containers[1];
	machine.request.force = true;
	is_refused(&machine, -ERROR_REFUSED, "dpmac.3", "connected to dpni.0 in dprc.2");
	/* Of the host: unless it is in use. */
	machine.request.force = false;
	machine.in_root[0].container = &machine.containers[0];
	is_refused(&machine, 0, NULL, NULL);
	machine.ports[0].peer = &carrier;
	machine.board.carriers = &carried;
	machine.board.n_carriers = 1;
	is_refused(&machine, -ERROR_REFUSED, "dpmac.3", "eth0 (up, addresses: 2)");
	machine.request.force = true;
	decide(&machine);
	assert_int_equal(machine.refusals.n_refusals, 0);
	assert_true(machine.layout.connections[0].cuts);
	assert_string_equal(machine.layout.connections[0].cut_off.type, "dpni");
	forget(&machine);
}

/* Through a switch other traffic may go, which only --force takes. */
static void ports_of_a_switch_or_another_container(void **state _unused_)
{
	struct object dpmac = { .name = { "dpmac", 3 }, .driver = "fsl_mc_dpmac" };
	struct mc_object in_mc = { .name = { "dpmac", 3 } };
	struct netdev netdev = { .name = (char *)"eth3", .is_up = true };
	struct carried_netdevs carried = { &dpmac, { &netdev, 1 }, true };
	static const char *const switches[] = { "dpsw", "dpdmux" };
	struct machine machine;

	make_machine(&machine, CONSUMER_DPDK, 1);
	ask(&machine, PORT_DPMAC, 3);
	machine.ports[0].mc_peer = &machine.in_root[0];
	machine.in_root[0].container = &machine.containers[0];
	for (size_t i = 0; i < ARRAY_SIZE(switches); i++) {
		machine.ports[0].endpoint =
			(struct mc_endpoint){ ENDPOINT_CONNECTED, { "", 0 }, 2, 1 };
		strcpy(machine.ports[0].endpoint.name.type, switches[i]);
		machine.request.force = false;
		is_refused(&machine, -ERROR_REFUSED, "dpmac.3", "which may forward other traffic");
		machine.request.force = true;
		decide(&machine);
		assert_int_equal(machine.refusals.n_refusals, 0);
		assert_int_equal(machine.layout.connections[0].cut_off.interface, 2);
		forget(&machine);
	}
	/* An interface of the port itself. */
	machine.ports[0].endpoint.knowledge = ENDPOINT_NONE;
	machine.ports[0].object = &dpmac;
	machine.board.carriers = &carried;
	machine.board.n_carriers = 1;
	is_refused(&machine, 0, NULL, NULL);
	machine.request.force = false;
	is_refused(&machine, -ERROR_REFUSED, "dpmac.3",
		   "eth3 (up); choose another port, or use --force");
	machine.request.is_defined = true;
	is_refused(&machine, -ERROR_REFUSED, "dpmac.3",
		   "eth3 (up); choose another port, or allow netdev-in-use in the definition");
	/* A port that is in another container is that one's, also if Linux has not scanned it. */
	machine.request.force = true;
	machine.ports[0].mc = &in_mc;
	in_mc.container = &machine.containers[0];
	is_refused(&machine, 0, NULL, NULL);
	machine.containers[1] = (struct mc_container){ .name = { "dprc", 2 },
						       .parent = &machine.containers[0] };
	in_mc.container = &machine.containers[1];
	is_refused(&machine, -ERROR_REFUSED, "dpmac.3", "taken: assigned to dprc.2");
}

/* Just what the SoC has, and what only another one has not. */
static void settings_at_their_limits(void **state _unused_)
{
	struct machine machine;
	struct layout_port *port;

	make_machine(&machine, CONSUMER_DPDK, 1);
	port = ask(&machine, PORT_NONE, 0);
	port->settings =
		(struct dpni_settings){ .queues = 32, .tcs = 16, .options = DPNI_HAS_KEY_MASKING };
	port->has_options = true;
	is_refused(&machine, 0, NULL, NULL);
	machine.board.soc = SOC_LS2088A;
	port->settings.tcs = 8;
	is_refused(&machine, -ERROR_REFUSED, "--port=none",
		   "queues=32: a DPNI of LS2088A has at most 16");
	port->settings.queues = 16;
	is_refused(&machine, 0, NULL, NULL);
	machine.board.soc = SOC_LS1088A;
	is_refused(&machine, -ERROR_REFUSED, "--port=none",
		   "options=HAS_KEY_MASKING: not available on LS1088A");
}

/* What one layout takes, the next has not. */
static void layouts_of_one_run_share_the_pools(void **state _unused_)
{
	struct machine machine;

	make_machine(&machine, CONSUMER_DPDK, 1);
	machine.pools[0].n_free = 3;
	machine.pools[1].n_free = 0;
	machine.pools[2].n_free = -1;
	decide(&machine);
	board_take(&machine.board, &machine.layout);
	assert_int_equal(machine.pools[0].n_free, 1);
	assert_int_equal(machine.pools[1].n_free, 0);
	assert_int_equal(machine.pools[2].n_free, -1);
	assert_int_equal(machine.pools[3].n_free, 1981);
	forget(&machine);
}

static void all_reasons_at_once(void **state _unused_)
{
	struct machine machine;

	make_machine(&machine, CONSUMER_DPDK, 1);
	machine.inventory.version = (struct mc_version){ 10, 31, 0 };
	machine.board.soc = SOC_LS1088A;
	machine.in_root[0] = (struct mc_object){ .name = { "dprc", 2 },
						 .container = &machine.containers[0],
						 .label = "fast" };
	machine.containers[0].n_objects = 1;
	machine.pools[1].n_free = 0;
	ask(&machine, PORT_NONE, 0)->settings =
		(struct dpni_settings){ .queues = 17, .tcs = 9, .options = 0x2000 | 0x10 };
	decide(&machine);
	/* Label, queues, TCs, firmware of STASHING_DIS, SoC of HAS_KEY_MASKING, DPBPs. */
	assert_int_equal(machine.refusals.n_refusals, 6);
	assert_int_equal(refusals_error(&machine.refusals), -ERROR_REFUSED);
	forget(&machine);
	machine.board.may_create = false;
	decide(&machine);
	assert_int_equal(machine.refusals.n_refusals, 7);
	assert_int_equal(refusals_error(&machine.refusals), -ERROR_PERMISSION);
	forget(&machine);
	ask(&machine, PORT_DPMAC, 3);
	ask(&machine, PORT_DPMAC, 3);
	decide(&machine);
	assert_int_equal(machine.refusals.n_refusals, 8);
	assert_int_equal(refusals_error(&machine.refusals), -ERROR_USAGE);
	forget(&machine);
	/* What the MC does not tell may be anything. */
	make_machine(&machine, CONSUMER_DPDK, 1);
	machine.containers[0].is_complete = false;
	is_refused(&machine, -ERROR_REFUSED, "dprc.1", "did not report all objects");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_programs_need),
		cmocka_unit_test(what_is_asked_for_beyond),
		cmocka_unit_test(a_dpni_by_soc_and_firmware),
		cmocka_unit_test(what_is_asked_of_a_dpni_stays),
		cmocka_unit_test(pools_short_by_one),
		cmocka_unit_test(ports_that_cannot_be_had),
		cmocka_unit_test(ports_of_a_switch_or_another_container),
		cmocka_unit_test(settings_at_their_limits),
		cmocka_unit_test(layouts_of_one_run_share_the_pools),
		cmocka_unit_test(all_reasons_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
