/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is on record: written down and read again, damaged, of another boot or another device. */
#include "unit.h"

#include <errno.h>

#include <json-c/json.h>

#include "base/strings.h"
#include "base/util.h"
#include "transaction/change.h"
#include "transaction/creation.h"
#include "transaction/record.h"

/* What a program reads of what another one wrote.  Frees it. */
static struct json_object *again(struct json_object *json)
{
	struct json_object *copy = json_tokener_parse(json_object_to_json_string(json));

	json_object_put(json);
	return copy;
}

static struct json_object *written(bool before, bool after)
{
	const struct change change = {
		.name = { "dprc", 2 },
		.path = (char *)"devices/dprc.1/dprc.2",
		.locked_before = before,
		.locked_after = after,
	};

	return again(record_change(&change));
}

static void a_lock_comes_back_as_it_was_written(void **state _unused_)
{
	for (int i = 0; i < 4; i++) {
		struct json_object *json = written(i & 1, i & 2);
		struct change change = { .lock = LOCK_ON };

		record_read_locks(json, &change);
		assert_int_equal(change.locked_before, i & 1 ? true : false);
		assert_int_equal(change.locked_after, i & 2 ? true : false);
		/* The run may have ended before or after the command. */
		assert_int_equal(change.lock, i ? LOCK_UNKNOWN : LOCK_OFF);
		json_object_put(json);
	}
}

static void a_record_of_0_1_0_has_no_lock(void **state _unused_)
{
	struct json_object *json = written(true, true);
	struct change change = { .lock = LOCK_ON };

	json_object_object_del(json, "locked_before");
	json_object_object_del(json, "locked_after");
	record_read_locks(json, &change);
	assert_false(change.locked_before || change.locked_after);
	assert_int_equal(change.lock, LOCK_OFF);
	json_object_put(json);
}

static void a_change_comes_back_as_it_was_written(void **state _unused_)
{
	struct change change = { .name = { "dprc", 2 },
				 .path = (char *)"devices/dprc.1/dprc.2",
				 .inode = UINT64_C(1) << 40,
				 .identity = { 24, 3, NULL },
				 .before = { (char *)"fsl_mc_dprc", NULL },
				 .after = { (char *)"vfio-fsl-mc", (char *)"vfio-fsl-mc" } };
	const struct change other = { .inode = 7 };
	struct identity identity = { 24, IDENTITY_UNKNOWN, (char *)"any" };
	struct change read = { 0 };
	struct json_object *json;
	const char *path;

	strings_add(&change.interfaces, "eth1 (up)");
	strings_add(&change.interfaces, "eth1");
	json = again(record_change(&change));
	assert_int_equal(record_read_place(json, &read.name, &path), 0);
	assert_true(name_equal(&read.name, &change.name));
	assert_string_equal(path, change.path);
	assert_int_equal(record_read_binding(json, "before", &read.before), 0);
	assert_int_equal(record_read_binding(json, "after", &read.after), 0);
	assert_true(binding_equal(&read.before, &change.before));
	assert_true(binding_equal(&read.after, &change.after));
	assert_int_equal(record_read_identity(json, &read.identity), 0);
	assert_int_equal(read.identity.icid, 24);
	assert_int_equal(read.identity.portal_id, 3);
	assert_true(record_is_of(json, &change));
	assert_false(record_is_of(json, &other));
	assert_int_equal(record_check_device(json, &identity, change.inode), 0);
	assert_int_equal(record_check_device(json, &identity, 7), -ESTALE);
	identity.icid = 25;
	assert_int_equal(record_check_device(json, &identity, change.inode), -ESTALE);
	/* What does not say by what it is in use is no interface. */
	record_read_interfaces(json, &read);
	assert_int_equal(read.interfaces.n_texts, 1);
	assert_string_equal(read.interfaces.texts[0], "eth1 (up)");
	json_object_object_del(json, "interfaces");
	record_read_interfaces(json, &read);
	assert_int_equal(read.interfaces.n_texts, 1);
	json_object_object_del(json, "icid");
	assert_int_equal(record_check_device(json, &identity, change.inode), -EBADMSG);
	json_object_put(json);
	binding_done(&read.before);
	binding_done(&read.after);
	strings_done(&read.interfaces);
	strings_done(&change.interfaces);
}

