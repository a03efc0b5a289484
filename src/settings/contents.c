/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a DPRC. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/strings.h"
#include "base/util.h"
#include "kernel/mc.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "settings/contents.h"

void contents_add(struct contents *contents, const char *type, size_t n_objects)
{
	struct contents_entry *entry;
	size_t at = 0;

	while (at < contents->n_entries && strcmp(contents->entries[at].type, type) < 0)
		at++;
	if (at == contents->n_entries || !streq(contents->entries[at].type, type)) {
		contents->entries = xrealloc(contents->entries, contents->n_entries + 1,
					     sizeof(*contents->entries));
		entry = &contents->entries[at];
		memmove(entry + 1, entry, (contents->n_entries++ - at) * sizeof(*entry));
		*entry = (struct contents_entry){ 0 };
		snprintf(entry->type, sizeof(entry->type), "%s", type);
	}
	contents->entries[at].n_objects += n_objects;
}

void contents_done(struct contents *contents)
{
	free(contents->entries);
	*contents = (struct contents){ 0 };
}

int contents_load(const struct bus *bus, const struct dprc *dprc, struct contents *ret_contents)
{
	const struct mc_container *mc = dprc->mc;
	const struct dprc *root = bus_root(bus);
	struct contents contents = { 0 };

	if (mc && !mc->error && mc->is_complete) {
		for (size_t i = 0; i < mc->n_objects; i++)
			contents_add(&contents, mc->objects[i].name.type, 1);
	} else if (dprc->object->driver && root &&
		   !mc_has_node(bus->sysfs, root->object->name.id)) {
		for (size_t i = 0; i < bus->n_objects; i++)
			if (bus->objects[i].container == dprc)
				contents_add(&contents, bus->objects[i].name.type, 1);
	} else {
		return -ENODATA;
	}
	*ret_contents = contents;
	return 0;
}

bool contents_equal(const struct contents *a, const struct contents *b)
{
	if (a->n_entries != b->n_entries)
		return false;
	for (size_t i = 0; i < a->n_entries; i++)
		if (!streq(a->entries[i].type, b->entries[i].type) ||
		    a->entries[i].n_objects != b->entries[i].n_objects)
			return false;
	return true;
}

static size_t count(const struct contents *contents, const char *type)
{
	for (size_t i = 0; i < contents->n_entries; i++)
		if (streq(contents->entries[i].type, type))
			return contents->entries[i].n_objects;
	return 0;
}

char *contents_difference(const struct contents *found, const struct contents *wanted)
{
	_cleanup_contents_ struct contents all = { 0 };
	_cleanup_strings_ struct strings differences = { 0 };

	for (size_t i = 0; i < found->n_entries; i++)
		contents_add(&all, found->entries[i].type, 0);
	for (size_t i = 0; i < wanted->n_entries; i++)
		contents_add(&all, wanted->entries[i].type, 0);
	for (size_t i = 0; i < all.n_entries; i++) {
		const char *type = all.entries[i].type;
		const size_t n_found = count(found, type), n_wanted = count(wanted, type);
		_cleanup_free_ char *difference =
			xasprintf("%zu %s instead of %zu", n_found, type, n_wanted);

		if (n_found != n_wanted)
			strings_add(&differences, difference);
	}
	return strings_join(&differences, ", ");
}
