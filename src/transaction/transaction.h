/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A change of the bus, all or nothing: locked, put on record, made, verified by reading back, and
 * then committed, or undone.  Every function speaks of its failures, and returns 0 or one of
 * the errors of base/exit_status.h.
 */
#ifndef TRANSACTION_TRANSACTION_H
#define TRANSACTION_TRANSACTION_H

#include <stdbool.h>

#include "transaction/change.h"

struct bus;
struct layout;
struct plan;

struct transaction_options {
	unsigned int timeout_s;	     /* for the writes; 0: no limit */
	unsigned int wait_s;	     /* for the lock of another run */
	const struct strings *names; /* of the DPRCs, for others to see; NULL: not known yet */
};

/* Makes the rundir and takes its lock.  -ERROR_PERMISSION, -ERROR_BUSY. */
int transaction_begin(struct transaction *transaction, const struct sysfs *sysfs,
		      const char *operation, const struct transaction_options *options);

/* For others to see, once the DPRCs are known. */
int transaction_publish(struct transaction *transaction, const struct strings *names);

/*
 * transaction_begin() for a dry run, which has the same to say: it reads the records, where it may,
 * and waits for another run, but takes no lock of its own.
 */
int transaction_begin_dry(struct transaction *transaction, const struct sysfs *sysfs,
			  const char *operation, const struct transaction_options *options);

/*
 * -ERROR_REFUSED if a change of one of these DPRCs was interrupted, or nobody can tell of which.
 * Warns of others.
 */
int transaction_check_journals(const struct transaction *transaction, const struct strings *names);

/*
 * The same for containers that are to be made or destroyed: also refused while any such change was
 * interrupted.  names may be NULL.
 */
int transaction_check_making(const struct transaction *transaction, const struct strings *names);

/* Whether it has made a container, or its changes would change anything. */
bool transaction_is_needed(const struct transaction *transaction);

/* The writes it would make. */
int transaction_plan(const struct transaction *transaction, struct plan *ret_plan);

/*
 * Makes the containers that the layouts say, and has Linux look; they get their labels with the
 * changes, or at the commit.  bus has to have the inventory of the MC.  -ERROR_FAILED: undone.
 */
int transaction_create(struct transaction *transaction, const struct bus *bus,
		       const struct layout *layouts, size_t n_layouts);

/*
 * Makes the changes, to what bus shows, and verifies them.  0: done as asked, but not committed.
 * -ERROR_FAILED: the original state is back.  -ERROR_TIMED_OUT: a write is still in the kernel; the
 * journal stays. -ERROR_RESIDUE: not all could be restored.
 */
int transaction_run(struct transaction *transaction, const struct bus *bus);

/*
 * Ends it: what was asked for stays.  If even that fails, it is undone.  -ERROR_RESIDUE: it is as
 * asked, but an object that bind found with a driver did not get it back from unbind.
 */
int transaction_commit(struct transaction *transaction);

/* Puts everything back; returns -ERROR_FAILED, or what else transaction_run() can. */
int transaction_undo(struct transaction *transaction);

/*
 * Settles an interrupted transaction; *ret_as_asked tells how it ended.  -ERROR_BUSY: it would have
 * to unbind a DPRC that a program uses.
 */
int transaction_settle(struct transaction *transaction, bool *ret_as_asked);

/*
 * Leaves an interrupted transaction as it is, says in what that differs from before, and removes
 * its journal; what bind found of a DPRC that is with VFIO stays on record for unbind.
 * -ERROR_RESIDUE: a record could not be written or removed.
 */
int transaction_abandon(struct transaction *transaction);

#endif
