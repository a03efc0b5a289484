/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeping a child off our processor. */
#include "base/processors.h"

static struct processors now;
static unsigned int depth;

static void part(void)
{
	const int here = sched_getcpu();
	bool is_for_child = true;

	now = (struct processors){ 0 };
	if (here < 0 || sched_getaffinity(0, sizeof(now.all), &now.all) < 0)
		return;
	CPU_SET((size_t)here, &now.ours);
	for (size_t i = 0; i < CPU_SETSIZE; i++) {
		if (i == (size_t)here || !CPU_ISSET(i, &now.all))
			continue;
		CPU_SET(i, is_for_child ? &now.others : &now.ours);
		is_for_child = !is_for_child;
	}
	if (CPU_COUNT(&now.others))
		now.are_parted = sched_setaffinity(0, sizeof(now.ours), &now.ours) == 0;
}

const struct processors *processors_part(void)
{
	if (depth++ == 0)
		part();
	return &now;
}

void processors_leave(const struct processors *processors)
{
	if (processors->are_parted)
		sched_setaffinity(0, sizeof(processors->others), &processors->others);
	depth = 0;
}

void processors_rejoin(void)
{
	if (--depth == 0 && now.are_parted)
		sched_setaffinity(0, sizeof(now.all), &now.all);
}

void processors_avoid(int processor)
{
	cpu_set_t rest;

	if (processor < 0 || sched_getaffinity(0, sizeof(rest), &rest) < 0)
		return;
	CPU_CLR((size_t)processor, &rest);
	if (CPU_COUNT(&rest))
		sched_setaffinity(0, sizeof(rest), &rest);
	/* Even the last: behind the stuck child the next one would wait, beside us it need not. */
	CPU_CLR((size_t)processor, &now.others);
	CPU_CLR((size_t)processor, &now.all);
}
