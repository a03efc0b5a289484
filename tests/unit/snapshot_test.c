/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is lost between two looks at the bus, and records that somebody damaged. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "assign/snapshot.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"

static const struct name dprc_1 = { "dprc", 1 }, dprc_2 = { "dprc", 2 }, dpni_1 = { "dpni", 1 };

/* dprc.1 { dpbp.0, dprc.2 { dpni.1 } } */
struct machine {
	struct object objects[4]; /* by name */
	struct dprc dprcs[2];
	struct bus bus;
};

enum { DPBP_0, DPNI_1, DPRC_1, DPRC_2 };

static void make_machine(struct machine *machine)
{
	*machine = (struct machine){
		.objects = {
			[DPBP_0] = { .name = { "dpbp", 0 }, .driver = "fsl_mc_allocator" },
			[DPNI_1] = { .name = dpni_1 },
			[DPRC_1] = { .name = dprc_1, .driver = "fsl_mc_dprc" },
			[DPRC_2] = { .name = dprc_2, .driver = "fsl_mc_dprc" },
		},
	};
	machine->dprcs[0] = (struct dprc){ .object = &machine->objects[DPRC_1], .is_root = true };
	machine->dprcs[1] =
		(struct dprc){ .object = &machine->objects[DPRC_2], .parent = &machine->dprcs[0] };
	machine->objects[DPBP_0].container = &machine->dprcs[0];
	machine->objects[DPRC_2].container = &machine->dprcs[0];
	machine->objects[DPNI_1].container = &machine->dprcs[1];
	machine->bus = (struct bus){ .objects = machine->objects,
				     .n_objects = ARRAY_SIZE(machine->objects),
				     .dprcs = machine->dprcs,
				     .n_dprcs = ARRAY_SIZE(machine->dprcs) };
}

/* The names of what was lost, each with a blank after it. */
static char *lost(const struct snapshot *snapshot, const struct bus *bus)
{
	const struct snapshot_entry *entry = NULL;
	char *text = xstrdup("");

	while ((entry = snapshot_next_lost(snapshot, bus, entry))) {
		char *longer = xasprintf("%s%s ", text, name_text(&entry->name).text);

		free(text);
		text = longer;
	}
	return text;
}

static void has_lost(const struct snapshot *snapshot, const struct machine *machine,
		     const char *wanted)
{
	_cleanup_free_ char *text = NULL;
	struct bus bus = machine->bus;

	object_index_make(bus.objects, bus.n_objects, &bus.index);
	text = lost(snapshot, &bus);
	object_index_done(&bus.index);
	assert_string_equal(text, wanted);
}

static void a_driver_or_a_place_that_was_had_can_be_lost(void **state _unused_)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = { 0 };
	struct machine machine;

	make_machine(&machine);
	snapshot_take(&machine.bus, &snapshot);
	has_lost(&snapshot, &machine, "");
	/* A driver that came is no loss; another one is. */
	machine.objects[DPNI_1].driver = "fsl_dpaa2_eth";
	has_lost(&snapshot, &machine, "");
	machine.objects[DPBP_0].driver = "vfio-fsl-mc";
	has_lost(&snapshot, &machine, "dpbp.0 ");
	machine.objects[DPBP_0].driver = NULL;
	has_lost(&snapshot, &machine, "dpbp.0 ");
	machine.objects[DPNI_1].container = &machine.dprcs[0];
	has_lost(&snapshot, &machine, "dpbp.0 dpni.1 ");
	/* The last by name is gone. */
	machine.bus.n_objects--;
	has_lost(&snapshot, &machine, "dpbp.0 dpni.1 dprc.2 ");
}

static void a_record_says_what_was_written(void **state _unused_)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = { 0 }, read = { 0 };
	struct json_object *written, *json;
	struct machine machine;

	make_machine(&machine);
	snapshot_take(&machine.bus, &snapshot);
	written = snapshot_to_json(&snapshot);
	json = json_tokener_parse(json_object_to_json_string(written));
	assert_int_equal(snapshot_from_json(json, &read), 0);
	json_object_put(written);
	json_object_put(json);
	assert_int_equal(read.n_entries, 4);
	has_lost(&read, &machine, "");
	assert_null(read.entries[DPNI_1].driver);
	assert_true(snapshot_is_inside(&read, &read.entries[DPNI_1], &dprc_1, 1));
	assert_true(snapshot_is_inside(&read, &read.entries[DPNI_1], &dprc_2, 1));
	assert_true(snapshot_is_inside(&read, &read.entries[DPRC_2], &dprc_2, 1));
	assert_false(snapshot_is_inside(&read, &read.entries[DPBP_0], &dprc_2, 1));
	assert_false(snapshot_is_inside(&read, &read.entries[DPRC_1], &dprc_2, 1));
	assert_false(snapshot_is_inside(&read, &read.entries[DPNI_1], NULL, 0));
}

static void damaged_records_are_refused(void **state _unused_)
{
	static const char *const texts[] = {
		"null",
		"[ ]",
		"\"dpni.1\"",
		"{ \"dprc.1\": null }",
		"{ \"dprc.1\": [ \"dpni.1\" ] }",
		"{ \"dprc.1\": { \"\": null } }",
		"{ \"dprc.1\": { \"\": \"dpni.1\" } }",
		"{ \"dprc.1\": { \"\": { \"dpni.1\": 1 } } }",
		"{ \"dprc.1\": { \"\": [ 7 ] } }",
		"{ \"dprc.1\": { \"\": [ null ] } }",
		"{ \"dprc.1\": { \"\": [ \"../x\" ] } }",
		"{ \"dprc.1\": { \"\": [ \"dpni.1\", \"dpni\" ] } }",
		"{ \"/\": { \"\": [ \"dpni.1\" ] } }",
		"{ \"dprc.1\": { \"\": [ \"dpni.1\" ] }, \"dprc\": { } }",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct json_object *json = json_tokener_parse(texts[i]);
		struct snapshot snapshot = { NULL, 77 };

		assert_int_equal(snapshot_from_json(json, &snapshot), -EBADMSG);
		assert_int_equal(snapshot.n_entries, 77);
		json_object_put(json);
	}
}

static void containers_in_a_circle_end(void **state _unused_)
{
	struct json_object *json = json_tokener_parse("{ \"dprc.6\": { \"\": [ \"dprc.5\" ] },"
						      "  \"dprc.5\": { \"\": [ \"dprc.6\" ] },"
						      "  \"dprc.7\": { \"\": [ \"dprc.7\" ] } }");
	_cleanup_(snapshot_done) struct snapshot snapshot = { 0 };

	assert_int_equal(snapshot_from_json(json, &snapshot), 0);
	json_object_put(json);
	assert_int_equal(snapshot.n_entries, 3);
	for (size_t i = 0; i < snapshot.n_entries; i++)
		assert_false(snapshot_is_inside(&snapshot, &snapshot.entries[i], &dprc_2, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_driver_or_a_place_that_was_had_can_be_lost),
		cmocka_unit_test(a_record_says_what_was_written),
		cmocka_unit_test(damaged_records_are_refused),
		cmocka_unit_test(containers_in_a_circle_end),
	};

	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
