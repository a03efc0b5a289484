/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writes that lead from one state to another: which, and in which order. */
#include <stdio.h>
#include <stdlib.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/object.h"
#include "transaction/change.h"
#include "transaction/lock.h"
#include "transaction/plan.h"
#include "transaction/snapshot.h"

#define DEPTH_MAX 32 /* of DPRCs in one another: a record may go round in circles */

void plan_done(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_writes; i++) {
		free(plan->writes[i].object);
		free(plan->writes[i].driver);
		free(plan->writes[i].text);
	}
	free(plan->writes);
	*plan = (struct plan){ 0 };
}

/* text ends with a line break, which clears an override: an empty write would not reach it. */
static struct write *add(struct plan *plan, enum write_kind kind, struct change *change,
			 const char *driver, const char *text)
{
	struct write *write;

	plan->writes = xrealloc(plan->writes, plan->n_writes + 1, sizeof(*write));
	write = &plan->writes[plan->n_writes++];
	*write = (struct write){
		.kind = kind,
		.change = change,
		.driver = driver ? xstrdup(driver) : NULL,
		.text = xasprintf("%s\n", text),
	};
	return write;
}

void plan_add_switch(struct plan *plan, enum write_kind kind, bool on)
{
	add(plan, kind, NULL, NULL, on ? "1" : "0");
}

void plan_add_rescan(struct plan *plan) { add(plan, WRITE_RESCAN, NULL, NULL, "1"); }

void plan_add_probe(struct plan *plan, const struct name *name)
{
	add(plan, WRITE_PROBE, NULL, NULL, name_text(name).text);
}

void plan_add_unbind_dprc(struct plan *plan, struct change *change, const char *driver)
{
	add(plan, WRITE_UNBIND, change, driver, name_text(&change->name).text);
}

void plan_add_unbind(struct plan *plan, struct change *change, const struct name *name,
		     const char *driver)
{
	const struct name_text text = name_text(name);

	add(plan, WRITE_UNBIND, change, driver, text.text)->object = xstrdup(text.text);
}

/* An override that names another driver was set after the bind, and would not have let it happen.
 */
static bool is_set_late(const char *driver, const char *driver_override)
{
	return driver && driver_override && !streq(driver, driver_override);
}

/*
 * The override that a DPRC needs while it is bound: what is unplugged matches no driver but the one
 * that its override names (fsl_mc_bus_match()).
 */
static const char *override_while_binding(const struct change *change, const struct binding *goal)
{
	if (!goal->driver || str_same(goal->driver, goal->driver_override))
		return goal->driver_override;
	return change->is_unplugged ? goal->driver : NULL;
}

void plan_add_object(struct plan *plan, struct change *change, const char *path,
		     const struct snapshot_entry *entry)
{
	const struct name_text name = name_text(&entry->name);

	const bool is_late = is_set_late(entry->driver, entry->driver_override);

	if (entry->driver_override && !is_late)
		add(plan, WRITE_OVERRIDE, change, NULL, entry->driver_override)->object =
			xstrdup(path);
	if (entry->driver)
		add(plan, WRITE_PROBE, change, NULL, name.text)->object = xstrdup(path);
	if (is_late)
		add(plan, WRITE_OVERRIDE, change, NULL, entry->driver_override)->object =
			xstrdup(path);
}

static void add_rebinding(struct plan *plan, struct change *change, const char *from,
			  const char *to)
{
	const struct name_text name = name_text(&change->name);

	if (from)
		add(plan, WRITE_UNBIND, change, from, name.text);
	if (to)
		add(plan, WRITE_BIND, change, to, name.text);
}

/*
 * A rebind ends where it begins, so no comparison asks for its writes.  Back, too, what it has
 * unbound may be half bound, and look right; but what it has not touched stays untouched.
 */
static bool is_rebound(const struct change *change, enum direction direction)
{
	return change->rescans && (direction == FORWARD || change->unbind_started);
}

