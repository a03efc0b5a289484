/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds objects by name in an array of them: a listing looks each up once for its driver, its
 * group and its DPRC, and among a hundred thousand a binary search would be most of that.
 */
#ifndef MODEL_OBJECT_INDEX_H
#define MODEL_OBJECT_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "model/object.h"

struct object_index {
	uint32_t *slots; /* 0: free; else the place of an object in the array, from 1 */
	size_t n_slots;	 /* a power of two, or 0: nothing is found */
};

/* Of objects that no longer move; an earlier index is forgotten. */
void object_index_make(const struct object *objects, size_t n_objects, struct object_index *index);
void object_index_done(struct object_index *index);

/* NULL: it is not there.  objects is the array the index was made of. */
struct object *object_index_find(const struct object_index *index, struct object *objects,
				 const struct name *name);

#endif
