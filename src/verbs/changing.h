/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind, unbind and rebind share: everything but what they want of each DPRC. */
#ifndef VERBS_CHANGING_H
#define VERBS_CHANGING_H

#include "base/account.h"
#include "base/strings.h"
#include "rules/policy.h"
#include "transaction/transaction.h"
#include "verbs/command.h"

struct candidate;
struct layout;
struct mc;

struct changing {
	struct common *common;
	const struct changing_verb *verb;
	struct table_options table;
	struct strings names;
	struct strings allowed; /* codes, for the policy */
	struct policy policy;
	struct transaction_options transaction;
	bool dry_run;
	struct selection selection; /* of the columns that will be shown */
	struct account owner;	    /* bind: whose the nodes shall be */
	bool has_owner;
	/* apply: containers that are made first, and then are the last of the names. */
	struct layout *layouts;
	size_t n_layouts;
};

/* The names, --dry-run, --timeout, --wait and what all verbs take: input is the struct changing. */
extern const struct argp changing_argp;

/* What -o chooses from. */
extern const struct column_table changing_tables[];

/* For a verb's argp that has no other children: hands its own input on to changing_argp. */
extern const struct argp_child changing_children[];
error_t changing_parse_nothing(int key, char *arg, struct argp_state *state);

struct changing_verb {
	/*
	 * Fills in the names, where they are not those of the command line, and the layouts.  mc is
	 * open if bus has its inventory.  Speaks and returns an
	 * error of base/exit_status.h.
	 */
	int (*resolve)(struct changing *changing, const struct bus *bus, struct mc *mc);
	/*
	 * Sets change->after from what there is, or refuses.  Speaks and returns an error of
	 * base/exit_status.h.
	 */
	int (*prepare)(const struct changing *changing, const struct transaction *transaction,
		       const struct candidate *candidate, struct change *change);
	/*
	 * What was made, before it is final: whether it is what was meant.  NULL: the transaction
	 * has seen to all.  Speaks; a negative error undoes it.
	 */
	int (*verify)(const struct changing *changing, struct transaction *transaction);
	bool shows_differences; /* of the containers' contents, before and after */
	bool needs_endpoints;	/* the MC's own list of objects and what they are connected to */
	bool is_silent;		/* shows no result; is told in another way */
	const char *columns;	/* shown by default, as -o takes them; NULL: the usual */
	void *data;		/* the verb's own */
};

/* What the command line may change. */
struct changing changing_of(struct common *common, const struct changing_verb *verb);

/* One transaction, of the names given or found. */
int changing_transact(struct changing *changing, const char *operation);
/* Also between two. */
void changing_done(struct changing *changing);

/* All of it: parses the command line, makes one transaction. */
int changing_run(const struct command *command, const struct changing_verb *verb,
		 struct common *common, int argc, char **argv);

#endif
