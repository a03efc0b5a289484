/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of "list --ports" and "list --pools". */
#ifndef VERBS_LIST_HARDWARE_H
#define VERBS_LIST_HARDWARE_H

#include <stdbool.h>

#include "report/render.h"

struct bus;
struct mc;

/* mc: what bus->mc, if there is one, was loaded over with MC_ENDPOINTS. */
void list_ports(const struct bus *bus, struct mc *mc, struct render *render,
		const struct selection *selection);

/* A negative errno, and null in JSON, where the MC could not be queried. */
int list_pools(const struct bus *bus, struct mc *mc, struct render *render,
	       const struct selection *selection);

#endif
