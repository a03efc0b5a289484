/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether DPRCs may be destroyed, and what goes with them. */
#ifndef VERBS_DOOM_H
#define VERBS_DOOM_H

#include <stdbool.h>

struct bus;
struct destruction;
struct strings;
struct transaction;

/*
 * Fills in what destroying the named DPRCs would take away, or refuses: speaks of all that keeps
 * it, and returns an error of base/exit_status.h.  foreign: also what create has no record of.
 */
int doom_all(const struct transaction *transaction, const struct bus *bus,
	     const struct strings *names, bool foreign, struct destruction *destruction);

#endif
