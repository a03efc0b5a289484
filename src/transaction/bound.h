/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What bind found of a DPRC, on record in /run/fslmc-vfio/bound until unbind has put it back, be
 * it from another process and days later.  Functions print nothing.
 */
#ifndef TRANSACTION_BOUND_H
#define TRANSACTION_BOUND_H

#include <stdbool.h>

struct binding;
struct bus;
struct change;
struct object;
struct strings;
struct transaction;

/* Its binding, and who has which driver (record_new()). */
int bound_write(const struct transaction *transaction, const struct change *change);
int bound_remove(const struct transaction *transaction, const struct change *change);

/* Whether that change wrote what is on record of its DPRC, and no earlier one. */
bool bound_is_by(const struct transaction *transaction, const struct change *change);

/*
 * The binding, and into change->found and change->losses what unbind should see come back.
 * -ENOENT: bind was not ours.  -ESTALE: it is of an earlier boot, or of another DPRC that had this
 * number.  -EBADMSG: not a record of ours, or of a newer version.
 */
int bound_read(const struct transaction *transaction, struct change *change,
	       struct binding *ret_binding);

/*
 * The object that carried this network interface of the host until bind took it; NULL: none is on
 * record, or for the caller to see.
 */
const struct object *bound_find_interface(const struct bus *bus, const char *interface);

/*
 * Removes the records of devices that are no more, and those of locks of an earlier boot, and adds
 * the names of their DPRCs.
 */
int bound_prune(const struct transaction *transaction, struct strings *ret_names);

#endif
