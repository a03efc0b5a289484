/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeping a child off our processor. */
#include "base/processors.h"

void processors_part(struct processors *ret_processors)
{
	struct processors processors = { 0 };
	const int here = sched_getcpu();
	bool is_for_child = true;

	*ret_processors = processors;
	if (here < 0 || sched_getaffinity(0, sizeof(processors.all), &processors.all) < 0)
		return;
	CPU_SET((size_t)here, &processors.ours);
	for (size_t i = 0; i < CPU_SETSIZE; i++) {
		if (i == (size_t)here || !CPU_ISSET(i, &processors.all))
			continue;
		CPU_SET(i, is_for_child ? &processors.others : &processors.ours);
		is_for_child = !is_for_child;
	}
	if (!CPU_COUNT(&processors.others))
		return;
	processors.are_parted =
		sched_setaffinity(0, sizeof(processors.ours), &processors.ours) == 0;
	*ret_processors = processors;
}

void processors_leave(const struct processors *processors)
{
	if (processors->are_parted)
		sched_setaffinity(0, sizeof(processors->others), &processors->others);
}

void processors_rejoin(const struct processors *processors)
{
	if (processors->are_parted)
		sched_setaffinity(0, sizeof(processors->all), &processors->all);
}

void processors_avoid(int processor)
{
	cpu_set_t others;

	if (processor < 0 || sched_getaffinity(0, sizeof(others), &others) < 0)
		return;
	CPU_CLR((size_t)processor, &others);
	if (CPU_COUNT(&others))
		sched_setaffinity(0, sizeof(others), &others);
}
