/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose the device nodes of a DPRC on VFIO are.  The kernel makes them root's, new at every bind,
 * and removes them at unbind; so an owner is given again after a rebind, and there is nothing to
 * restored except after a change that was undone.
 */
#ifndef TRANSACTION_OWNERSHIP_H
#define TRANSACTION_OWNERSHIP_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/devnode.h"
#include "model/name.h"

struct account;
struct bus;
struct change;
struct dprc;
struct json_object;

/* One node, by the object it is of: there may be another one by its next bind. */
struct node_ownership {
	struct name object;
	bool is_group;
	bool is_known; /* false: it is left as it is */
	struct devnode_owner owner;
};

struct ownership {
	struct node_ownership *nodes; /* those of a kind begin with the DPRC's own */
	size_t n_nodes;
	bool has_others; /* also what is not among them belongs to somebody: */
	struct devnode_owner others;
};

/* Of every node sysfs speaks of. */
void ownership_take(const struct bus *bus, const struct dprc *dprc,
		    struct ownership *ret_ownership);
void ownership_copy(const struct ownership *ownership, struct ownership *ret_ownership);
void ownership_done(struct ownership *ownership);
#define _cleanup_ownership_ __attribute__((cleanup(ownership_done)))

/*
 * What account shall have: the user alone, or with a group that too (0600, 0660).  What account
 * leaves alone is as in now, or root's.
 */
void ownership_from_account(const struct account *account, const struct ownership *now,
			    struct ownership *ret_ownership);

/*
 * Whose a node is by it.  One that was not there when it was taken is as that of the DPRC itself.
 * NULL: it is left as it is.
 */
const struct devnode_owner *ownership_of(const struct ownership *ownership,
					 const struct name *object, bool is_group);

/* Whether a node would change hands. */
bool ownership_gives(const struct change *change, const struct name *object, bool is_group);

/* Whether any that there is would, without a bind. */
bool ownership_changes(const struct change *change);

struct json_object *ownership_to_json(const struct ownership *ownership);

/* -EBADMSG: not what ownership_to_json() makes. */
int ownership_from_json(struct json_object *json, struct ownership *ret_ownership);

#endif
