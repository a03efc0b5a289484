/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose device nodes are: by an account, by what was there before, and on record. */
#include "unit.h"

#include <errno.h>

#include <json-c/json.h>

#include "base/account.h"
#include "base/util.h"
#include "transaction/change.h"

static const struct name dprc_2 = { "dprc", 2 }, dpni_1 = { "dpni", 1 }, dpni_7 = { "dpni", 7 };

static void is_owned(const struct ownership *ownership, const struct name *object, bool is_group,
		     struct devnode_owner wanted)
{
	const struct devnode_owner *owner = ownership_of(ownership, object, is_group);

	assert_non_null(owner);
	assert_true(devnode_owner_equal(owner, &wanted));
}

static void a_node_is_as_its_dprc_s_unless_it_was_there(void **state _unused_)
{
	struct node_ownership nodes[] = {
		{ dprc_2, true, true, { 1, 2, 0640 } },
		{ dprc_2, false, true, { 3, 4, 0600 } },
		{ dpni_1, false, true, { 5, 6, 0660 } },
	};
	struct ownership ownership = { nodes, 3, false, { 0 } };

	is_owned(&ownership, &dprc_2, true, nodes[0].owner);
	is_owned(&ownership, &dprc_2, false, nodes[1].owner);
	is_owned(&ownership, &dpni_1, false, nodes[2].owner);
	is_owned(&ownership, &dpni_7, false, nodes[1].owner);
	nodes[1].is_known = false;
	assert_null(ownership_of(&ownership, &dpni_7, false));
	/* Of nodes of a kind that there was none of, others decide. */
	ownership.n_nodes = 1;
	assert_null(ownership_of(&ownership, &dpni_1, false));
	ownership.has_others = true;
	ownership.others = (struct devnode_owner){ 8, 9, 0600 };
	is_owned(&ownership, &dpni_1, false, ownership.others);
}

static void an_account_takes_what_it_names(void **state _unused_)
{
	struct node_ownership nodes[] = {
		{ dprc_2, true, true, { 1, 2, 0640 } },
		{ dpni_1, false, false, { 9, 9, 0777 } },
	};
	const struct ownership now = { nodes, 2, false, { 0 } };
	struct ownership given;

	ownership_from_account(&(struct account){ 1000, ACCOUNT_KEEP }, &now, &given);
	is_owned(&given, &dprc_2, true, (struct devnode_owner){ 1000, 2, 0600 });
	is_owned(&given, &dpni_1, false, (struct devnode_owner){ 1000, 0, 0600 });
	assert_true(given.has_others);
	ownership_done(&given);
	ownership_from_account(&(struct account){ 1000, 50 }, &now, &given);
	is_owned(&given, &dprc_2, true, (struct devnode_owner){ 1000, 50, 0660 });
	given.n_nodes = 0;
	is_owned(&given, &dpni_7, true, (struct devnode_owner){ 1000, 50, 0660 });
	ownership_done(&given);
}

static void only_what_differs_changes_hands(void **state _unused_)
{
	struct node_ownership before[] = { { dprc_2, true, true, { 0, 0, 0600 } } };
	struct node_ownership after[] = { { dprc_2, true, true, { 0, 0, 0600 } } };
	struct change change = { .owner_before = { before, 1, false, { 0 } },
				 .owner_after = { after, 1, false, { 0 } } };

	assert_false(ownership_gives(&change, &dprc_2, true));
	assert_false(ownership_changes(&change));
	after[0].owner.mode = 0660;
	assert_true(ownership_gives(&change, &dprc_2, true));
	assert_true(ownership_changes(&change));
	assert_false(ownership_gives(&change, &dprc_2, false));
	before[0].is_known = false;
	assert_true(ownership_gives(&change, &dprc_2, true));
	after[0].is_known = false;
	assert_false(ownership_gives(&change, &dprc_2, true));
	assert_false(ownership_changes(&change));
}

static void it_comes_back_as_it_was_written(void **state _unused_)
{
	struct node_ownership nodes[] = {
		{ dprc_2, true, true, { UINT32_MAX - 1, 2, 07640 } },
		{ dpni_1, false, false, { 0 } },
	};
	struct ownership ownership = { nodes, 2, true, { 8, 9, 0600 } }, read;
	struct json_object *written = ownership_to_json(&ownership);
	struct json_object *json = json_tokener_parse(json_object_to_json_string(written));

	assert_int_equal(ownership_from_json(json, &read), 0);
	assert_int_equal(read.n_nodes, 2);
	assert_true(name_equal(&read.nodes[1].object, &dpni_1));
	is_owned(&read, &dprc_2, true, nodes[0].owner);
	assert_null(ownership_of(&read, &dpni_1, false));
	assert_true(read.has_others);
	assert_true(devnode_owner_equal(&read.others, &ownership.others));
	ownership_done(&read);
	json_object_put(json);
	json_object_put(written);
}

static void damaged_records_are_refused(void **state _unused_)
{
	static const char *const texts[] = {
		"{ }",
		"{ \"nodes\": { } }",
		"{ \"nodes\": [ ], \"uid\": 0 }",
		"{ \"nodes\": [ ], \"uid\": -1, \"gid\": 0, \"mode\": 0 }",
		"{ \"nodes\": [ ], \"uid\": 0, \"gid\": 4294967296, \"mode\": 0 }",
		"{ \"nodes\": [ ], \"uid\": 0, \"gid\": 0, \"mode\": 4096 }",
		"{ \"nodes\": [ { \"object\": \"dprc.2\" } ] }",
		"{ \"nodes\": [ { \"is_group\": true } ] }",
		"{ \"nodes\": [ { \"object\": \"dprc\", \"is_group\": true } ] }",
		"{ \"nodes\": [ { \"object\": \"dprc.2\", \"is_group\": 1 } ] }",
		"{ \"nodes\": [ { \"object\": \"dprc.2\", \"is_group\": true, \"uid\": 0 } ] }",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct json_object *json = json_tokener_parse(texts[i]);
		struct ownership ownership = { .n_nodes = 77 };

		assert_int_equal(ownership_from_json(json, &ownership), -EBADMSG);
		assert_int_equal(ownership.n_nodes, 77);
		json_object_put(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_is_as_its_dprc_s_unless_it_was_there),
		cmocka_unit_test(an_account_takes_what_it_names),
		cmocka_unit_test(only_what_differs_changes_hands),
		cmocka_unit_test(it_comes_back_as_it_was_written),
		cmocka_unit_test(damaged_records_are_refused),
	};

	return cmocka_run_group_tests_name("ownership", tests, NULL, NULL);
}
