/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that bears on whether one object may be assigned: facts, gathered for policy.c. */
#ifndef ASSIGN_CANDIDATE_H
#define ASSIGN_CANDIDATE_H

#include "kernel/procfs.h"
#include "model/host.h"
#include "model/iommu_group.h"
#include "model/netdev.h"

struct bus;
struct dprc;
struct object;

struct carried_netdevs {
	const struct object *object;
	struct netdevs netdevs;
};

/* An object outside that needs one inside: it loses its driver when that one goes. */
struct outside_consumer {
	const struct object *supplier;
	char *consumer;
};

struct candidate {
	const struct bus *bus;
	const struct host *host;
	const struct object *object;
	const struct dprc *dprc; /* NULL: the object is no DPRC; then nothing below is loaded */
	known_bool iommu_map;	 /* covers its ICID; see host_iommu_map_covers() */
	bool has_group;
	struct iommu_group group;
	known_bool has_holders; /* negative errno: /proc does not tell */
	struct holders holders;
	struct carried_netdevs *carriers;
	size_t n_carriers;
	struct outside_consumer *consumers;
	size_t n_consumers;
};

void candidate_load(const struct bus *bus, const struct host *host, const struct object *object,
		    struct candidate *ret_candidate);
void candidate_done(struct candidate *candidate);
#define _cleanup_candidate_ __attribute__((cleanup(candidate_done)))

#endif
