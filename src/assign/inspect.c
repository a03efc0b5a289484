/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking at the bus before and after a transaction's writes. */
#include <errno.h>
#include <stdlib.h>

#include "assign/change.h"
#include "assign/inspect.h"
#include "assign/policy.h"
#include "assign/verify.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/mc_inventory.h"
#include "model/object.h"

/* Drivers may defer a probe until others are back; they are given this long, in growing steps. */
#define ASK_BACK_TRIES 6
#define ASK_BACK_FIRST_PAUSE_MS 50

static int load_bus(const struct transaction *transaction, bool with_mc, struct bus **ret_bus)
{
	int r = bus_load(transaction->sysfs, ret_bus);

	if (r < 0)
		return fail(-ERROR_FAILED, NULL, "cannot read the fsl-mc bus: %s", error_text(r));
	/* What the MC does not tell is compared by what Linux tells. */
	if (with_mc)
		mc_inventory_load(*ret_bus, false, MC_DEADLINE_MS);
	return 0;
}

int inspect_identity(const struct transaction *transaction)
{
	_cleanup_bus_ struct bus *bus = NULL;
	int r = load_bus(transaction, true, &bus);

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		const struct change *change = &transaction->changes[i];
		const struct dprc *dprc = bus_find_dprc(bus, &change->name);
		struct identity identity = { IDENTITY_UNKNOWN, IDENTITY_UNKNOWN, NULL };

		if (dprc)
			identity_take(dprc, &identity);
		if (!dprc || !identity_matches(&identity, &change->identity))
			r = fail(-ERROR_FAILED, name_text(&change->name).text,
				 "it is not the DPRC it was when it was checked; nothing was "
				 "written");
		free(identity.label);
	}
	return r;
}

static const char *or_none(const char *text) { return text ? text : "none"; }

static int check_binding(const struct transaction *transaction, const struct change *change,
			 const struct binding *goal, bool speak)
{
	_cleanup_(binding_done) struct binding now = { 0 };
	int r = change_read_binding(transaction, change, &now);

	if (r >= 0 && binding_equal(&now, goal))
		return 0;
	if (!speak)
		return -ERROR_FAILED;
	if (r < 0)
		return fail(-ERROR_FAILED, name_text(&change->name).text,
			    "cannot read its driver: %s", error_text(r));
	return fail(-ERROR_FAILED, name_text(&change->name).text,
		    "its driver is %s and its driver_override %s; %s and %s should be",
		    or_none(now.driver), or_none(now.driver_override), or_none(goal->driver),
		    or_none(goal->driver_override));
}

static int check_objects(const struct bus *bus, const struct change *change, bool speak)
{
	_cleanup_verdict_ struct verdict verdict = { 0 };
	const struct dprc *dprc = bus_find_dprc(bus, &change->name);

	if (!dprc)
		return speak ? fail(-ERROR_FAILED, name_text(&change->name).text, "it vanished")
			     : -ERROR_FAILED;
	verify_assigned(bus, dprc, &verdict);
	if (!verdict.faults.n)
		return 0;
	if (!speak)
		return -ERROR_FAILED;
	return fail(-ERROR_FAILED, name_text(&change->name).text,
		    "%zu of its %zu objects did not come to " VFIO_DRIVER ": %s", verdict.faults.n,
		    verdict.n_objects, verdict.faults.text);
}

int inspect_goal(const struct transaction *transaction, enum direction direction, bool speak)
{
	_cleanup_bus_ struct bus *bus = NULL;
	int r = load_bus(transaction, true, &bus);

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		const struct change *change = &transaction->changes[i];
		const struct binding *goal =
			direction == TOWARDS_AFTER ? &change->after : &change->before;

		r = check_binding(transaction, change, goal, speak);
		if (r >= 0 && str_same(goal->driver, VFIO_DRIVER))
			r = check_objects(bus, change, speak);
	}
	return r;
}

