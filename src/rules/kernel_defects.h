/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Known defects of Linux that matter when a container is assigned or used, by version: a table.
 */
#ifndef RULES_KERNEL_DEFECTS_H
#define RULES_KERNEL_DEFECTS_H

#include <stdbool.h>
#include <stddef.h>

struct findings;
struct host;
struct kernel_version;

struct kernel_release {
	unsigned int major, minor, patch;
};

#define KERNEL_FIXES 8

struct kernel_defect {
	const char *id;	   /* stable */
	bool crashes_bind; /* of any DPRC to vfio-fsl-mc: a rule of policy.c */
	struct kernel_release since;
	/* By branch, the last one that of the mainline: later branches have it from the start.  A
	 * branch in between that is not named never got it. */
	struct kernel_release fixed[KERNEL_FIXES];
	const char *effect;
	const char *remedy;
	const char *source;
};

extern const struct kernel_defect kernel_defects[];
extern const size_t n_kernel_defects;

/* "since 6.1, fixed in 6.1.39, 6.4.4, 6.5", in a new string. */
char *kernel_defect_versions(const struct kernel_defect *defect);

enum defect_state { DEFECT_ABSENT, DEFECT_POSSIBLE, DEFECT_PRESENT };

/* DEFECT_POSSIBLE: the version does not decide, or it is a vendor's, who may have the fix. */
enum defect_state kernel_defect_state(const struct kernel_defect *defect,
				      const struct kernel_version *version);

/* The same of this host's kernel, by the id of a defect; DEFECT_ABSENT: there is none of that id.
 */
enum defect_state kernel_defect_of(const struct host *host, const char *id);

/* The first defect of that state that crashes every bind; NULL: there is none. */
const struct kernel_defect *kernel_defects_crash(const struct host *host, enum defect_state state);

/* Adds, for information, all but what crashes every bind. */
void kernel_defects_find(const struct host *host, struct findings *findings);

#define KERNEL_DEFECT "kernel-defect" /* code of the findings */

#endif
