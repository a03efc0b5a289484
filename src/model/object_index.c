/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects by name: a hash table with open addressing, at most half full. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "model/object_index.h"

#define FEWEST_SLOTS 64

/* Odd, and of bits in no pattern: the golden ratio, and a prime near 2^64 / e. */
#define MIX_ID UINT64_C(0x9e3779b97f4a7c15)
#define MIX_TYPE UINT64_C(0x5e2d58d8b3bcdef7)

/* The high half of a product depends on all bits of its factors. */
static size_t first_slot(const struct object_index *index, const struct name *name)
{
	uint64_t words[NAME_TYPE_SIZE / sizeof(uint64_t)], hash = name->id * MIX_ID;

	memcpy(words, name->type, sizeof(words));
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		hash = (hash ^ words[i]) * MIX_TYPE;
	return (size_t)(hash >> 32) & (index->n_slots - 1);
}

void object_index_make(const struct object *objects, size_t n_objects, struct object_index *index)
{
	object_index_done(index);
	index->n_slots = FEWEST_SLOTS;
	while (index->n_slots < 2 * n_objects)
		index->n_slots *= 2;
	index->slots = xcalloc(index->n_slots, sizeof(*index->slots));
	for (size_t i = 0; i < n_objects; i++) {
		size_t slot = first_slot(index, &objects[i].name);

		while (index->slots[slot])
			slot = (slot + 1) & (index->n_slots - 1);
		index->slots[slot] = (uint32_t)i + 1;
	}
}

void object_index_done(struct object_index *index)
{
	free(index->slots);
	*index = (struct object_index){ 0 };
}

struct object *object_index_find(const struct object_index *index, struct object *objects,
				 const struct name *name)
{
	if (!index->n_slots)
		return NULL;
	for (size_t slot = first_slot(index, name); index->slots[slot];
	     slot = (slot + 1) & (index->n_slots - 1)) {
		struct object *object = &objects[index->slots[slot] - 1];

		if (name_equal(&object->name, name))
			return object;
	}
	return NULL;
}
