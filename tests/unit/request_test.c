/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of a container: in words, and whether a container that is there has it. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>

#include "base/util.h"
#include "kernel/mc.h"
#include "layout/layout_match.h"
#include "layout/request_text.h"
#include "model/mc_inventory.h"

#define MAX_OBJECTS 8

static void done(char *wrong)
{
	if (wrong)
		fail_msg("%s", wrong);
}

static void a_port_is_printed_as_it_was_asked_for(void **state _unused_)
{
	static const char *const ports[] = {
		"dpmac.3",
		"kernel",
		"none",
		"dpmac.4294967295,queues=32,tcs=16,fs=1024,qos=64,vlans=16",
		"kernel,queues=1",
		"none,tcs=2",
		"none,fs=3",
		"none,qos=4",
		"none,vlans=5",
		"none,options=none",
		"none,options=NO_MAC_FILTER+HAS_POLICING",
		"dpmac.3,queues=2,options=HAS_REPLICATION,mac=02:00:00:0a:00:ff",
		"dpmac.3,mac=00:00:00:00:00:01",
	};

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		struct layout_request request = { 0 };
		_cleanup_free_ char *text = NULL;

		done(request_parse_port(&request, ports[i]));
		assert_int_equal(request.n_ports, 1);
		text = request_port_text(&request.ports[0]);
		assert_string_equal(text, ports[i]);
		layout_request_done(&request);
	}
}

