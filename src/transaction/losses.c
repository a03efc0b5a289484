/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs by a transaction from who had which driver before. */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/object.h"
#include "transaction/change.h"
#include "transaction/inspect.h"
#include "transaction/losses.h"
#include "transaction/plan.h"

/* Drivers may defer a probe until others are back; they are given this long, in growing steps. */
#define WAIT_TRIES 5
#define WAIT_FIRST_PAUSE_MS 50

#define PATIENCE_MS 2000 /* with an attribute that answers at once, or is stuck */

/* Entries of a snapshot: those in change's DPRC, or, without one, those outside all of them. */
struct search {
	struct transaction *transaction;
	const struct snapshot *snapshot;
	struct change *change;
};

static bool is_outside(const struct search *search, const struct snapshot_entry *entry)
{
	const struct transaction *transaction = search->transaction;

	for (size_t i = 0; i < transaction->n_changes; i++)
		if (snapshot_is_inside(search->snapshot, entry, &transaction->changes[i].name))
			return false;
	return true;
}

static bool is_wanted(const struct search *search, const struct snapshot_entry *entry)
{
	const struct change *change = search->change;

	/* Which driver a DPRC of ours has is the plan's business, and nobody else's. */
	if (transaction_has(search->transaction, &entry->name))
		return false;
	if (!change)
		return is_outside(search, entry);
	return snapshot_is_inside(search->snapshot, entry, &change->name) ||
	       strings_has(&change->losses, name_text(&entry->name).text);
}

/* What the MC took away or put elsewhere is not for Linux to bring back. */
static bool is_gone_from_mc(const struct bus *bus, const struct snapshot_entry *entry)
{
	for (size_t i = 0; bus->mc && i < bus->mc->n_containers; i++) {
		const struct mc_container *container = &bus->mc->containers[i];

		if (!container->is_complete)
			return false;
		for (size_t n = 0; n < container->n_objects; n++)
			if (name_equal(&container->objects[n].name, &entry->name))
				return !name_equal(&container->name, &entry->container);
	}
	return bus->mc != NULL && *entry->container.type;
}

/* Whoever gave a DPRC that it is in another driver meanwhile wanted that. */
static bool is_taken_along(const struct search *search, const struct bus *bus,
			   const struct snapshot_entry *entry)
{
	const struct snapshot *snapshot = search->snapshot;

	for (size_t depth = 0; entry && depth <= snapshot->n_entries; depth++) {
		if (snapshot_compare(entry, bus) == SNAPSHOT_GAINED)
			return true;
		entry = snapshot_find(snapshot, &entry->container);
	}
	return false;
}

/* An override on record is one that came back, or it is missing; unread, it is missing. */
static bool lacks_override(const struct bus *bus, const struct snapshot_entry *entry)
{
	const struct dprc *container = bus_find_dprc(bus, &entry->container);
	_cleanup_free_ char *path = NULL, *text = NULL;

	if (!entry->driver_override || !container)
		return false;
	path = xasprintf("%s/%s/driver_override", container->path, name_text(&entry->name).text);
	return sysfs_read_timeout(bus->sysfs->fd, path, clock_now_ms() + PATIENCE_MS, &text) < 0 ||
	       !str_same(driver_override_parse(text), entry->driver_override);
}

static bool differs(const struct search *search, const struct bus *bus,
		    const struct snapshot_entry *entry)
{
	const enum snapshot_difference difference = snapshot_compare(entry, bus);

	if (difference == SNAPSHOT_GONE && is_gone_from_mc(bus, entry))
		return false;
	if (is_outside(search, entry))
		return difference != SNAPSHOT_SAME && !is_taken_along(search, bus, entry);
	if (difference != SNAPSHOT_GAINED)
		return difference != SNAPSHOT_SAME || lacks_override(bus, entry);
	/* What was not scanned again got its driver from somebody else, who wanted that. */
	return !search->snapshot->has_places_only && search->change->unbind_started;
}

static const struct snapshot_entry *next_different(const struct search *search,
						   const struct bus *bus,
						   const struct snapshot_entry *last)
{
	const struct snapshot_entry *end = search->snapshot->entries + search->snapshot->n_entries;

	for (last = last ? last + 1 : search->snapshot->entries; last < end; last++)
		if (is_wanted(search, last) && differs(search, bus, last))
			return last;
	return NULL;
}

/* The MC is asked only where it matters. */
static int load(const struct search *search, struct bus **ret_bus)
{
	int r = inspect_load(search->transaction, ret_bus);

	if (r >= 0 && next_different(search, *ret_bus, NULL))
		mc_inventory_load(*ret_bus, MC_OBJECTS, &search->transaction->mc);
	mc_release(&search->transaction->mc);
	return r;
}

