/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lock of a DPRC in the MC (SET_LOCKED, since MC 10.20): while it is on, no software in the
 * DPRC can create, destroy or assign anything.  It cannot be read back, so what is known of it is
 * what was done here, on record in /run/fslmc-vfio/locked until it was undone.
 */
#ifndef TRANSACTION_LOCK_H
#define TRANSACTION_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "transaction/change.h"

struct dprc;
struct strings;
struct sysfs;

/* Whether a change has locked its DPRC at the end of that direction. */
bool lock_goal(const struct change *change, enum direction direction);

/* The DPRC to be asked is below that root DPRC.  -ENOENT: it is below none. */
int lock_root(const struct change *change, uint32_t *ret_root);

/*
 * Locks or unlocks in the MC; while it is busy, tries again for a while.  Speaks if speak.
 * -ERROR_FAILED.  -ERROR_TIMED_OUT: the command is still in the kernel.
 */
int lock_set(struct transaction *transaction, struct change *change, bool locked, bool speak);

/* Sends what the plan of that direction would, and nothing else of it. */
int lock_restore(struct transaction *transaction, enum direction direction);

/* -ERROR_FAILED: of some DPRC it is not known that the lock is as that direction wants it. */
int lock_check(const struct transaction *transaction, enum direction direction, bool speak);

/* The record.  Functions return 0 or a negative errno and print nothing. */
int lock_write_record(const struct transaction *transaction, const struct change *change);

/*
 * The records as the end of that direction has the locks.  Before the journal goes: a run that was
 * killed in between would leave one that is not true, and nobody to know that.
 */
int lock_update_records(const struct transaction *transaction, enum direction direction);
int lock_remove_record(const struct transaction *transaction, const struct name *dprc);

/*
 * Sets what the lock was before, by the record; a record of another DPRC, or of an earlier boot,
 * counts as none.  A device that Linux has added again is the same DPRC if the MC reports the same
 * ICID and portal: it may still be locked, but is not to be locked again.  Errors: whether it was
 * locked is unknown; -EBADMSG: the record is damaged.
 */
int lock_read_record(const struct transaction *transaction, struct change *change);

/* Whether it, or a DPRC around it, is on record as locked.  Without the right to look: false. */
bool lock_is_on_record(const struct sysfs *sysfs, const struct dprc *dprc);

#endif
