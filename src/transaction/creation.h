/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a container: until its label is the one that was asked for it has one that says that it is
 * unfinished, by which an undo and a recovery find it.  What they take back is what the MC has, not
 * what a run that may have been killed believed.
 *
 * Functions print their failures and return 0 or an error of base/exit_status.h.
 */
#ifndef TRANSACTION_CREATION_H
#define TRANSACTION_CREATION_H

#include <stdbool.h>

#include "base/strings.h"
#include "transaction/made.h"

struct json_object;
struct transaction;

struct creation {
	struct made made; /* its name and objects once they are there */
	char temporary[MC_LABEL_SIZE];
	struct names_list before;     /* what the parent had */
	struct names_list containers; /* all there were */
	struct strings host_types;    /* of what it makes in the parent */
	struct name *objects;	      /* by their place in the layout */
	bool knows_all;		      /* that it made is in made; a journal does not say so */
	bool is_labelled;	      /* it has its final label */
	bool is_gone;		      /* taken back; one with its number and label is another one */
};

/* Frees those of a transaction. */
void creations_done(struct transaction *transaction);

/* Gives each its final label; what has it already keeps it. */
int creations_label(struct transaction *transaction);

/* On record for destroy; a negative errno, silent. */
int creations_write_records(const struct transaction *transaction);

/*
 * Takes all back; with keep_labelled not those that have their final label, and *ret_as_asked tells
 * whether that is all of them.  -ERROR_RESIDUE: not all of it could be; -ERROR_TIMED_OUT: the MC or
 * the kernel is still at it.  The journal is the caller's.
 */
int creations_take_back(struct transaction *transaction, bool keep_labelled, bool *ret_as_asked);

/* Takes back those that were made before any DPRC was changed, and ends it: -ERROR_FAILED, or as
 * creations_take_back(). */
int creations_undo(struct transaction *transaction);

/* The same after a run that was killed, but a labelled one stays: 0, or as above. */
int creations_settle(struct transaction *transaction, bool *ret_as_asked);

/* For the journal: an array; -EBADMSG. */
struct json_object *creations_to_json(const struct transaction *transaction);
int creations_from_json(struct json_object *json, struct transaction *transaction);

#endif
