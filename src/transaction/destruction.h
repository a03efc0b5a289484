/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Destroying containers: only forward from the first on, for nothing can be made as it was.  What
 * is to go is on record, so that a recovery completes it.
 *
 * Functions speak of their failures and return 0 or an error of base/exit_status.h.
 */
#ifndef TRANSACTION_DESTRUCTION_H
#define TRANSACTION_DESTRUCTION_H

#include <stdbool.h>
#include <stddef.h>

#include "transaction/made.h"

struct journal;
struct json_object;
struct transaction;

struct doomed {
	struct made made; /* what goes: the objects that are in it now, and what the record says */
	char label[MC_LABEL_SIZE]; /* that it has now; that of made is that of its host objects */
	bool is_recorded;	   /* there is a record of create */
	bool is_gone;		   /* the container is; another one may have its number by now */
	struct names_list foreign; /* of the objects in it, those that create did not make */
	struct names_list orphans; /* that went to the parent when it was destroyed */
};

struct destruction {
	struct doomed *doomed;
	size_t n_doomed;
};
struct doomed *destruction_add(struct destruction *destruction);
void destruction_done(struct destruction *destruction);
#define _cleanup_destruction_ __attribute__((cleanup(destruction_done)))

/*
 * Destroys them.  -ERROR_FAILED: nothing was touched.  -ERROR_RESIDUE: not all is gone, and what is
 * left was named; -ERROR_TIMED_OUT: the MC or the kernel is still at it; then the journal stays.
 */
int destruction_run(struct transaction *transaction, struct destruction *destruction);

/* Completes an interrupted one.  0, or errors as above. */
int destruction_settle(struct transaction *transaction, const struct journal *journal,
		       struct destruction *destruction);

/* For the journal; -EBADMSG. */
struct json_object *destruction_to_json(const struct destruction *destruction);
int destruction_from_json(struct json_object *record, struct destruction *destruction);

#endif