/* What is unknown of either does not tell them apart. */
static void a_dprc_is_another_one_only_if_something_known_differs(void **state _unused_)
{
	const struct identity known = { 24, 3, (char *)"fast" };
	static const struct {
		struct identity other;
		bool is_same;
	} rows[] = {
		{ { 24, 3, (char *)"fast" }, true },
		{ { 25, 3, (char *)"fast" }, false },
		{ { 24, 4, (char *)"fast" }, false },
		{ { 24, 3, (char *)"slow" }, false },
		{ { 24, 3, (char *)"" }, false },
		{ { 24, 3, NULL }, true },
		{ { IDENTITY_UNKNOWN, 3, (char *)"fast" }, true },
		{ { 24, IDENTITY_UNKNOWN, (char *)"fast" }, true },
		{ { IDENTITY_UNKNOWN, IDENTITY_UNKNOWN, NULL }, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(identity_matches(&known, &rows[i].other), rows[i].is_same);
		assert_int_equal(identity_matches(&rows[i].other, &known), rows[i].is_same);
	}
}

static void places_that_lead_elsewhere_are_refused(void **state _unused_)
{
	static const char *const texts[] = {
		"{ }",
		"{ \"name\": \"dprc.2\" }",
		"{ \"path\": \"devices/dprc.2\" }",
		"{ \"name\": \"dprc\", \"path\": \"devices/dprc\" }",
		"{ \"name\": \"dprc.2\", \"path\": \"bus/dprc.2\" }",
		"{ \"name\": \"dprc.2\", \"path\": \"devices/dprc.3\" }",
		"{ \"name\": \"dprc.2\", \"path\": \"devices/../dprc.2\" }",
		"{ \"name\": \"dprc.2\", \"path\": 2 }",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct json_object *json = json_tokener_parse(texts[i]);
		struct name name;
		const char *path;

		assert_int_equal(record_read_place(json, &name, &path), -EBADMSG);
		json_object_put(json);
	}
}

static void bindings_that_are_none_are_refused(void **state _unused_)
{
	static const char *const texts[] = {
		"{ }",
		"{ \"after\": [ ] }",
		"{ \"after\": { \"driver\": null } }",
		"{ \"after\": { \"driver_override\": null } }",
		"{ \"after\": { \"driver\": 1, \"driver_override\": null } }",
		"{ \"after\": { \"driver\": null, \"driver_override\": 1 } }",
		"{ \"after\": { \"driver\": \"../x\", \"driver_override\": null } }",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct json_object *json = json_tokener_parse(texts[i]);
		struct binding binding = { 0 };

		assert_int_equal(record_read_binding(json, "after", &binding), -EBADMSG);
		json_object_put(json);
	}
}

static void numbers_have_limits(void **state _unused_)
{
	static const struct {
		const char *text;
		int result;
	} rows[] = {
		{ "{ \"n\": -1 }", 0 },		  { "{ \"n\": 8 }", 0 },
		{ "{ \"n\": -2 }", -EBADMSG },	  { "{ \"n\": 9 }", -EBADMSG },
		{ "{ \"n\": \"3\" }", -EBADMSG }, { "{ }", -EBADMSG },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct json_object *json = json_tokener_parse(rows[i].text);
		int64_t number = 77;

		assert_int_equal(record_read_number(json, "n", -1, 8, &number), rows[i].result);
		assert_int_equal(number == 77, rows[i].result < 0);
		json_object_put(json);
	}
}

static void losses_are_names_of_objects(void **state _unused_)
{
	static const struct {
		const char *text;
		int result;
	} rows[] = {
		{ "{ \"losses\": [ \"dpni.1\", \"dpio.3\" ] }", 0 },
		{ "{ \"losses\": [ ] }", 0 },
		{ "{ }", -EBADMSG },
		{ "{ \"losses\": \"dpni.1\" }", -EBADMSG },
		{ "{ \"losses\": [ \"dpni\" ] }", -EBADMSG },
		{ "{ \"losses\": [ null ] }", -EBADMSG },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct json_object *json = json_tokener_parse(rows[i].text);
		_cleanup_strings_ struct strings losses = { 0 };

		assert_int_equal(record_read_losses(json, &losses), rows[i].result);
		if (i == 0)
			assert_string_equal(losses.texts[1], "dpio.3");
		json_object_put(json);
	}
}

static void make_made(struct made *made)
{
	*made = (struct made){ { "dprc", 5 }, { "dprc", 1 }, "fast", 30, 6, { 0 }, { 0 }, NULL, 0 };
	names_list_add(&made->objects, &(struct name){ "dpni", 4 });
	names_list_add(&made->objects, &(struct name){ "dpmcp", 9 });
	names_list_add(&made->host_objects, &(struct name){ "dpni", 5 });
	made_add_cut(made, &(struct mc_end){ .type = "dpmac", .id = 3 },
		     &(struct mc_end){ .type = "dpsw", .id = 0, .interface = 2 });
}

static void same_made(const struct made *a, const struct made *b)
{
	assert_true(name_equal(&a->name, &b->name));
	assert_true(name_equal(&a->parent, &b->parent));
	assert_string_equal(a->label, b->label);
	assert_int_equal(a->icid, b->icid);
	assert_int_equal(a->portal_id, b->portal_id);
	assert_int_equal(a->objects.n_names, b->objects.n_names);
	for (size_t i = 0; i < a->objects.n_names; i++)
		assert_true(names_list_has(&b->objects, &a->objects.names[i]));
	assert_int_equal(a->host_objects.n_names, 1);
	assert_true(name_equal(&a->host_objects.names[0], &b->host_objects.names[0]));
	assert_int_equal(b->n_cuts, 1);
	assert_string_equal(b->cuts[0].port.type, "dpmac");
	assert_int_equal(b->cuts[0].port.id, 3);
	assert_string_equal(b->cuts[0].peer.type, "dpsw");
	assert_int_equal(b->cuts[0].peer.interface, 2);
}

static void what_was_made_comes_back(void **state _unused_)
{
	_cleanup_free_ char *port = made_end_text(&(struct mc_end){ .type = "dpmac", .id = 3 });
	_cleanup_free_ char *peer =
		made_end_text(&(struct mc_end){ .type = "dpsw", .id = 0, .interface = 2 });
	struct made made, read = { 0 };
	struct json_object *json;

	assert_string_equal(port, "dpmac.3");
	assert_string_equal(peer, "dpsw.0 interface 2");
	make_made(&made);
	json = again(made_to_json(&made));
	assert_int_equal(made_from_json(json, &read), 0);
	same_made(&made, &read);
	assert_false(names_list_has(&read.objects, &made.host_objects.names[0]));
	made_done(&read);
	/* Before the MC has given it a number. */
	json_object_object_del(json, "name");
	assert_int_equal(made_from_json(json, &read), 0);
	assert_string_equal(read.name.type, "");
	made_done(&read);
	json_object_put(json);
	made_done(&made);
}

/* A copy of json with a member replaced; NULL: left out. */
static struct json_object *with(struct json_object *json, const char *key, const char *value)
{
	struct json_object *copy = json_tokener_parse(json_object_to_json_string(json));

	json_object_object_del(copy, key);
	if (value)
		json_object_object_add(copy, key, json_tokener_parse(value));
	return copy;
}

struct damage {
	const char *key, *value;
};

static void what_was_made_is_not_read_from_less(void **state _unused_)
{
	static const struct damage damages[] = {
		{ "name", "\"dprc\"" },
		{ "parent", NULL },
		{ "parent", "\"x\"" },
		{ "label", NULL },
		{ "label", "\"0123456789abcdefg\"" },
		{ "icid", NULL },
		{ "icid", "4294967296" },
		{ "portal_id", "-2" },
		{ "objects", NULL },
		{ "objects", "[ 7 ]" },
		{ "objects", "[ null ]" },
		{ "host_objects", "{ }" },
		{ "cuts", NULL },
		{ "cuts", "[ { \"port\": { \"name\": \"dpmac.3\", \"interface\": 0 } } ]" },
		{ "cuts", "[ { \"peer\": { \"name\": \"dpmac.3\", \"interface\": 0 } } ]" },
		{ "cuts", "[ { \"port\": { \"name\": \"dpmac.3\", \"interface\": 0 },"
			  "\"peer\": { \"name\": \"dpni.3\", \"interface\": 65536 } } ]" },
		{ "cuts", "[ { \"port\": { \"name\": \"dpmac.3\", \"interface\": 0 },"
			  "\"peer\": { \"name\": \"dpni\", \"interface\": 0 } } ]" },
	};
	struct made made, read = { .icid = 77 };
	struct json_object *json;

	make_made(&made);
	json = made_to_json(&made);
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		struct json_object *damaged = with(json, damages[i].key, damages[i].value);

		assert_int_equal(made_from_json(damaged, &read), -EBADMSG);
		assert_int_equal(read.icid, 77);
		json_object_put(damaged);
	}
	json_object_put(json);
	made_done(&made);
}

