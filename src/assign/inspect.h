/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at the bus before and after a transaction's writes: is it the DPRC that was checked, is
 * it as it should be, and is everybody else still there?  They speak of what they find.
 */
#ifndef ASSIGN_INSPECT_H
#define ASSIGN_INSPECT_H

#include <stdbool.h>

#include "assign/plan.h"

struct transaction;

/* Whether the MC still tells of the same DPRCs: ICID, portal and label.  -ERROR_FAILED. */
int inspect_identity(const struct transaction *transaction);

/*
 * Whether every DPRC has the binding of that direction, and those on VFIO are so with every object.
 * -ERROR_FAILED; silent unless speak.
 */
int inspect_goal(const struct transaction *transaction, enum direction direction, bool speak);

/*
 * Whether no object outside lost its driver.  Those that did are named and asked back.
 * -ERROR_FAILED, unless --force had given them up.
 */
int inspect_bystanders(struct transaction *transaction);

/* Whether every object has the driver it had; those that have not are asked back.  -ERROR_RESIDUE.
 */
int inspect_everything(struct transaction *transaction);

#endif
