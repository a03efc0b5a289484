/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives the device nodes of DPRCs on VFIO to their owners. */
#ifndef TRANSACTION_OWNERSHIP_GIVE_H
#define TRANSACTION_OWNERSHIP_GIVE_H

#include "transaction/change.h"

/*
 * Gives every node of every DPRC that is on VFIO in that direction to the owner it has there, and
 * reads back, with udev done.  Speaks; -ERROR_FAILED.  -ERROR_RESIDUE: in an undo, and it is not.
 */
int ownership_give(const struct transaction *transaction, enum direction direction);

#endif
