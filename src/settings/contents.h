/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a DPRC: how many objects of each type.  The fingerprint that a definition carries. */
#ifndef SETTINGS_CONTENTS_H
#define SETTINGS_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/name.h"

struct bus;
struct dprc;

struct contents_entry {
	char type[NAME_TYPE_SIZE];
	size_t n_objects;
};

struct contents {
	struct contents_entry *entries; /* by type */
	size_t n_entries;
};

/* Adds objects of a type. */
void contents_add(struct contents *contents, const char *type, size_t n_objects);
void contents_done(struct contents *contents);
#define _cleanup_contents_ __attribute__((cleanup(contents_done)))

/*
 * What is directly in a DPRC by the MC's list.  Linux's is as old as the last scan, so it stands in
 * only where there is no way to the MC, by which anybody could have changed something since.
 * -ENODATA: not known.
 */
int contents_load(const struct bus *bus, const struct dprc *dprc, struct contents *ret_contents);

bool contents_equal(const struct contents *a, const struct contents *b);

/* "3 dpni instead of 2, no dpseci instead of 1"; "" if they are equal. */
char *contents_difference(const struct contents *found, const struct contents *wanted);

#endif
