/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that bears on whether one object may be assigned: facts, gathered for policy.c. */
#ifndef RULES_CANDIDATE_H
#define RULES_CANDIDATE_H

#include "kernel/procfs.h"
#include "model/host.h"
#include "model/iommu_group.h"
#include "model/name.h"
#include "rules/needs.h"
#include "rules/switch_ports.h"
#include "rules/verify.h"

struct bus;
struct dprc;
struct mc_container;
struct object;

/*
 * An object outside that needs one inside: it loses its driver when that one goes.  Without a
 * consumer: who needs the supplier could not be read, because of error.
 */
struct outside_consumer {
	const struct object *supplier, *consumer;
	int error;
};

/*
 * A DPRC that would go: the candidate itself, or one nested in it, since vfio_fsl_mc_probe() binds
 * those, too.  Each has an ICID, and so an IOMMU group, of its own.
 */
struct part {
	struct name name;
	const struct dprc *dprc;       /* NULL: Linux lacks it, only the MC has it */
	const struct mc_container *mc; /* NULL: what the MC reports about it is not known */
	known_bool iommu_covers;       /* its ICID; see host_iommu_covers() */
	known_bool has_msi;	       /* see host_gives_msi() */
	bool has_group;
	int group_error; /* why the group it is in could not be read; 0: it could, or there is none
			  */
	struct iommu_group group;
	known_bool has_holders; /* negative errno: /proc does not tell */
	struct holders holders;
};

/* How a user allows what would be refused, for the remedies. */
enum permission { BY_OPTION, BY_DEFINITION, BY_NOTHING };

struct candidate {
	const struct bus *bus;
	const struct host *host;
	const struct object *object; /* NULL: the host alone, see policy.h */
	const struct dprc *dprc;     /* NULL: the object is no DPRC */
	known_bool smmu_is_coherent; /* see host_smmu_is_coherent() */
	struct workload workload;    /* what it is to be enough for; the caller's */
	bool is_locked;		     /* in the MC, by us, or a DPRC around it is; the caller's */
	bool gets_lock;		     /* in this run; see policy_find() */
	enum permission permission;  /* the same */
	/* None of what follows is loaded for what never can be assigned: no DPRC, or the root. */
	struct part *parts; /* the first is the candidate itself */
	size_t n_parts;
	struct carried_netdevs *carriers;
	size_t n_carriers;
	struct outside_consumer *consumers;
	size_t n_consumers;
	struct switch_ports ports;
	struct verdict verdict; /* of a DPRC that is bound to vfio-fsl-mc */
};

void candidate_load(const struct bus *bus, const struct host *host, const struct object *object,
		    struct candidate *ret_candidate);

/* The host alone: no object, no parts; for RULES_OF_HOST. */
struct candidate candidate_of_host(const struct bus *bus, const struct host *host);
void candidate_done(struct candidate *candidate);
#define _cleanup_candidate_ __attribute__((cleanup(candidate_done)))

/*
 * dprc, which may be NULL, is assigned in the same run: objects in it that depend on the candidate
 * are no objection.
 */
void candidate_goes_with(struct candidate *candidate, const struct dprc *dprc);

/* The part of that name; NULL: it would not go. */
const struct part *candidate_part(const struct candidate *candidate, const struct name *name);

#endif