/* The binding a change has at the end of that direction. */
static const struct binding *plan_goal(const struct change *change, enum direction direction)
{
	return direction == FORWARD ? &change->after : &change->before;
}

static bool is_to_be_bound(const struct change *change, enum direction direction,
			   const struct binding *now)
{
	const char *goal = plan_goal(change, direction)->driver;

	return !change->is_unreadable &&
	       (!str_same(now->driver, goal) || is_rebound(change, direction));
}

static void add_overrides(struct plan *plan, const struct transaction *transaction,
			  enum direction direction, const struct binding *now)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct change *change = &transaction->changes[i];
		const struct binding *goal = plan_goal(change, direction);
		const char *driver_override = goal->driver_override;

		if (is_to_be_bound(change, direction, &now[i]))
			driver_override = override_while_binding(change, goal);
		if (!change->is_unreadable && !str_same(now[i].driver_override, driver_override))
			add(plan, WRITE_OVERRIDE, change, NULL,
			    driver_override ? driver_override : "");
	}
}

/* What the host's driver will find in it; NULL: it does not get it, or nothing is on record. */
static const struct snapshot *contents_of(const struct transaction *transaction,
					  const struct change *change, enum direction direction,
					  const struct binding *now)
{
	const struct snapshot *contents =
		direction == FORWARD ? &change->found : &transaction->snapshot;

	if (!is_to_be_bound(change, direction, now) || contents->has_places_only ||
	    !str_same(plan_goal(change, direction)->driver, DPRC_DRIVER))
		return NULL;
	return contents;
}

/* Whether it would get what it had by the scan alone. */
static bool comes_back_by_itself(const struct transaction *transaction,
				 const struct snapshot_entry *entry)
{
	const char *driver = object_host_driver(entry->name.type);
	_cleanup_free_ char *path = NULL;

	if (entry->driver_override)
		return false;
	if (entry->driver || !driver)
		return true;
	path = xasprintf("bus/fsl-mc/drivers/%s", driver);
	return !sysfs_exists(transaction->sysfs->fd, path);
}

static bool holds_back(const struct transaction *transaction, enum direction direction,
		       const struct binding *now)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];
		const struct snapshot *contents =
			contents_of(transaction, change, direction, &now[i]);

		for (size_t n = 0; contents && n < contents->n_entries; n++) {
			const struct snapshot_entry *entry = &contents->entries[n];

			if (!name_equal(&entry->name, &change->name) &&
			    snapshot_is_inside(contents, entry, &change->name) &&
			    !comes_back_by_itself(transaction, entry))
				return true;
		}
	}
	return false;
}

/* As the scan does it: what others need first, and a DPRC inside before its own contents. */
static void add_contents(struct plan *plan, struct change *change, const struct snapshot *contents,
			 const struct name *dprc, const char *path, unsigned int depth)
{
	for (int is_allocatable = 1; is_allocatable >= 0; is_allocatable--)
		for (size_t i = 0; i < contents->n_entries; i++) {
			const struct snapshot_entry *entry = &contents->entries[i];
			_cleanup_free_ char *below = NULL;

			if (!name_equal(&entry->container, dprc) ||
			    object_type_is_allocatable(entry->name.type) != is_allocatable)
				continue;
			below = xasprintf("%s%s", path, name_text(&entry->name).text);
			plan_add_object(plan, change, below, entry);
			if (name_is_dprc(&entry->name) && depth < DEPTH_MAX) {
				_cleanup_free_ char *inside = xasprintf("%s/", below);

				add_contents(plan, change, contents, &entry->name, inside,
					     depth + 1);
			}
		}
}