/* A rescan of the bus scans the roots only (fsl_mc_bus_rescan()). */
static bool is_of_root(const struct bus *bus, const struct snapshot_entry *entry)
{
	const struct dprc *container = bus_find_dprc(bus, &entry->container);

	return container && container->is_root;
}

/* What lost its driver is reprobed; what got one it did not have loses it again, and that is said.
 */
static void add_inside(struct plan *plan, struct change *change, const struct object *object,
		       const struct snapshot_entry *entry)
{
	const struct dprc *container = object->container;
	const struct name_text name = name_text(&entry->name);
	_cleanup_free_ char *path = NULL;

	if (str_same(object->driver, VFIO_DRIVER))
		return;
	if (object->driver) {
		warn(name.text,
		     "driver %s probed it when the host got it back, and it had %s; unbinding it",
		     object->driver, or_none(entry->driver));
		plan_add_unbind(plan, change, &entry->name, object->driver);
	}
	path = xasprintf("%s/%s", container->path + strlen(change->path), name.text);
	plan_add_object(plan, change, path + 1, entry);
}

static int try_once(const struct search *search, const struct bus *bus)
{
	struct transaction *transaction = search->transaction;
	const struct snapshot_entry *entry = NULL;
	_cleanup_(plan_done) struct plan plan = { 0 };
	bool rescan = false;
	int r;

	while ((entry = next_different(search, bus, entry))) {
		const struct object *object = bus_find(bus, &entry->name);

		if (snapshot_compare(entry, bus) == SNAPSHOT_GONE)
			rescan |= !object && is_of_root(bus, entry);
		else if (is_outside(search, entry))
			plan_add_probe(&plan, &entry->name);
		else
			add_inside(&plan, search->change, object, entry);
	}
	if (rescan)
		plan_add_rescan(&plan);
	r = plan_run(&plan, transaction,
		     &(struct run_options){ .timeout_ms = transaction->timeout_s * 1000,
					    .quiet = true,
					    .keep_going = true });
	return r == -ERROR_TIMED_OUT ? r : 0;
}

/* On return *bus is the bus as it was last seen. */
static int restore(const struct search *search, struct bus **bus)
{
	unsigned int pause_ms = WAIT_FIRST_PAUSE_MS;
	int r = next_different(search, *bus, NULL) ? try_once(search, *bus) : 0;

	for (int i = 0; i < WAIT_TRIES && r >= 0 && next_different(search, *bus, NULL); i++) {
		if (i) {
			clock_sleep_ms(pause_ms);
			pause_ms *= 2;
		}
		bus_free(take_pointer(*bus));
		r = load(search, bus);
	}
	return r;
}

/* Its name is said before it is reprobed: that it comes back does not make it unharmed. */
static int report(const struct transaction *transaction, const struct snapshot_entry *entry)
{
	const struct name_text name = name_text(&entry->name);

	if (strings_has(&transaction->earlier_losses, name.text)) {
		warn(name.text,
		     "object outside the container lost its driver %s since the interrupted run "
		     "began; reprobing",
		     or_none(entry->driver));
		return 0;
	}
	if (strings_has(&transaction->expected_losses, name.text)) {
		warn(name.text, "lost its driver %s, as --force allowed; reprobing",
		     or_none(entry->driver));
		return 0;
	}
	return fail(-ERROR_FAILED, name.text,
		    "object outside the container lost its driver %s; reprobing",
		    or_none(entry->driver));
}

int losses_outside(struct transaction *transaction)
{
	const struct search search = { transaction, &transaction->snapshot, NULL };
	const struct snapshot_entry *entry = NULL;
	_cleanup_bus_ struct bus *bus = NULL;
	int r, result = 0;

	if (transaction->after && !next_different(&search, transaction->after, NULL))
		return 0;
	r = load(&search, &bus);
	if (r < 0)
		return r;
	while ((entry = next_different(&search, bus, entry)))
		if (report(transaction, entry) < 0)
			result = -ERROR_FAILED;
	r = restore(&search, &bus);
	if (r < 0)
		return r;
	while ((entry = next_different(&search, bus, entry)))
		warn(name_text(&entry->name).text, "driver could not be restored");
	return result;
}

/* Which of them are the interrupted run's doing, and which others', nobody can tell any more. */
int losses_note_outside(struct transaction *transaction)
{
	const struct search search = { transaction, &transaction->snapshot, NULL };
	const struct snapshot_entry *entry = NULL;
	_cleanup_bus_ struct bus *bus = NULL;
	int r = load(&search, &bus);

	while (r >= 0 && (entry = next_different(&search, bus, entry)))
		strings_add(&transaction->earlier_losses, name_text(&entry->name).text);
	return r;
}

