/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names to be put in order. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "model/name_set.h"

#define FIRST_ROOM 64

/* Where a directory is in some order, a name has the type of the one before. */
static struct name_set_type *type_of(struct name_set *set, const struct name *name)
{
	struct name_set_type *type;

	for (size_t i = 0; i < set->n_types; i++) {
		const size_t at = (set->last + i) % set->n_types;

		if (memcmp(set->types[at].type, name->type, sizeof(name->type)) != 0)
			continue;
		set->last = at;
		return &set->types[at];
	}
	set->types = xrealloc(set->types, set->n_types + 1, sizeof(*set->types));
	set->last = set->n_types++;
	type = &set->types[set->last];
	*type = (struct name_set_type){ 0 };
	memcpy(type->type, name->type, sizeof(type->type));
	return type;
}

void name_set_add(struct name_set *set, const struct name *name)
{
	struct name_set_type *type = type_of(set, name);

	if (type->n_ids == type->room) {
		type->room = type->room ? type->room + type->room / 2 : FIRST_ROOM;
		type->ids = xrealloc(type->ids, type->room, sizeof(*type->ids));
	}
	type->ids[type->n_ids++] = name->id;
}

static int by_type(const void *a, const void *b)
{
	return memcmp(((const struct name_set_type *)a)->type,
		      ((const struct name_set_type *)b)->type, NAME_TYPE_SIZE);
}

static int by_id(const void *a, const void *b)
{
	const uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

	return first < second ? -1 : first > second;
}

void name_set_sort(struct name_set *set)
{
	if (set->n_types)
		qsort(set->types, set->n_types, sizeof(*set->types), by_type);
	for (size_t i = 0; i < set->n_types; i++)
		qsort(set->types[i].ids, set->types[i].n_ids, sizeof(*set->types[i].ids), by_id);
}

void name_set_done(struct name_set *set)
{
	for (size_t i = 0; i < set->n_types; i++)
		free(set->types[i].ids);
	free(set->types);
	*set = (struct name_set){ 0 };
}
