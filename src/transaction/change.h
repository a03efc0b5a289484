/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one run does to the bus: for each DPRC, the binding it has and the one it shall have.
 * Going there and going back are the same thing with the two exchanged.
 */
#ifndef TRANSACTION_CHANGE_H
#define TRANSACTION_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strings.h"
#include "kernel/mc.h"
#include "model/dprc.h"
#include "model/name.h"
#include "transaction/identity.h"
#include "transaction/ownership.h"
#include "transaction/rundir.h"
#include "transaction/snapshot.h"

struct bus;
struct creation;
struct sysfs;

/* What is known of the lock in the MC: off is also where nobody has locked it through us. */
enum lock_state { LOCK_OFF, LOCK_ON, LOCK_UNKNOWN };

/* On the way to what was asked for, or back. */
enum direction { FORWARD, ROLLBACK };

struct change {
	struct name name;
	char *path;	/* device directory, below sys/ */
	int dir;	/* a descriptor of it; -1: gone */
	uint64_t inode; /* of it: another device has another one */
	int writer;	/* its writer lock, see rundir.h */
	struct identity identity;
	struct binding before;
	struct binding after;
	bool is_unplugged;   /* in the MC: then only the driver that its override names takes it */
	bool rescans;	     /* before and after are the same: unbound and bound again */
	bool unbind_started; /* an unbind of it was begun, so it may not be what it seems */
	int64_t bound_us; /* when this run last wrote that it be bound (clock_file_us()); 0: never
			   */
	int64_t bound_clock_us; /* the same by clock_now_us() */
	bool is_unreadable;	/* sysfs did not tell its binding when the writes were planned */
	struct ownership owner_before, owner_after; /* of its nodes, when on VFIO */
	bool locked_before, locked_after;	    /* in the MC, on record; see lock.h */
	enum lock_state lock;			    /* as it is now */
	const char *definition;	   /* that asks for it; NULL: the command line does */
	struct strings interfaces; /* of the host, that bind found in it; see outcome.h */
	struct snapshot found;	   /* for unbind: who had which driver when bind came, */
	struct strings losses;	   /* and what bind --force took down outside */
};

struct transaction {
	const char *operation; /* the verb */
	const struct sysfs *sysfs;
	struct rundir rundir;
	struct change *changes;
	size_t n_changes;
	struct creation *creations; /* the containers it makes, which a change of each may bind */
	size_t n_creations;
	bool has_begun;		    /* with the changes: all of creations are made */
	int writer;		    /* the bus's writer lock, for writes that are about no DPRC */
	bool autorescan, autoprobe; /* the bus's switch was on, and has to be at the end */
	char *journal;		    /* its record below the rundir; NULL: none yet */
	struct snapshot snapshot;
	struct strings expected_losses; /* objects outside that --force gives up */
	struct strings earlier_losses;	/* outside, since an interrupted run began: by whomever */
	unsigned int timeout_s;		/* for the writes; 0: none */
	int64_t lock_deadline;		/* for locks of other runs */
	struct bus *after; /* the bus as it was when the goal was reached; NULL: not yet */
	bool has_residue;  /* done as asked, yet not all that should be there is */
	bool mc_is_silent; /* a command that changes something got no answer */
	struct mc mc;	   /* open from the first question to the end */
};
#define TRANSACTION_EMPTY                                                                          \
	((struct transaction){ .rundir = RUNDIR_CLOSED, .writer = -1, .mc = MC_CLOSED })

/* Empties it and lets go of its locks; records stay. */
void transaction_done(struct transaction *transaction);
#define _cleanup_transaction_ __attribute__((cleanup(transaction_done)))

/*
 * Adds a DPRC with the binding it has; after is for the caller to fill in.  With a rundir, takes
 * its writer lock: -ERROR_BUSY if a write for it is still in the kernel, be it not of ours.
 * Speaks if it fails.
 */
int change_add(struct transaction *transaction, const struct name *name, const char *path,
	       struct change **ret_change);

/* Whether its lock in the MC is to be written, which takes CAP_NET_ADMIN. */
bool change_writes_lock(const struct change *change);

/* Whether it asks for anything that is not so already. */
bool change_is_needed(const struct change *change);

/* Leaves out a change: its DPRC is no more. */
void transaction_drop(struct transaction *transaction, size_t i);

/* The change of that DPRC; NULL: it has none. */
struct change *transaction_find(const struct transaction *transaction, const struct name *dprc);
bool transaction_has(const struct transaction *transaction, const struct name *dprc);

/* The i-th of those it makes. */
const struct name *transaction_created(const struct transaction *transaction, size_t i);

/* Whether it makes that DPRC. */
bool transaction_makes(const struct transaction *transaction, const struct name *dprc);

/*
 * Reads the binding as it is now.  -ESTALE: it is not the device it was.  -EINPROGRESS: the kernel
 * does not let anybody read it, for a write to it hangs.
 */
int change_read_binding(const struct transaction *transaction, const struct change *change,
			struct binding *ret_binding);

/*
 * Whether sysfs still has the device that was looked at.  -ESTALE: it is gone, or there is another
 * one of its name.  Other errors: it does not tell.
 */
int change_check_device(const struct transaction *transaction, const struct change *change);

#endif
