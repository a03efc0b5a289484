/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "layout/layout.h"

void layout_done(struct layout *layout)
{
	for (size_t i = 0; i < layout->n_objects; i++)
		free(layout->objects[i].reason);
	free(layout->objects);
	free(layout->connections);
	free(layout->addresses);
	*layout = (struct layout){ 0 };
}
