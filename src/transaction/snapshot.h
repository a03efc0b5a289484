/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which object had which driver: taken before a change, compared after it.  So that a NIC that
 * went away elsewhere on the bus is noticed, and what was in a container comes back as it was.
 */
#ifndef TRANSACTION_SNAPSHOT_H
#define TRANSACTION_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/name.h"

struct bus;
struct json_object;

struct snapshot_entry {
	struct name name;
	struct name container; /* empty type: none */
	char *driver;	       /* NULL: none */
	char *driver_override; /* NULL: unset, or not looked for */
};

struct snapshot {
	struct snapshot_entry *entries; /* by name */
	size_t n_entries;
	bool has_places_only; /* nothing is known of drivers */
};

void snapshot_take(const struct bus *bus, struct snapshot *ret_snapshot);
void snapshot_done(struct snapshot *snapshot);

/*
 * Reads the driver_override of everything in a DPRC, for that is lost when it is unbound.  Errors
 * as sysfs_read_timeout(); an object that is gone has none.
 */
int snapshot_read_overrides(struct snapshot *snapshot, const struct bus *bus,
			    const struct name *dprc);

/* The same without the drivers: who was where. */
void snapshot_copy_places(const struct snapshot *snapshot, struct snapshot *ret_places);

/* In what an object differs from what it was.  Only where all else is the same: its driver. */
enum snapshot_difference {
	SNAPSHOT_SAME,
	SNAPSHOT_GONE,	 /* or in another DPRC now */
	SNAPSHOT_LOST,	 /* has no driver any more */
	SNAPSHOT_GAINED, /* has a driver, or another one than it had */
};
enum snapshot_difference snapshot_compare(const struct snapshot_entry *entry,
					  const struct bus *bus);

/* NULL: there is none of that name. */
const struct snapshot_entry *snapshot_find(const struct snapshot *snapshot,
					   const struct name *name);

/* The first object that is directly in a DPRC; NULL: it is empty. */
const struct snapshot_entry *snapshot_first_in(const struct snapshot *snapshot,
					       const struct name *dprc);

/* Whether an entry is that DPRC or is in it, however deep. */
bool snapshot_is_inside(const struct snapshot *snapshot, const struct snapshot_entry *entry,
			const struct name *dprc);

/* Who has which driver, and which have an override. */
struct json_object *snapshot_to_json(const struct snapshot *snapshot);
struct json_object *snapshot_overrides_to_json(const struct snapshot *snapshot);

/*
 * -EBADMSG: not what those make.  overrides NULL: nothing is known of them (0.1.0 did not write
 * them down).
 */
int snapshot_from_json(struct json_object *json, struct json_object *overrides,
		       struct snapshot *ret_snapshot);

#endif
