/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writes that lead from one state to another: computed first, shown by --dry-run, then made.
 *
 * Least destructive first, in both directions: the override, then the unbind, then the bind.  An
 * override that cannot be set costs no NIC; and on the way back, while the override names
 * vfio-fsl-mc, the bus lets no other driver match (fsl_mc_bus_match()).  A DPRC that is to be
 * locked is locked when all else is done, and unlocked before any of it.
 */
#ifndef TRANSACTION_PLAN_H
#define TRANSACTION_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "model/dprc.h"
#include "model/name.h"
#include "transaction/change.h"
#include "transaction/switches.h"

struct snapshot_entry;

enum write_kind {
	WRITE_AUTORESCAN,
	WRITE_AUTOPROBE,
	WRITE_RESCAN,
	WRITE_OVERRIDE,
	WRITE_UNBIND,
	WRITE_BIND,
	WRITE_PROBE,
	WRITE_LOCK, /* no write but a command to the MC; text is for people */
};

struct write {
	enum write_kind kind;
	struct change *change; /* NULL: the bus itself */
	char *object;	       /* in change's DPRC, as a path below it; NULL: the DPRC itself */
	char *driver;	       /* of a bind or unbind; NULL: none */
	char *text;
	bool locks; /* of a lock: or it unlocks */
};

struct plan {
	struct write *writes;
	size_t n_writes;
};

void plan_done(struct plan *plan);

/*
 * From the bindings now[] (one per change) in a direction.  With autorescan on now, it is switched
 * off before the first write; at the end it is on if it is now, or the transaction found it so.
 * What is so already is not written, and nothing for what is_unreadable.
 *
 * A DPRC that the host's driver gets back is scanned in that bind, and all drivers of the host may
 * probe what is found.  If some object there had none, or a driver_override, drivers_autoprobe is
 * off meanwhile, and every object gets its override and its driver by a write of its own.
 */
void plan_make(const struct transaction *transaction, enum direction direction,
	       const struct binding *now, struct switches switches, struct plan *ret_plan);

/* One more write: drivers_probe asks the bus to find name a driver. */
void plan_add_probe(struct plan *plan, const struct name *name);

/* More writes: an object loses the driver that it has now. */
void plan_add_unbind(struct plan *plan, struct change *change, const struct name *name,
		     const char *driver);

/* One more write: the DPRC itself loses its driver. */
void plan_add_unbind_dprc(struct plan *plan, struct change *change, const char *driver);

/*
 * More writes, for an object in change's DPRC that has no driver now: its driver_override and its
 * driver as in entry.  path leads to it from the DPRC.
 */
void plan_add_object(struct plan *plan, struct change *change, const char *path,
		     const struct snapshot_entry *entry);

/* One more write: rescan makes Linux look again what is in the root DPRC. */
void plan_add_rescan(struct plan *plan);

/* One more write: a switch of the bus. */
void plan_add_switch(struct plan *plan, enum write_kind kind, bool on);

/* The object that a write is about; "bus". */
struct name_text write_object(const struct write *write);

/* The path of a write, for people: with /sys or /dev, in a new string. */
char *write_path(const struct write *write);

struct run_options {
	unsigned int timeout_ms; /* for all writes together; 0: no limit */
	bool is_interruptible;	 /* a signal held back ends it */
	bool quiet;		 /* a failing write is not reported: the caller will try again */
	bool keep_going;	 /* what fails for one DPRC keeps only that one's writes back */
};

/*
 * Makes the writes in order and stops at the first that fails: -ERROR_FAILED.  So does one that
 * could not begin in time.  -ERROR_TIMED_OUT: that write is still in the kernel.  A change of which
 * an unbind was begun becomes unbind_started.  What fails for an object in a DPRC ends nothing: it
 * is looked at afterwards (losses.h).
 */
int plan_run(const struct plan *plan, struct transaction *transaction,
	     const struct run_options *options);

#endif
