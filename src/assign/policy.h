/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Assignment policy: which DPRCs may go to VFIO, and why not.  Decides only, from facts that
 * candidate.c gathered; no door is opened from here.
 */
#ifndef ASSIGN_POLICY_H
#define ASSIGN_POLICY_H

#include <stdbool.h>
#include <stddef.h>

struct candidate;

#define VFIO_DRIVER "vfio-fsl-mc"
#define DPRC_DRIVER "fsl_mc_dprc"

enum severity { SEVERITY_REFUSE, SEVERITY_WARN, SEVERITY_INFO };

/* A reason for or against; the code is stable: scripts may rely on it. */
struct reason {
	const char *code;
	enum severity severity;
	int error; /* what a refusal leads to, see base/exit_status.h; 0 if it never refuses */
	bool yields_to_force;
	bool refuses_if_strict;
	/* What makes it apply, in a new string ("" where there is no more to say); NULL: it does
	 * not. */
	char *(*evidence)(const struct candidate *candidate);
	const char *text;
	const char *remedy;
};

extern const struct reason reasons[];
extern const size_t n_reasons;

struct policy {
	bool force;  /* take network interfaces and suppliers of others all the same */
	bool strict; /* a guest that can change the container is refused */
};

/* What a reason weighs under a policy. */
enum severity reason_severity(const struct reason *reason, const struct policy *policy);
const char *severity_name(enum severity severity);

/* The first reason to refuse the candidate: 0, or -reason->error after having said so. */
int policy_refuse(const struct policy *policy, const struct candidate *candidate);

#endif
