/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "base/util.h"
#include "layout/layout.h"
#include "model/pool.h"

void layout_done(struct layout *layout)
{
	for (size_t i = 0; i < layout->n_objects; i++)
		free(layout->objects[i].reason);
	free(layout->objects);
	free(layout->connections);
	free(layout->addresses);
	*layout = (struct layout){ 0 };
}

size_t layout_count(const struct layout *layout, const char *type)
{
	size_t n = 0;

	for (size_t i = 0; i < layout->n_objects; i++)
		n += streq(layout->objects[i].type, type);
	return n;
}

size_t layout_takes(const struct layout *layout, const struct pool *pool)
{
	if (!pool->type)
		return 0;
	return layout_count(layout, pool->type) + streq(pool->name, "mcp");
}
