/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Assignment policy: which DPRCs may go to VFIO, and why not.  Decides only, from facts that
 * candidate.c gathered; no door is opened from here.
 */
#ifndef RULES_POLICY_H
#define RULES_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "model/object.h"
#include "rules/candidate.h"
#include "rules/finding.h"

struct strings;

/* What a rule weighs. */
enum weight {
	WEIGH_NOTHING,	 /* the rule does not apply to this */
	REFUSE_AND_STOP, /* nothing else matters */
	WEIGH_REFUSE,
	WEIGH_REFUSE_BUSY, /* refuses for now */
	FORCEABLE,	   /* refuses, unless forced or allowed by its code */
	WEIGH_WARN,
	WEIGH_WARN_UNLESS_STRICT, /* refuses if strict */
	WEIGH_INFO,
	WEIGH_INFO_UNLESS_STRICT, /* refuses if strict */
};

/*
 * A rule about a container, about a container for a program (check --for), or about the host; the
 * code is stable: scripts may rely on it.  Of several rules of one code the first that applies
 * counts.
 */
struct rule {
	const char *code;
	enum weight weight; /* of a container */
	/* What makes it apply, in a new string ("" where there is no more to say); NULL: it does
	 * not. */
	char *(*evidence)(const struct candidate *candidate);
	const char *text;
	const char *remedy;
	bool applies_when_bound; /* also to a DPRC that is bound to vfio-fsl-mc already */
	bool applies_to_new;	 /* also to a DPRC that does not exist; so do those of the host */
	bool applies_to_options; /* its options alone tell, before it exists */
	bool spares_bound;	 /* nothing is to be said of it once the DPRC is bound */
	bool spares_rebind;	 /* a rebind mends it, or changes nothing about it */
	enum weight host;	 /* of the host, in doctor; its candidate has no object */
	enum weight unbind;	 /* of a container that is to be given back to the host's drivers */
	enum weight destroy;	 /* of a container that is to be destroyed */
	unsigned int consumers;	 /* of enum consumer: only of a container for one of these */
	/* Where the remedy depends on what made the rule apply: a new string, or NULL: remedy. */
	char *(*advise)(const struct candidate *candidate);
	/* Where the weight of a container does. */
	enum weight (*find_weight)(const struct candidate *candidate);
};

extern const struct rule rules[];
extern const size_t n_rules;

/* The rules a finding can be of. */
enum rule_scope {
	RULES_OF_CONTAINER,
	RULES_OF_ASSIGNED, /* a bound DPRC: what isolates it, and whether all of it is bound */
	RULES_OF_BOUND,	   /* a bound DPRC, in check: all but what only a bind needs */
	RULES_OF_REBIND,
	RULES_OF_UNBIND,
	RULES_OF_DESTROY, /* a DPRC that is to go for good: nothing yields */
	RULES_OF_NEEDS,	  /* of candidate->workload */
	RULES_OF_HOST,
	RULES_OF_NEW,	  /* a DPRC that does not exist yet: what can be told of it by the host */
	RULES_OF_OPTIONS, /* and by the options that it is to have */
};

/* Whether a rule applies in that scope, for any program. */
bool rule_is_of(const struct rule *rule, enum rule_scope scope);

struct policy {
	bool force;  /* what is FORCEABLE only warns */
	bool strict; /* what would let an untrusted user out of the container is refused */
	bool lock;   /* it is to be locked in the MC */
	const struct strings *allowed; /* codes of what only warns, as with force; NULL: none */
	enum permission permission;
};

/* Whether there is a rule with that code that yields to --force: only those can be allowed. */
bool policy_code_is_forceable(const char *code);

/* Adds all that applies to the candidate. */
void policy_find(const struct policy *policy, const struct candidate *candidate,
		 enum rule_scope scope, struct findings *findings);

/* 0, or for the first rule that refuses the candidate its error, negative, after having said so. */
int policy_refuse(const struct policy *policy, const struct candidate *candidate,
		  enum rule_scope scope);

#endif