static void add_rebindings(struct plan *plan, const struct transaction *transaction,
			   enum direction direction, const struct binding *now, bool autoprobe)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct change *change = &transaction->changes[i];
		const struct binding *goal = plan_goal(change, direction);
		const struct snapshot *contents =
			contents_of(transaction, change, direction, &now[i]);

		if (!is_to_be_bound(change, direction, &now[i]))
			continue;
		add_rebinding(plan, change, now[i].driver, goal->driver);
		if (!str_same(override_while_binding(change, goal), goal->driver_override))
			add(plan, WRITE_OVERRIDE, change, NULL,
			    goal->driver_override ? goal->driver_override : "");
		if (contents && !autoprobe)
			add_contents(plan, change, contents, &change->name, "", 0);
	}
}

/* One that is bound again is unlocked meanwhile, so that its driver finds it as it always does. */
static bool is_to_be_unlocked(const struct change *change, enum direction direction,
			      const struct binding *now)
{
	return change->lock != LOCK_OFF &&
	       (!lock_goal(change, direction) || is_to_be_bound(change, direction, now));
}

static void add_locks(struct plan *plan, const struct transaction *transaction,
		      enum direction direction, const struct binding *now, bool locked)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct change *change = &transaction->changes[i];
		const bool unlocks = is_to_be_unlocked(change, direction, &now[i]);
		_cleanup_free_ char *text = xasprintf("%s %s", locked ? "lock" : "unlock",
						      name_text(&change->name).text);

		if (locked ? lock_goal(change, direction) && (unlocks || change->lock != LOCK_ON)
			   : unlocks)
			add(plan, WRITE_LOCK, change, NULL, text)->locks = locked;
	}
}

void plan_make(const struct transaction *transaction, enum direction direction,
	       const struct binding *now, struct switches switches, struct plan *ret_plan)
{
	const bool autoprobe = switches.autoprobe && !holds_back(transaction, direction, now);
	struct plan plan = { 0 };

	if (switches.autorescan)
		plan_add_switch(&plan, WRITE_AUTORESCAN, false);
	add_locks(&plan, transaction, direction, now, false);
	add_overrides(&plan, transaction, direction, now);
	if (switches.autoprobe && !autoprobe)
		plan_add_switch(&plan, WRITE_AUTOPROBE, false);
	add_rebindings(&plan, transaction, direction, now, autoprobe);
	if (!autoprobe && (switches.autoprobe || transaction->autoprobe))
		plan_add_switch(&plan, WRITE_AUTOPROBE, true);
	add_locks(&plan, transaction, direction, now, true);
	if (switches.autorescan && plan.n_writes == 1)
		plan_done(&plan);
	else if (switches.autorescan || transaction->autorescan)
		plan_add_switch(&plan, WRITE_AUTORESCAN, true);
	*ret_plan = plan;
}

struct name_text write_object(const struct write *write)
{
	struct name_text text =
		write->change ? name_text(&write->change->name) : (struct name_text){ "bus" };
	const char *slash = write->object ? strrchr(write->object, '/') : NULL;

	if (write->object)
		snprintf(text.text, sizeof(text.text), "%s", slash ? slash + 1 : write->object);
	return text;
}

char *write_path(const struct write *write)
{
	static const char bus[] = "/sys/bus/fsl-mc";
	uint32_t root = 0;

	switch (write->kind) {
	case WRITE_OVERRIDE:
		return xasprintf("%s/devices/%s/driver_override", bus, write_object(write).text);
	case WRITE_UNBIND:
		return xasprintf("%s/drivers/%s/unbind", bus, write->driver);
	case WRITE_BIND:
		return xasprintf("%s/drivers/%s/bind", bus, write->driver);
	case WRITE_AUTORESCAN:
		return xasprintf("%s/autorescan", bus);
	case WRITE_AUTOPROBE:
		return xasprintf("%s/drivers_autoprobe", bus);
	case WRITE_RESCAN:
		return xasprintf("%s/rescan", bus);
	case WRITE_PROBE:
		return xasprintf("%s/drivers_probe", bus);
	case WRITE_LOCK:
		lock_root(write->change, &root);
		return xasprintf("/dev/dprc.%u", root);
	}
	abort();
}