static int report_gone(const struct bus *bus, const struct snapshot_entry *entry)
{
	const struct name_text name = name_text(&entry->name), dprc = name_text(&entry->container);
	const struct object *container = bus_find(bus, &entry->container);

	if (!container || !container->driver || is_of_root(bus, entry))
		return fail(-ERROR_RESIDUE, name.text,
			    "not restored: object no longer present in Linux (driver was %s); "
			    "run: echo 1 > /sys/bus/fsl-mc/rescan",
			    or_none(entry->driver));
	return fail(-ERROR_RESIDUE, name.text,
		    "not restored: object no longer present in Linux (driver was %s); once nothing "
		    "uses %s, run: echo %s > /sys/bus/fsl-mc/drivers/%s/unbind; "
		    "echo %s > /sys/bus/fsl-mc/drivers/%s/bind",
		    or_none(entry->driver), dprc.text, dprc.text, container->driver, dprc.text,
		    container->driver);
}

static int report_residue(const struct search *search, const struct bus *bus,
			  const struct snapshot_entry *entry)
{
	const struct name_text name = name_text(&entry->name);
	const struct object *object = bus_find(bus, &entry->name);
	const enum snapshot_difference difference = snapshot_compare(entry, bus);

	if (strings_has(&search->transaction->earlier_losses, name.text)) {
		warn(name.text,
		     "lost its driver %s since the interrupted run began; if nobody wanted that, "
		     "run: echo %s > /sys/bus/fsl-mc/drivers_probe",
		     or_none(entry->driver), name.text);
		return 0;
	}
	if (difference == SNAPSHOT_GONE)
		return report_gone(bus, entry);
	if (difference == SNAPSHOT_GAINED)
		return fail(-ERROR_RESIDUE, name.text,
			    "not restored: its driver is %s and was %s; "
			    "run: echo %s > /sys/bus/fsl-mc/drivers/%s/unbind",
			    object->driver, or_none(entry->driver), name.text, object->driver);
	if (lacks_override(bus, entry))
		return fail(-ERROR_RESIDUE, name.text,
			    "not restored: its driver was %s and its driver_override %s; "
			    "write that to /sys/bus/fsl-mc/devices/%s/driver_override",
			    or_none(entry->driver), entry->driver_override, name.text);
	return fail(-ERROR_RESIDUE, name.text,
		    "not restored: lost its driver %s; "
		    "run: echo %s > /sys/bus/fsl-mc/drivers_probe",
		    or_none(entry->driver), name.text);
}

static int bring_back(const struct search *search)
{
	const struct snapshot_entry *entry = NULL;
	_cleanup_bus_ struct bus *bus = NULL;
	int r = load(search, &bus);

	if (r >= 0)
		r = restore(search, &bus);
	if (r < 0)
		return r;
	while ((entry = next_different(search, bus, entry)))
		if (report_residue(search, bus, entry) < 0)
			r = -ERROR_RESIDUE;
	/* What is shown is what there is now. */
	bus_free(take_pointer(search->transaction->after));
	search->transaction->after = take_pointer(bus);
	return r;
}

int losses_anywhere(struct transaction *transaction)
{
	int result = bring_back(&(struct search){ transaction, &transaction->snapshot, NULL });

	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct search inside = { transaction, &transaction->snapshot,
					       &transaction->changes[i] };
		int r = result < 0 && result != -ERROR_RESIDUE ? result : bring_back(&inside);

		if (r < 0)
			result = r;
	}
	return result;
}

int losses_since_bind(struct transaction *transaction)
{
	int result = 0;

	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct change *change = &transaction->changes[i];
		int r;

		if (str_same(change->after.driver, VFIO_DRIVER))
			continue;
		/* Of whom somebody else bound it is not known which drivers they had, only that
		 * they were. */
		if (!change->found.n_entries)
			snapshot_copy_places(&transaction->snapshot, &change->found);
		r = bring_back(&(struct search){ transaction, &change->found, change });
		/* A write that hangs, or a bus that cannot be read, is so for the next, too. */
		if (r < 0 && r != -ERROR_RESIDUE)
			return r;
		if (r < 0)
			result = r;
	}
	return result;
}

void losses_list(struct transaction *transaction)
{
	const struct search search = { transaction, &transaction->snapshot, NULL };
	const struct snapshot_entry *entry = NULL;
	_cleanup_bus_ struct bus *bus = NULL;

	if (load(&search, &bus) < 0)
		return;
	while ((entry = next_different(&search, bus, entry)))
		warn(name_text(&entry->name).text, "left as it is: its driver was %s",
		     or_none(entry->driver));
}
