/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a container as one transaction: until its label is the one that was asked for it has one
 * that says that it is unfinished, by which an undo and a recovery find it.  What they take back is
 * what the MC has, not what a run that may have been killed believed.
 *
 * Functions speak of their failures and return 0 or an error of base/exit_status.h.
 */
#ifndef TRANSACTION_CREATION_H
#define TRANSACTION_CREATION_H

#include <stdbool.h>

#include "base/strings.h"
#include "transaction/made.h"

struct bus;
struct journal;
struct json_object;
struct layout;
struct transaction;

struct creation {
	struct made made; /* its name and objects once creation_run() has made them */
	char temporary[MC_LABEL_SIZE];
	struct names_list before;     /* what the parent had */
	struct names_list containers; /* all there were */
	struct strings host_types;    /* of what it makes in the parent */
	struct name *objects;	      /* by their place in the layout */
	size_t n_objects;
};
void creation_done(struct creation *creation);
#define _cleanup_creation_ __attribute__((cleanup(creation_done)))

/*
 * Makes what layout says, and has Linux look; not committed yet.  bus has to have the inventory of
 * the MC.  -ERROR_FAILED: undone, as by creation_undo().
 */
int creation_run(struct transaction *transaction, const struct bus *bus,
		 const struct layout *layout, struct creation *creation);

/* It stays, with its label.  If even that fails, it is undone. */
int creation_commit(struct transaction *transaction, struct creation *creation);

/*
 * Takes it back: -ERROR_FAILED.  -ERROR_RESIDUE: not all of it; -ERROR_TIMED_OUT: the MC or the
 * kernel is still at it; then the journal stays.  0: it is there, with its label.
 */
int creation_undo(struct transaction *transaction, struct creation *creation);

/* An interrupted one: *ret_as_asked tells whether it is there now.  0, or errors as above. */
int creation_settle(struct transaction *transaction, const struct journal *journal,
		    struct creation *creation, bool *ret_as_asked);

/* What is in the journal besides what all have; -EBADMSG. */
struct json_object *creation_to_json(const struct creation *creation);
int creation_from_json(struct json_object *record, struct creation *creation);

#endif