static bool is_inside(const struct transaction *transaction, const struct snapshot_entry *entry)
{
	_cleanup_free_ struct name *names = xcalloc(transaction->n_changes, sizeof(*names));

	for (size_t i = 0; i < transaction->n_changes; i++)
		names[i] = transaction->changes[i].name;
	return snapshot_is_inside(&transaction->snapshot, entry, names, transaction->n_changes);
}

/* The next object that lost its driver; only_outside: not one of the transaction's containers. */
static const struct snapshot_entry *next_lost(const struct transaction *transaction,
					      const struct bus *bus, bool only_outside,
					      const struct snapshot_entry *last)
{
	while ((last = snapshot_next_lost(&transaction->snapshot, bus, last)))
		if (!only_outside || !is_inside(transaction, last))
			return last;
	return NULL;
}

static void ask_back_once(struct transaction *transaction, const struct bus *bus, bool only_outside)
{
	_cleanup_(plan_done) struct plan plan = { 0 };
	const struct snapshot_entry *entry = NULL;
	bool rescan = false;

	while ((entry = next_lost(transaction, bus, only_outside, entry))) {
		const struct object *object = bus_find(bus, &entry->name);

		if (!object)
			rescan = true;
		else if (!object->driver)
			plan_add_probe(&plan, &entry->name);
	}
	if (rescan)
		plan_add_rescan(&plan);
	transaction->deadline = deadline_in(transaction->timeout_s);
	plan_run(&plan, transaction, &(struct run_manner){ .is_silent = true });
}

/* On return *ret_bus is the bus as it was last seen. */
static int ask_back(struct transaction *transaction, bool only_outside, struct bus **ret_bus)
{
	unsigned int pause_ms = ASK_BACK_FIRST_PAUSE_MS;

	for (int i = 0; i < ASK_BACK_TRIES; i++, pause_ms *= 2) {
		int r;

		ask_back_once(transaction, *ret_bus, only_outside);
		bus_free(take_pointer(*ret_bus));
		r = load_bus(transaction, false, ret_bus);
		if (r < 0)
			return r;
		if (!next_lost(transaction, *ret_bus, only_outside, NULL))
			return 0;
		clock_sleep_ms(pause_ms);
	}
	return 0;
}

/* Its name is said before it is asked back: that it comes back does not make it unharmed. */
static int report_loss(const struct transaction *transaction, const struct snapshot_entry *entry)
{
	const struct name_text name = name_text(&entry->name);

	if (strings_has(&transaction->expected_losses, name.text)) {
		warn(name.text, "it lost its driver %s, as --force allowed; asking it back",
		     or_none(entry->driver));
		return 0;
	}
	return fail(-ERROR_FAILED, name.text,
		    "it is outside the container, yet lost its driver %s; asking it back",
		    or_none(entry->driver));
}

int inspect_bystanders(struct transaction *transaction)
{
	_cleanup_bus_ struct bus *bus = NULL;
	const struct snapshot_entry *entry = NULL;
	bool any = false;
	int r = load_bus(transaction, false, &bus);

	if (r < 0)
		return r;
	while ((entry = next_lost(transaction, bus, true, entry))) {
		any = true;
		if (report_loss(transaction, entry) < 0)
			r = -ERROR_FAILED;
	}
	if (!any)
		return 0;
	if (ask_back(transaction, true, &bus) < 0)
		return -ERROR_FAILED;
	while ((entry = next_lost(transaction, bus, true, entry)))
		warn(name_text(&entry->name).text, "it has not got its driver back");
	return r;
}

int inspect_everything(struct transaction *transaction)
{
	_cleanup_bus_ struct bus *bus = NULL;
	const struct snapshot_entry *entry = NULL;
	int r = load_bus(transaction, false, &bus);

	if (r < 0)
		return r;
	if (!next_lost(transaction, bus, false, NULL))
		return 0;
	r = ask_back(transaction, false, &bus);
	while (r >= 0 && (entry = next_lost(transaction, bus, false, entry)))
		fail(-ERROR_RESIDUE, name_text(&entry->name).text,
		     "residue: it had the driver %s and has not got it back",
		     or_none(entry->driver));
	if (r >= 0 && next_lost(transaction, bus, false, NULL))
		r = -ERROR_RESIDUE;
	return r;
}
