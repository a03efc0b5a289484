/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts that cost more than loading the bus, loaded for a verb, which is told once on stderr what
 * could not be had.  Facts that are missing are unknown; they are no reason to fail.
 */
#ifndef VERBS_FACTS_H
#define VERBS_FACTS_H

#include <stdbool.h>

#include "model/mc_inventory.h"

struct binding;
struct bus;
struct dprc;
struct netdevs;
struct object;

/* 0, or a negative errno, about which it has spoken: -ETIMEDOUT: the MC does not answer. */
int facts_load_mc(struct bus *bus, enum mc_detail detail);

/* The same over a connection that stays open. */
int facts_load_mc_over(struct bus *bus, enum mc_detail detail, struct mc *mc);

/* True: *ret_binding is filled; false: not known, as while a bind of the DPRC hangs. */
bool facts_load_binding(const struct bus *bus, const struct dprc *dprc,
			struct binding *ret_binding);

/* True: *ret_netdevs is filled, even if there are none. */
bool facts_load_netdevs(const struct bus *bus, const struct object *object,
			struct netdevs *ret_netdevs);

#endif
