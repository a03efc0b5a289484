/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An object of the fsl-mc bus. */
#include "model/object.h"

int object_compare(const void *a, const void *b)
{
	const struct object *first = a, *second = b;

	return name_compare(&first->name, &second->name);
}