static void what_is_being_made_comes_back(void **state _unused_)
{
	static const struct damage damages[] = {
		{ "made", NULL },	 { "temporary", NULL },
		{ "temporary", "\"\"" }, { "temporary", "\"0123456789abcdefg\"" },
		{ "before", NULL },	 { "containers", "[ 1 ]" },
		{ "host_types", "{ }" }, { "host_types", "[ null ]" },
	};
	struct creation creation = { .temporary = "~fast" };
	struct transaction transaction = { .creations = &creation, .n_creations = 1 }, read = { 0 };
	struct json_object *json, *empty = json_object_new_array();

	make_made(&creation.made);
	names_list_add(&creation.before, &(struct name){ "dpni", 0 });
	names_list_add(&creation.containers, &(struct name){ "dprc", 1 });
	names_list_add(&creation.containers, &(struct name){ "dprc", 2 });
	strings_add(&creation.host_types, "dpni");
	json = again(creations_to_json(&transaction));
	assert_int_equal(creations_from_json(json, &read), 0);
	assert_int_equal(read.n_creations, 1);
	same_made(&creation.made, &read.creations[0].made);
	assert_string_equal(read.creations[0].temporary, "~fast");
	assert_int_equal(read.creations[0].before.n_names, 1);
	assert_int_equal(read.creations[0].containers.names[1].id, 2);
	assert_string_equal(read.creations[0].host_types.texts[0], "dpni");
	creations_done(&read);
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		struct json_object *damaged = json_object_new_array();

		json_object_array_add(damaged, with(json_object_array_get_idx(json, 0),
						    damages[i].key, damages[i].value));
		assert_int_equal(creations_from_json(damaged, &read), -EBADMSG);
		creations_done(&read);
		json_object_put(damaged);
	}
	assert_int_equal(creations_from_json(empty, &read), -EBADMSG);
	creations_done(&read);
	json_object_put(empty);
	json_object_put(json);
	made_done(&creation.made);
	names_list_done(&creation.before);
	names_list_done(&creation.containers);
	strings_done(&creation.host_types);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lock_comes_back_as_it_was_written),
		cmocka_unit_test(a_record_of_0_1_0_has_no_lock),
		cmocka_unit_test(a_change_comes_back_as_it_was_written),
		cmocka_unit_test(a_dprc_is_another_one_only_if_something_known_differs),
		cmocka_unit_test(places_that_lead_elsewhere_are_refused),
		cmocka_unit_test(bindings_that_are_none_are_refused),
		cmocka_unit_test(numbers_have_limits),
		cmocka_unit_test(losses_are_names_of_objects),
		cmocka_unit_test(what_was_made_comes_back),
		cmocka_unit_test(what_was_made_is_not_read_from_less),
		cmocka_unit_test(what_is_being_made_comes_back),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
