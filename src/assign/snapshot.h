/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which object had which driver: taken before a change, compared after it.  So that a NIC that
 * went away elsewhere on the bus is noticed, and one that should have come back is asked back.
 */
#ifndef ASSIGN_SNAPSHOT_H
#define ASSIGN_SNAPSHOT_H

#include <stddef.h>

#include "model/name.h"

struct bus;
struct json_object;

struct snapshot_entry {
	struct name name;
	struct name container; /* empty type: none */
	char *driver;	       /* NULL: none */
};

struct snapshot {
	struct snapshot_entry *entries; /* by name */
	size_t n_entries;
};

void snapshot_take(const struct bus *bus, struct snapshot *ret_snapshot);
void snapshot_done(struct snapshot *snapshot);

/* The same without the drivers: who was where. */
void snapshot_copy_places(const struct snapshot *snapshot, struct snapshot *ret_places);

/*
 * The next entry after last (NULL: from the start) whose object is not as it was: gone, moved to
 * another DPRC, or without the driver it had.  NULL: there is none.
 */
const struct snapshot_entry *snapshot_next_lost(const struct snapshot *snapshot,
						const struct bus *bus,
						const struct snapshot_entry *last);

/* NULL: there is none of that name. */
const struct snapshot_entry *snapshot_find(const struct snapshot *snapshot,
					   const struct name *name);

/* The first object that is directly in a DPRC; NULL: it is empty. */
const struct snapshot_entry *snapshot_first_in(const struct snapshot *snapshot,
					       const struct name *dprc);

/* Whether an entry is one of these DPRCs or is in one, however deep. */
bool snapshot_is_inside(const struct snapshot *snapshot, const struct snapshot_entry *entry,
			const struct name *dprcs, size_t n_dprcs);

struct json_object *snapshot_to_json(const struct snapshot *snapshot);

/* -EBADMSG: not what snapshot_to_json() makes. */
int snapshot_from_json(struct json_object *json, struct snapshot *ret_snapshot);

#endif
