/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Assignment policy: which DPRCs may go to VFIO, and why not.  Decides only, from facts that
 * candidate.c gathered; no door is opened from here.
 */
#ifndef ASSIGN_POLICY_H
#define ASSIGN_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "assign/finding.h"
#include "model/object.h"

struct candidate;

/* What a reason weighs. */
enum weight {
	WEIGH_FINAL, /* refuses, and nothing else matters any more */
	WEIGH_REFUSE,
	WEIGH_REFUSE_BUSY, /* refuses for now */
	WEIGH_YIELD,	   /* refuses, unless forced */
	WEIGH_WARN,
	WEIGH_WARN_UNLESS_STRICT, /* refuses if strict */
	WEIGH_INFO,
};

/* A reason for or against; the code is stable: scripts may rely on it. */
struct reason {
	const char *code;
	enum weight weight;
	/* What makes it apply, in a new string ("" where there is no more to say); NULL: it does
	 * not. */
	char *(*evidence)(const struct candidate *candidate);
	const char *text;
	const char *remedy;
	bool lasts; /* it counts also of a DPRC that is with VFIO already */
};

extern const struct reason reasons[];
extern const size_t n_reasons;

struct policy {
	bool force;  /* take network interfaces and suppliers of others all the same */
	bool strict; /* what would let an untrusted user out of the container is refused */
};

/* Adds all that applies to the candidate. */
void policy_find(const struct policy *policy, const struct candidate *candidate,
		 struct findings *findings);

/* 0, or for the first reason to refuse the candidate its error, negative, after having said so. */
int policy_refuse(const struct policy *policy, const struct candidate *candidate);

/* The same of a DPRC that is with VFIO: what made it go or not is past, what isolates it is not. */
int policy_refuse_assigned(const struct policy *policy, const struct candidate *candidate);

#endif
