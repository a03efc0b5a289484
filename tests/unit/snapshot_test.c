/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is lost between two looks at the bus, and records that somebody damaged. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "transaction/snapshot.h"

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

/* "GONE_NAME " and the like of all that differs. */
static char *differences(const struct snapshot *snapshot, const struct bus *bus)
{
	static const char *const what[] = {
		[SNAPSHOT_GONE] = "gone", [SNAPSHOT_LOST] = "lost", [SNAPSHOT_GAINED] = "gained"
	};
	char *text = xstrdup("");

	for (size_t i = 0; i < snapshot->n_entries; i++) {
		const struct snapshot_entry *entry = &snapshot->entries[i];
		enum snapshot_difference difference = snapshot_compare(entry, bus);
		char *longer;

		if (difference == SNAPSHOT_SAME)
			continue;
		longer =
			xasprintf("%s%s %s ", text, what[difference], name_text(&entry->name).text);
		free(text);
		text = longer;
	}
	return text;
}

static void differs(const struct snapshot *snapshot, const struct machine *machine,
		    const char *wanted)
{
	_cleanup_free_ char *text = differences(snapshot, &machine->bus);

	assert_string_equal(text, wanted);
}

static void a_driver_or_a_place_can_differ(void **state _unused_)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = { 0 };
	struct machine machine;

	make_machine(&machine);
	snapshot_take(&machine.bus, &snapshot);
	differs(&snapshot, &machine, "");
	machine.objects[DPNI_1].driver = "fsl_dpaa2_eth";
	differs(&snapshot, &machine, "gained dpni.1 ");
	machine.objects[DPBP_0].driver = "vfio-fsl-mc";
	differs(&snapshot, &machine, "gained dpbp.0 gained dpni.1 ");
	machine.objects[DPBP_0].driver = NULL;
	differs(&snapshot, &machine, "lost dpbp.0 gained dpni.1 ");
	machine.objects[DPNI_1].container = &machine.dprcs[0];
	differs(&snapshot, &machine, "lost dpbp.0 gone dpni.1 ");
	/* The last by name is gone. */
	machine.bus.n_objects--;
	differs(&snapshot, &machine, "lost dpbp.0 gone dpni.1 gone dprc.2 ");
}

static void a_record_says_what_was_written(void **state _unused_)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = { 0 }, read = { 0 };
	struct json_object *written, *json;
	struct machine machine;

	make_machine(&machine);
	snapshot_take(&machine.bus, &snapshot);
	snapshot.entries[DPBP_0].driver_override = xstrdup("a \"b\" \\c");
	written = json_object_new_array();
	json_object_array_add(written, snapshot_to_json(&snapshot));
	json_object_array_add(written, snapshot_overrides_to_json(&snapshot));
	json = json_tokener_parse(json_object_to_json_string(written));
	assert_int_equal(snapshot_from_json(json_object_array_get_idx(json, 0),
					    json_object_array_get_idx(json, 1), &read),
			 0);
	json_object_put(written);
	json_object_put(json);
	assert_int_equal(read.n_entries, 4);
	differs(&read, &machine, "");
	assert_string_equal(read.entries[DPBP_0].driver_override, "a \"b\" \\c");
	assert_null(read.entries[DPNI_1].driver_override);
	assert_null(read.entries[DPNI_1].driver);
	assert_true(snapshot_is_inside(&read, &read.entries[DPNI_1], &dprc_1));
	assert_true(snapshot_is_inside(&read, &read.entries[DPNI_1], &dprc_2));
	assert_true(snapshot_is_inside(&read, &read.entries[DPRC_2], &dprc_2));
	assert_false(snapshot_is_inside(&read, &read.entries[DPBP_0], &dprc_2));
	assert_false(snapshot_is_inside(&read, &read.entries[DPRC_1], &dprc_2));
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
		"{ \"dprc.1\": { \"../x\": [ \"dpni.1\" ] } }",
		"{ \"dprc.1\": { \"..\": [ \"dpni.1\" ] } }",
		"{ \"dprc.1\": { \"\": [ \"../x\" ] } }",
		"{ \"dprc.1\": { \"\": [ \"dpni.1\", \"dpni\" ] } }",
		"{ \"/\": { \"\": [ \"dpni.1\" ] } }",
		"{ \"dprc.1\": { \"\": [ \"dpni.1\" ] }, \"dprc\": { } }",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct json_object *json = json_tokener_parse(texts[i]);
		struct snapshot snapshot = { .n_entries = 77 };

		assert_int_equal(snapshot_from_json(json, NULL, &snapshot), -EBADMSG);
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

	assert_int_equal(snapshot_from_json(json, NULL, &snapshot), 0);
	json_object_put(json);
	assert_int_equal(snapshot.n_entries, 3);
	for (size_t i = 0; i < snapshot.n_entries; i++)
		assert_false(snapshot_is_inside(&snapshot, &snapshot.entries[i], &dprc_2));
}

static void overrides_of_nothing_are_refused(void **state _unused_)
{
	static const char *const texts[] = {
		"[ ]",
		"{ \"dpni\": \"x\" }",
		"{ \"dpni.1\": 7 }",
		"{ \"dpni.1\": null }",
		"{ \"dpni.2\": \"x\" }",
	};
	struct json_object *json =
		json_tokener_parse("{ \"dprc.1\": { \"\": [ \"dpni.1\", \"dpni.0\" ] } }");
	struct json_object *overrides = json_tokener_parse("{ \"dpni.1\": \"x\" }");
	_cleanup_(snapshot_done) struct snapshot read = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct json_object *damaged = json_tokener_parse(texts[i]);
		struct snapshot snapshot = { .n_entries = 77 };

		assert_int_equal(snapshot_from_json(json, damaged, &snapshot), -EBADMSG);
		assert_int_equal(snapshot.n_entries, 77);
		json_object_put(damaged);
	}
	assert_int_equal(snapshot_from_json(json, overrides, &read), 0);
	assert_null(snapshot_find(&read, &(struct name){ "dpni", 0 })->driver_override);
	assert_string_equal(snapshot_find(&read, &dpni_1)->driver_override, "x");
	assert_null(snapshot_find(&read, &dprc_1));
	/* The first by name. */
	assert_int_equal(snapshot_first_in(&read, &dprc_1)->name.id, 0);
	assert_null(snapshot_first_in(&read, &dprc_2));
	json_object_put(overrides);
	json_object_put(json);
}

static void places_are_copied_without_drivers(void **state _unused_)
{
	_cleanup_(snapshot_done) struct snapshot snapshot = { 0 }, places = { 0 };
	struct machine machine;

	make_machine(&machine);
	snapshot_take(&machine.bus, &snapshot);
	snapshot_copy_places(&snapshot, &places);
	assert_true(places.has_places_only && !snapshot.has_places_only);
	assert_int_equal(places.n_entries, snapshot.n_entries);
	for (size_t i = 0; i < places.n_entries; i++) {
		assert_true(name_equal(&places.entries[i].name, &snapshot.entries[i].name));
		assert_true(
			name_equal(&places.entries[i].container, &snapshot.entries[i].container));
		assert_null(places.entries[i].driver);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_driver_or_a_place_can_differ),
		cmocka_unit_test(a_record_says_what_was_written),
		cmocka_unit_test(damaged_records_are_refused),
		cmocka_unit_test(containers_in_a_circle_end),
		cmocka_unit_test(overrides_of_nothing_are_refused),
		cmocka_unit_test(places_are_copied_without_drivers),
	};

	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
