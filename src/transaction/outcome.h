/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is said at the end of a change: which network interfaces the host lost by it or has again,
 * and, where it was undone, that all is as it was.
 */
#ifndef TRANSACTION_OUTCOME_H
#define TRANSACTION_OUTCOME_H

struct candidate;
struct change;
struct transaction;

/* Notes in the change which interfaces there are, and how they are used. */
void outcome_load_interfaces(const struct candidate *candidate, struct change *change);

/* The DPRCs that an undo restores, in a new string; those that it destroys again are none. */
char *outcome_names(const struct transaction *transaction);

void outcome_say_done(const struct transaction *transaction);
void outcome_say_undone(const struct transaction *transaction);

#endif
