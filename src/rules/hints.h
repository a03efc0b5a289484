/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Remedies and weights of policy.c that depend on what was found: the one thing to do about this
 * cause, with the names there are.  New strings; NULL: the remedy of the table.
 */
#ifndef RULES_HINTS_H
#define RULES_HINTS_H

#include "rules/policy.h"

struct candidate;
struct netdev;

char *hint_group_shared(const struct candidate *candidate);
char *hint_icid_shared(const struct candidate *candidate);
char *hint_netdev_in_use(const struct candidate *candidate);
char *hint_outside_consumer(const struct candidate *candidate);
char *hint_outside_netdev(const struct candidate *candidate);
char *hint_host_crypto(const struct candidate *candidate);
char *hint_host_crypto_at_unbind(const struct candidate *candidate);
char *hint_objects_missing(const struct candidate *candidate);
char *hint_mc_unknown(const struct candidate *candidate);
char *hint_contents_changeable(const struct candidate *candidate);
char *hint_lock_unsupported(const struct candidate *candidate);
char *hint_nested(const struct candidate *candidate);

/* The commands by which an interface is not in use any more, for a shell. */
char *hint_release_netdev(const struct netdev *netdev);

/* What is found in a DPRC that is bound refuses to call it so. */
enum weight weight_if_bound(const struct candidate *candidate);
enum weight weight_contents_changeable(const struct candidate *candidate);

#endif
