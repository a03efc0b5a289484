/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many objects of which type a program needs: the one arithmetic behind "check --for" and
 * "create".
 */
#ifndef RULES_DEMAND_H
#define RULES_DEMAND_H

#include <stddef.h>

#include "rules/needs.h"

struct demand {
	size_t required; /* with fewer the program does not work */
	size_t wanted;	 /* with fewer it works worse; never less than required */
};

/* What is in the container besides, on which some of it depends. */
struct demand_base {
	size_t n_dpnis, n_dpios, n_dpsecis;
};

/* Of "dpio", "dpmcp", "dpbp" or "dpcon"; of other types nothing. */
struct demand demand_of(const struct workload *workload, const struct demand_base *base,
			const char *type);

/* Why so many are wanted, for people, in a new string. */
char *demand_reason(const struct workload *workload, const struct demand_base *base,
		    const char *type);

/* Threads that move packets, of all processes. */
size_t demand_threads(const struct workload *workload);

#endif
