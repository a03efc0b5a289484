/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects that lost their driver by a transaction. */
#include <errno.h>
#include <stdlib.h>

#include "assign/autorescan.h"
#include "assign/change.h"
#include "assign/inspect.h"
#include "assign/losses.h"
#include "assign/plan.h"
#include "assign/policy.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/object.h"

/* Drivers may defer a probe until others are back; they are given this long, in growing steps. */
#define ASK_BACK_TRIES 6
#define ASK_BACK_FIRST_PAUSE_MS 50
/* A container is scanned again so many times at most: that takes all of it away for a moment. */
#define SCAN_TRIES 2

/* What is looked for: entries of a snapshot that the filter lets pass. */
struct search {
	struct transaction *transaction;
	const struct snapshot *snapshot;
	const struct change *change;
	bool (*is_wanted)(const struct search *search, const struct snapshot_entry *entry);
};

static bool is_outside(const struct search *search, const struct snapshot_entry *entry)
{
	const struct transaction *transaction = search->transaction;
	_cleanup_free_ struct name *names = xcalloc(transaction->n_changes, sizeof(*names));

	for (size_t i = 0; i < transaction->n_changes; i++)
		names[i] = transaction->changes[i].name;
	return !snapshot_is_inside(search->snapshot, entry, names, transaction->n_changes);
}

static bool is_anywhere(const struct search *search _unused_,
			const struct snapshot_entry *entry _unused_)
{
	return true;
}

