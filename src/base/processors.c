/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeping a child off our processor. */
#include "base/processors.h"

void processors_part(struct processors *ret_processors)
{
	struct processors processors = { 0 };
	const int here = sched_getcpu();

	*ret_processors = processors;
	if (here < 0 || sched_getaffinity(0, sizeof(processors.all), &processors.all) < 0)
		return;
	processors.others = processors.all;
	CPU_CLR((size_t)here, &processors.others);
	CPU_SET((size_t)here, &processors.ours);
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
