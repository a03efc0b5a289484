/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names to be put in order: by type, then by number.  Kept type by type, for there are few types
 * and a bus of ten thousands of objects has little else to sort than numbers.
 */
#ifndef MODEL_NAME_SET_H
#define MODEL_NAME_SET_H

#include <stddef.h>
#include <stdint.h>

#include "model/name.h"

struct name_set_type {
	char type[NAME_TYPE_SIZE];
	uint32_t *ids;
	size_t n_ids, room;
};

struct name_set {
	struct name_set_type *types;
	size_t n_types, last;
};

void name_set_add(struct name_set *set, const struct name *name);

/* The types in their order, and the numbers of each. */
void name_set_sort(struct name_set *set);

void name_set_done(struct name_set *set);
#define _cleanup_name_set_ __attribute__((cleanup(name_set_done)))

#endif
