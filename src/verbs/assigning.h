/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind and apply, and so define, want of a DPRC. */
#ifndef VERBS_ASSIGNING_H
#define VERBS_ASSIGNING_H

struct account;
struct bus;
struct candidate;
struct change;
struct definition;
struct policy;
struct workload;

/* What a definition allows and demands. */
struct policy assigning_policy(const struct definition *definition);

/* Whom it gives object to; ret_owner is untouched if nobody.  -ERROR_REFUSED: unknown.  Speaks. */
int assigning_find_owner(const struct definition *definition, const char *object,
			 struct account *ret_owner);

/*
 * Sets what change shall lead to, or refuses: speaks and returns an error of base/exit_status.h.
 * owner NULL: the nodes are left as they are.
 */
int assigning_prepare(const struct policy *policy, const struct account *owner,
		      const struct candidate *candidate, struct change *change);

/* The same of a DPRC that is to be made, by its options and what the host tells. */
int assigning_check_new(const struct definition *definition, const struct bus *bus);

/* Refuses a container that is not enough for the workload, as assigning_prepare() does. */
int assigning_check_workload(const struct workload *workload, const struct candidate *candidate);

#endif
