/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose the device nodes of a DPRC on VFIO are.  The kernel makes them root's, new at every bind,
 * and removes them at unbind; so an owner is given again after a rebind, and there is nothing to
 * put back but after a change that was undone.
 */
#ifndef ASSIGN_OWNERSHIP_H
#define ASSIGN_OWNERSHIP_H

#include <stdbool.h>

#include "assign/plan.h"
#include "kernel/devnode.h"

struct account;
struct bus;
struct change;
struct dprc;
struct json_object;
struct transaction;

struct ownership {
	bool is_known; /* false: nodes are left as they are */
	struct devnode_owner owner;
};

/* Of the DPRC's group; not known if it has no node. */
void ownership_take(const struct bus *bus, const struct dprc *dprc,
		    struct ownership *ret_ownership);

/*
 * What account shall have: the user alone, or with a group that too (0600, 0660).  What account
 * leaves alone is as in now, or root's.
 */
void ownership_from_account(const struct account *account, const struct ownership *now,
			    struct ownership *ret_ownership);

/* Whether the nodes would change hands without a bind. */
bool ownership_changes(const struct change *change);

/*
 * Gives every node of every DPRC that is on VFIO in that direction to whom it belongs there, and
 * reads back.  Speaks; -ERROR_FAILED.
 */
int ownership_give(const struct transaction *transaction, enum direction direction);

struct json_object *ownership_to_json(const struct ownership *ownership);
void ownership_from_json(struct json_object *json, struct ownership *ret_ownership);

#endif
