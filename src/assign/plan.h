/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writes that lead from one state to another: computed first, shown by --dry-run, then made.
 *
 * Least destructive first, in both directions: the override, then the unbind, then the bind.  An
 * override that cannot be set costs no NIC; and on the way back, while the override names
 * vfio-fsl-mc, the bus lets no other driver match (fsl_mc_bus_match()).
 */
#ifndef ASSIGN_PLAN_H
#define ASSIGN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "model/dprc.h"
#include "model/name.h"

struct change;
struct transaction;

enum write_kind {
	WRITE_AUTORESCAN,
	WRITE_RESCAN,
	WRITE_OVERRIDE,
	WRITE_UNBIND,
	WRITE_BIND,
	WRITE_PROBE,
};

#define WRITE_TEXT_SIZE 128

struct write {
	enum write_kind kind;
	struct change *change; /* NULL: the bus itself */
	char driver[WRITE_TEXT_SIZE];
	char text[WRITE_TEXT_SIZE];
};

struct plan {
	struct write *writes;
	size_t n_writes;
};

void plan_done(struct plan *plan);

enum direction { TOWARDS_AFTER, TOWARDS_BEFORE };

/* The binding a change has at the end of that direction. */
const struct binding *plan_goal(const struct change *change, enum direction direction);

/*
 * From the bindings now[] (one per change) in a direction.  With autorescan on now, it is switched
 * off before the first write; at the end it is on if it is now, or the transaction found it so.
 * What is so already is not written, and nothing for what is_unreadable.
 */
void plan_make(const struct transaction *transaction, enum direction direction,
	       const struct binding *now, bool autorescan_now, struct plan *ret_plan);

/* One more write: drivers_probe asks the bus to find name a driver. */
void plan_add_probe(struct plan *plan, const struct name *name);

/* One more write: rescan makes Linux look again what is in the root DPRC. */
void plan_add_rescan(struct plan *plan);

/*
 * More writes: change's DPRC goes from the driver it has now (NULL: none) to the host's, be it the
 * same, for that is when Linux looks what is in it (dprc_probe()).
 */
void plan_add_scan(struct plan *plan, struct change *change, const char *driver_now);

/* One more write: autorescan as the transaction found it. */
void plan_add_autorescan(struct plan *plan, bool on);

/* The path of a write, for people: with /sys, in a new string. */
char *write_path(const struct write *write);

struct run_manner {
	unsigned int timeout_ms; /* for all writes together; 0: no limit */
	bool is_interruptible;	 /* a signal held back ends it */
	bool is_silent;		 /* a failing write is not reported: the caller will try again */
	bool is_thorough;	 /* what fails for one DPRC keeps only that one's writes back */
};

/*
 * Makes the writes in order and stops at the first that fails: -ERROR_FAILED.
 * -ERROR_TIMED_OUT: that write is still in the kernel.  A change of which an unbind was begun
 * becomes is_disturbed.
 */
int plan_run(const struct plan *plan, const struct transaction *transaction,
	     const struct run_manner *manner);

#endif