static bool is_to_come_back(const struct search *search, const struct snapshot_entry *entry)
{
	return strings_has(&search->change->losses, name_text(&entry->name).text) ||
	       snapshot_is_inside(search->snapshot, entry, &search->change->name, 1);
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

/*
 * Whoever gave an object outside, or a container that it is in, another driver meanwhile wanted
 * that; we take drivers only.
 */
static bool has_other_driver(const struct search *search, const struct bus *bus,
			     const struct snapshot_entry *entry)
{
	const struct snapshot *snapshot = search->snapshot;

	if (!is_outside(search, entry))
		return false;
	for (size_t depth = 0; entry && depth <= snapshot->n_entries; depth++) {
		const struct object *object = bus_find(bus, &entry->name);

		if (object && object->driver && !str_same(object->driver, entry->driver))
			return true;
		entry = snapshot_find(snapshot, &entry->container);
	}
	return false;
}

static const struct snapshot_entry *next_lost(const struct search *search, const struct bus *bus,
					      const struct snapshot_entry *last)
{
	while ((last = snapshot_next_lost(search->snapshot, bus, last)))
		if (search->is_wanted(search, last) && !has_other_driver(search, bus, last) &&
		    !is_gone_from_mc(bus, last))
			return last;
	return NULL;
}

/* The MC is asked only where it matters. */
static int load(const struct search *search, struct bus **ret_bus)
{
	int r = inspect_load(search->transaction, ret_bus);

	if (r >= 0 && next_lost(search, *ret_bus, NULL))
		mc_inventory_load(*ret_bus, MC_OBJECTS, &search->transaction->mc);
	mc_release(&search->transaction->mc);
	return r;
}

static int ask(const struct search *search, struct plan *plan)
{
	const struct transaction *transaction = search->transaction;
	int r = plan_run(plan, transaction,
			 &(struct run_manner){ .timeout_ms = transaction->timeout_s * 1000,
					       .is_silent = true,
					       .is_thorough = true });

	plan_done(plan);
	return r == -ERROR_TIMED_OUT ? r : 0;
}

static bool is_in_mc(const struct bus *bus, const struct snapshot_entry *entry)
{
	const struct mc_container *container =
		bus->mc ? mc_inventory_find(bus->mc, &entry->container) : NULL;

	for (size_t i = 0; container && i < container->n_objects; i++)
		if (name_equal(&container->objects[i].name, &entry->name))
			return true;
	return false;
}

/*
 * Whether a container that the host has again, or nobody, lacks what the MC says is in it.  One
 * that this run did not unbind is none of its business: it may be in use.
 */
static bool is_half_scanned(const struct search *search, const struct bus *bus,
			    const struct change *change, const struct object *object)
{
	const struct binding *goal = search->change ? &change->after : &change->before;
	const struct snapshot_entry *entry = NULL;

	if (!change->was_unbound || !str_same(goal->driver, DPRC_DRIVER) ||
	    (object->driver && !streq(object->driver, DPRC_DRIVER)))
		return false;
	while ((entry = next_lost(search, bus, entry)))
		if (!bus_find(bus, &entry->name) && name_equal(&entry->container, &change->name) &&
		    is_in_mc(bus, entry))
			return true;
	return false;
}

static int scan(const struct search *search, struct change *change, const char *driver_now)
{
	struct transaction *transaction = search->transaction;
	const bool autorescan = autorescan_is_on(transaction->sysfs);
	struct plan plan = { 0 };
	int r;

	transaction->has_scanned = true;
	if (autorescan)
		plan_add_autorescan(&plan, false);
	plan_add_scan(&plan, change, driver_now);
	if (autorescan)
		plan_add_autorescan(&plan, true);
	r = ask(search, &plan);
	autorescan_put_back(transaction);
	return r;
}

/*
 * An object that the MC was too busy to tell of is left out for good (dprc_scan_objects()).  One
 * that only lost its driver by the scan is bound in any round.
 */
static int scan_again(const struct search *search, const struct bus *bus, int round)
{
	const struct transaction *transaction = search->transaction;
	int r = 0;

	for (size_t i = 0; i < transaction->n_changes && r != -ERROR_TIMED_OUT; i++) {
		struct change *change = &transaction->changes[i];
		const struct object *object = bus_find(bus, &change->name);

		if (object && (!object->driver || round < SCAN_TRIES) &&
		    is_half_scanned(search, bus, change, object))
			r = scan(search, change, object->driver);
	}
	return r == -ERROR_TIMED_OUT ? r : 0;
}

/* A rescan of the bus scans the roots only (fsl_mc_bus_rescan()), and may lose what is there. */
static bool is_of_root(const struct bus *bus, const struct snapshot_entry *entry)
{
	const struct dprc *container = bus_find_dprc(bus, &entry->container);

	return container && container->is_root;
}

static int ask_back_once(const struct search *search, const struct bus *bus, int round)
{
	const struct snapshot_entry *entry = NULL;
	struct plan plan = { 0 };
	bool rescan = false;
	int r = scan_again(search, bus, round);

	while (r >= 0 && (entry = next_lost(search, bus, entry))) {
		const struct object *object = bus_find(bus, &entry->name);

		rescan |= !object && is_of_root(bus, entry);
		/* Which driver a DPRC of ours has is the plan's business, and nobody else's. */
		if (object && !object->driver &&
		    !transaction_has(search->transaction, &entry->name)) {
			plan_add_probe(&plan, &entry->name);
			r = ask(search, &plan);
		}
	}
	if (r >= 0 && rescan) {
		search->transaction->has_scanned = true;
		plan_add_rescan(&plan);
		r = ask(search, &plan);
	}
	return r;
}

/* On return *bus is the bus as it was last seen. */
static int ask_back(const struct search *search, struct bus **bus)
{
	unsigned int pause_ms = ASK_BACK_FIRST_PAUSE_MS;

	for (int i = 0; i < ASK_BACK_TRIES && next_lost(search, *bus, NULL); i++, pause_ms *= 2) {
		int r = ask_back_once(search, *bus, i);

		if (r < 0)
			return r;
		if (i)
			clock_sleep_ms(pause_ms);
		bus_free(take_pointer(*bus));
		r = load(search, bus);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Its name is said before it is asked back: that it comes back does not make it unharmed. */
static int report(const struct transaction *transaction, const struct snapshot_entry *entry)
{
	const struct name_text name = name_text(&entry->name);

	if (strings_has(&transaction->earlier_losses, name.text)) {
		warn(name.text,
		     "it is outside the container, and since the interrupted run began it lost its "
		     "driver %s; asking it back",
		     or_none(entry->driver));
		return 0;
	}
	if (strings_has(&transaction->expected_losses, name.text)) {
		warn(name.text, "it lost its driver %s, as --force allowed; asking it back",
		     or_none(entry->driver));
		return 0;
	}
	return fail(-ERROR_FAILED, name.text,
		    "it is outside the container, yet lost its driver %s; asking it back",
		    or_none(entry->driver));
}

int losses_outside(struct transaction *transaction)
{
	const struct search search = { transaction, &transaction->snapshot, NULL, is_outside };
	const struct snapshot_entry *entry = NULL;
	_cleanup_bus_ struct bus *bus = NULL;
	int r, result = 0;

	if (transaction->after && !next_lost(&search, transaction->after, NULL))
		return 0;
	r = load(&search, &bus);
	if (r < 0)
		return r;
	while ((entry = next_lost(&search, bus, entry)))
		if (report(transaction, entry) < 0)
			result = -ERROR_FAILED;
	r = ask_back(&search, &bus);
	if (r < 0)
		return r;
	while ((entry = next_lost(&search, bus, entry)))
		warn(name_text(&entry->name).text, "it has not got its driver back");
	return result;
}

/* Which of them are the interrupted run's doing, and which others', nobody can tell any more. */
int losses_note_outside(struct transaction *transaction)
{
	const struct search search = { transaction, &transaction->snapshot, NULL, is_outside };
	const struct snapshot_entry *entry = NULL;
	_cleanup_bus_ struct bus *bus = NULL;
	int r = load(&search, &bus);

	while (r >= 0 && (entry = next_lost(&search, bus, entry)))
		strings_add(&transaction->earlier_losses, name_text(&entry->name).text);
	return r;
}

static int report_residue(const struct search *search, const struct bus *bus,
			  const struct snapshot_entry *entry)
{
	const struct name_text name = name_text(&entry->name);

	if (strings_has(&search->transaction->earlier_losses, name.text)) {
		warn(name.text,
		     "since the interrupted run began it lost its driver %s, and has not got it "
		     "back; "
		     "if nobody wanted that: echo %s > /sys/bus/fsl-mc/drivers_probe",
		     or_none(entry->driver), name.text);
		return 0;
	}
	if (!bus_find(bus, &entry->name))
		return fail(-ERROR_RESIDUE, name.text,
			    "residue: Linux lacks it now (its driver was %s); unbind %s from its "
			    "driver and bind it again, once nothing uses it",
			    or_none(entry->driver), name_text(&entry->container).text);
	return fail(-ERROR_RESIDUE, name.text,
		    "residue: it had the driver %s and has not got it back; "
		    "echo %s > /sys/bus/fsl-mc/drivers_probe",
		    or_none(entry->driver), name.text);
}

static int check_autorescan(const struct transaction *transaction)
{
	if (!transaction->has_scanned || !transaction->autorescan ||
	    autorescan_is_on(transaction->sysfs))
		return 0;
	return fail(-ERROR_RESIDUE, NULL,
		    "residue: autorescan is off and was on; echo 1 > /sys/bus/fsl-mc/autorescan");
}

static int bring_back(const struct search *search)
{
	const struct snapshot_entry *entry = NULL;
	_cleanup_bus_ struct bus *bus = NULL;
	int r = load(search, &bus);

	if (r >= 0)
		r = ask_back(search, &bus);
	if (r < 0)
		return r;
	r = check_autorescan(search->transaction);
	while ((entry = next_lost(search, bus, entry)))
		if (report_residue(search, bus, entry) < 0)
			r = -ERROR_RESIDUE;
	/* What is shown is what there is now. */
	bus_free(take_pointer(search->transaction->after));
	search->transaction->after = take_pointer(bus);
	return r;
}

int losses_anywhere(struct transaction *transaction)
{
	return bring_back(
		&(struct search){ transaction, &transaction->snapshot, NULL, is_anywhere });
}

static int bring_back_since_bind(struct transaction *transaction, struct change *change)
{
	/* Of whom somebody else bound it is not known which drivers they had, only that they were.
	 */
	if (!change->found.n_entries)
		snapshot_copy_places(&transaction->snapshot, &change->found);
	return bring_back(&(struct search){ transaction, &change->found, change, is_to_come_back });
}

int losses_since_bind(struct transaction *transaction)
{
	int result = 0;

	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct change *change = &transaction->changes[i];
		int r = str_same(change->after.driver, VFIO_DRIVER)
				? 0
				: bring_back_since_bind(transaction, change);

		/* A write that hangs, or a bus that cannot be read, is so for the next, too. */
		if (r < 0 && r != -ERROR_RESIDUE)
			return r;
		if (r < 0)
			result = r;
	}
	return result;
}
