/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a change says of the lock, on record and read again. */
#include "unit.h"

#include <json-c/json.h>

#include "base/util.h"
#include "transaction/change.h"
#include "transaction/record.h"

static struct json_object *written(bool before, bool after)
{
	const struct change change = {
		.name = { "dprc", 2 },
		.path = (char *)"devices/dprc.1/dprc.2",
		.locked_before = before,
		.locked_after = after,
	};
	struct json_object *record = record_change(&change), *again;

	again = json_tokener_parse(json_object_to_json_string(record));
	json_object_put(record);
	return again;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lock_comes_back_as_it_was_written),
		cmocka_unit_test(a_record_of_0_1_0_has_no_lock),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
