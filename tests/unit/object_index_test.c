/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects by name: all that are there are found, and none that is not. */
#include "unit.h"

#include <stdlib.h>

#include "base/util.h"
#include "model/object_index.h"

#define N_OBJECTS 5000

static void is_at(const struct object_index *index, struct object *objects, const char *text,
		  struct object *wanted)
{
	struct name name;

	assert_int_equal(name_parse(text, &name), 0);
	assert_ptr_equal(object_index_find(index, objects, &name), wanted);
}

static void what_is_there_is_found_and_nothing_else(void **state _unused_)
{
	static const char *const types[] = { "dpni", "dpio", "dpmcp", "dpabcdefghijklm" };
	struct object *objects = xcalloc(N_OBJECTS, sizeof(*objects));
	struct object_index index = { 0 };

	for (size_t i = 0; i < N_OBJECTS; i++)
		assert_int_equal(name_make(types[i % ARRAY_SIZE(types)],
					   (uint32_t)(i / ARRAY_SIZE(types)), &objects[i].name),
				 0);
	object_index_make(objects, N_OBJECTS, &index);
	for (size_t i = 0; i < N_OBJECTS; i++)
		assert_ptr_equal(object_index_find(&index, objects, &objects[i].name), &objects[i]);
	is_at(&index, objects, "dpio.0", &objects[1]);
	is_at(&index, objects, "dpni.1250", NULL);
	is_at(&index, objects, "dpni.4294967295", NULL);
	is_at(&index, objects, "dpbp.0", NULL);
	object_index_done(&index);
	free(objects);
}

static void among_none_none_is_found(void **state _unused_)
{
	struct object_index index = { 0 };

	is_at(&index, NULL, "dprc.1", NULL);
	object_index_make(NULL, 0, &index);
	is_at(&index, NULL, "dprc.1", NULL);
	object_index_done(&index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_there_is_found_and_nothing_else),
		cmocka_unit_test(among_none_none_is_found),
	};

	return cmocka_run_group_tests_name("object_index", tests, NULL, NULL);
}