static void what_is_no_port_is_not_added(void **state _unused_)
{
	static const struct {
		const char *port, *wrong;
	} ports[] = {
		{ "", "takes dpmac.N, kernel or none, not ''" },
		{ "dpni.3", "takes dpmac.N, kernel or none, not 'dpni.3'" },
		{ "dpmac", "takes dpmac.N, kernel or none, not 'dpmac'" },
		{ "none,", "'' has no value" },
		{ "none,queues", "'queues' has no value" },
		{ "none,queues=", "queues= takes a number from 1 to 32, not ''" },
		{ "none,queues=0", "queues= takes a number from 1 to 32, not '0'" },
		{ "none,queues=33", "queues= takes a number from 1 to 32, not '33'" },
		{ "none,tcs=x", "tcs= takes a number from 1 to 16, not 'x'" },
		{ "none,options=none+NO_FS", "options=: 'none' is not an option of a DPNI" },
		{ "none,options=", "options=: '' is not an option of a DPNI" },
		{ "none,mac=02:00:00:00:00:0g", "mac= takes the MAC address of one station" },
		{ "none,mac=02:00:00:00:00:g0", "mac= takes the MAC address of one station" },
		{ "none,mac=02-00:00:00:00:01", "mac= takes the MAC address of one station" },
		{ "none,mac=02:00:00:00:00:001", "mac= takes the MAC address of one station" },
		{ "none,mac=02:00:00:00:00:1", "mac= takes the MAC address of one station" },
		{ "none,mac=00:00:00:00:00:00", "mac= takes the MAC address of one station" },
		{ "none,mac=03:00:00:00:00:01", "mac= takes the MAC address of one station" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		struct layout_request request = { 0 };
		_cleanup_free_ char *wrong = request_parse_port(&request, ports[i].port);

		assert_non_null(wrong);
		assert_int_equal(strncmp(wrong, ports[i].wrong, strlen(ports[i].wrong)), 0);
		assert_int_equal(request.n_ports, 0);
	}
}

static void a_request_is_limited(void **state _unused_)
{
	struct layout_request request = { 0 };
	_cleanup_free_ char *wrong = NULL, *number = xasprintf("%d", LAYOUT_COUNT_MAX + 1);

	for (size_t i = 0; i < LAYOUT_COUNT_MAX; i++)
		done(request_parse_port(&request, "none"));
	wrong = request_parse_port(&request, "none");
	assert_non_null(wrong);
	assert_int_equal(request.n_ports, LAYOUT_COUNT_MAX);
	done(request_add_extra(&request, "dpdmai", "1024"));
	assert_string_equal(request.extras[0].type, "dpdmai");
	assert_int_equal(request.extras[0].n, LAYOUT_COUNT_MAX);
	free_pointer(&wrong);
	wrong = request_add_extra(&request, "dpio", number);
	assert_non_null(wrong);
	free_pointer(&wrong);
	wrong = request_add_extra(&request, "dpni", "1");
	assert_non_null(wrong);
	assert_int_equal(request.n_extras, 1);
	layout_request_done(&request);
}

static void a_label_is_short_and_visible(void **state _unused_)
{
	static const struct {
		const char *label;
		bool is_good;
	} labels[] = {
		{ "a", true },
		{ "0123456789abcde", true },
		{ "0123456789abcdef", false },
		{ "", false },
		{ "a b", false },
		{ "~!/", true },
		{ "a\x7f", false },
		{ "caf\xc3\xa9", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		_cleanup_free_ char *wrong = request_check_label(labels[i].label);

		assert_int_equal(!wrong, labels[i].is_good);
	}
}

static void options_of_a_dprc_add_up(void **state _unused_)
{
	_cleanup_free_ char *wrong = NULL;
	uint32_t options = MC_DPRC_AIOP;

	done(request_parse_option("SPAWN_ALLOWED", &options));
	done(request_parse_option("PL_ALLOWED", &options));
	wrong = request_parse_option("SPAWN", &options);
	assert_non_null(wrong);
	assert_int_equal(options, MC_DPRC_AIOP | MC_DPRC_SPAWN | MC_DPRC_PL);
}

static void only_a_port_of_the_board_is_shared(void **state _unused_)
{
	struct layout_request a = { 0 }, b = { 0 };

	done(request_parse_port(&a, "kernel"));
	done(request_parse_port(&a, "dpmac.0"));
	done(request_parse_port(&a, "dpmac.4"));
	done(request_parse_port(&b, "none"));
	done(request_parse_port(&b, "kernel"));
	done(request_parse_port(&b, "dpmac.3"));
	assert_null(layout_shared_port(&a, &b));
	done(request_parse_port(&b, "dpmac.4"));
	assert_ptr_equal(layout_shared_port(&a, &b), &a.ports[2]);
	layout_request_done(&a);
	layout_request_done(&b);
}

/*
 * A container from "dpni.0=dpmac.3 dpni.1=? dpio.0": "?" is what the MC does not report.  In the root
 * is dpni.9.
 */
struct machine {
	struct mc_object objects[MAX_OBJECTS];
	struct mc_object in_root;
	struct mc_container container, root;
};

static void make_machine(struct machine *machine, const char *text)
{
	_cleanup_free_ char *copy = xstrdup(text);
	char *rest = *copy ? copy : NULL, *word;

	*machine = (struct machine){
		.container = { .is_complete = true, .parent = &machine->root },
		.in_root = { .name = { "dpni", 9 } },
		.root = { .is_complete = true, .objects = &machine->in_root, .n_objects = 1 },
	};
	machine->container.objects = machine->objects;
	while ((word = strsep(&rest, " "))) {
		struct mc_object *object = &machine->objects[machine->container.n_objects++];
		const char *name = strsep(&word, "=");

		assert_int_equal(name_parse(name, &object->name), 0);
		if (word && streq(word, "?"))
			object->endpoint.knowledge = ENDPOINT_UNKNOWN;
		else if (word) {
			object->endpoint.knowledge = ENDPOINT_CONNECTED;
			assert_int_equal(name_parse(word, &object->endpoint.name), 0);
		} else
			object->endpoint.knowledge = ENDPOINT_NONE;
	}
}

static void differs(const struct layout_request *request, const struct mc_container *container,
		    const char *wanted)
{
	_cleanup_free_ char *difference = layout_difference(request, container);

	if (wanted)
		assert_string_equal(difference, wanted);
	else
		assert_null(difference);
}

static void what_a_container_has_too_few_of(void **state _unused_)
{
	static const struct {
		const char *ports[3];
		unsigned int n_loopbacks, n_crypto, n_dpios;
		const char *objects, *difference; /* NULL: it cannot be known */
	} rows[] = {
		{ { "dpmac.3", "kernel" }, 0, 0, 0, "dpni.0=dpmac.3 dpni.1=dpni.9", "" },
		{ { "dpmac.3" }, 0, 0, 0, "dpni.0=dpmac.4", "no dpni connected to dpmac.3" },
		{ { "dpmac.3" }, 0, 0, 0, "dpni.0=dpni.3", "no dpni connected to dpmac.3" },
		{ { "dpmac.3" }, 0, 0, 0, "dpni.0 dpsw.0=dpmac.3", "no dpni connected to dpmac.3" },
		{ { "kernel" },
		  0,
		  0,
		  0,
		  "dpni.0=dpsw.0",
		  "0 dpni connected to one of the kernel instead of 1" },
		{ { "kernel" },
		  0,
		  0,
		  0,
		  "dpni.0=dpni.8",
		  "0 dpni connected to one of the kernel instead of 1" },
		{ { NULL }, 1, 0, 0, "dpni.0=dpni.1 dpni.1=dpni.0", "" },
		{ { NULL },
		  1,
		  0,
		  0,
		  "dpni.0=dpni.1 dpni.1",
		  "1 dpni connected to one another instead of 2" },
		{ { "none", "none" },
		  1,
		  0,
		  0,
		  "dpni.0=dpni.1 dpni.1=dpni.0 dpni.2",
		  "3 dpni instead of 4" },
		{ { NULL }, 0, 16, 0, "dpseci.0", "" },
		{ { NULL }, 0, 17, 0, "dpseci.0", "1 dpseci instead of 2" },
		{ { NULL }, 0, 0, 2, "dpio.0 dpni.0", "1 dpio instead of 2" },
		{ { NULL }, 0, 0, 2, "dpio.0 dpio.1 dpio.2", "" },
		{ { "dpmac.3" }, 0, 0, 0, "dpni.0=?", NULL },
		{ { "dpmac.3" }, 0, 0, 0, "dpni.0=dpmac.3 dpni.1=?", "" },
		{ { "dpmac.3", "kernel" },
		  0,
		  0,
		  0,
		  "",
		  "no dpni connected to dpmac.3, 0 dpni connected to one of the kernel instead of "
		  "1, 0 dpni instead of 2" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct layout_extra extra = { "dpio", rows[i].n_dpios };
		struct layout_request request = { .n_loopbacks = rows[i].n_loopbacks,
						  .n_crypto = rows[i].n_crypto };
		struct machine machine;

		for (size_t n = 0; n < ARRAY_SIZE(rows[i].ports) && rows[i].ports[n]; n++)
			done(request_parse_port(&request, rows[i].ports[n]));
		make_machine(&machine, rows[i].objects);
		request.extras = &extra;
		request.n_extras = rows[i].n_dpios > 0;
		differs(&request, &machine.container, rows[i].difference);
		request.extras = NULL;
		layout_request_done(&request);
	}
}

static void what_the_mc_does_not_list_is_not_compared(void **state _unused_)
{
	struct layout_request request = { .n_crypto = 1 };
	struct machine machine;

	make_machine(&machine, "");
	differs(&request, &machine.container, "0 dpseci instead of 1");
	machine.container.is_complete = false;
	differs(&request, &machine.container, NULL);
	machine.container.is_complete = true;
	machine.container.error = -EACCES;
	differs(&request, &machine.container, NULL);
	differs(&request, NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_is_printed_as_it_was_asked_for),
		cmocka_unit_test(what_is_no_port_is_not_added),
		cmocka_unit_test(a_request_is_limited),
		cmocka_unit_test(a_label_is_short_and_visible),
		cmocka_unit_test(options_of_a_dprc_add_up),
		cmocka_unit_test(only_a_port_of_the_board_is_shared),
		cmocka_unit_test(what_a_container_has_too_few_of),
		cmocka_unit_test(what_the_mc_does_not_list_is_not_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
