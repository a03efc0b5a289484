/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at the bus before and after a transaction's writes: is it the DPRC that was checked, and
 * is it as it should be?  They speak of what they find.
 */
#ifndef TRANSACTION_INSPECT_H
#define TRANSACTION_INSPECT_H

#include <stdbool.h>

#include "transaction/change.h"

struct bus;

/* The bus as it is now.  -ERROR_FAILED. */
int inspect_load(const struct transaction *transaction, struct bus **ret_bus);

/*
 * Whether something is mounted over an attribute that may have to be written, on the way there or
 * back: the kernel would not see the write.  -ERROR_REFUSED.
 */
int inspect_attributes(const struct transaction *transaction);

/*
 * Whether sysfs still has the devices, and the MC reports the same DPRCs, as bus has them: ICID,
 * portal and label.  -ERROR_FAILED.
 */
int inspect_identity(struct transaction *transaction, const struct bus *bus);

/*
 * For an old journal: leaves out, and says so, what is another DPRC with the number of one.
 * -ERROR_FAILED: the bus cannot be read, or the MC does not answer.
 */
int inspect_drop_replaced(struct transaction *transaction);

/*
 * Whether every DPRC has the binding of that direction.  On the way there: whether those on VFIO
 * are so with every object.  -ERROR_FAILED; silent unless speak.
 */
int inspect_goal(struct transaction *transaction, enum direction direction, bool speak);

/* Whether the bus's switches are as they were.  -ERROR_FAILED; silent unless speak. */
int inspect_switches(const struct transaction *transaction, bool speak);

#endif
