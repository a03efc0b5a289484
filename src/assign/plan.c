/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writes that lead from one state to another. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "assign/autorescan.h"
#include "assign/change.h"
#include "assign/in_use.h"
#include "assign/plan.h"
#include "assign/policy.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "kernel/sysfs.h"

void plan_done(struct plan *plan)
{
	free(plan->writes);
	*plan = (struct plan){ 0 };
}

static _printf_(5, 6) void add(struct plan *plan, enum write_kind kind, struct change *change,
			       const char *driver, const char *format, ...)
{
	struct write *write;
	va_list args;

	plan->writes = xrealloc(plan->writes, plan->n_writes + 1, sizeof(*write));
	write = &plan->writes[plan->n_writes++];
	*write = (struct write){ .kind = kind, .change = change };
	snprintf(write->driver, sizeof(write->driver), "%s", driver ? driver : "");
	va_start(args, format);
	vsnprintf(write->text, sizeof(write->text), format, args);
	va_end(args);
}

void plan_add_autorescan(struct plan *plan, bool on)
{
	add(plan, WRITE_AUTORESCAN, NULL, NULL, "%d\n", on);
}

/* A line break clears it; an empty write would never reach driver_override_store(). */
static void add_override(struct plan *plan, struct change *change, const char *driver)
{
	add(plan, WRITE_OVERRIDE, change, NULL, "%s\n", driver ? driver : "");
}

static void add_rebinding(struct plan *plan, struct change *change, const char *from,
			  const char *to)
{
	const struct name_text name = name_text(&change->name);

	if (from)
		add(plan, WRITE_UNBIND, change, from, "%s\n", name.text);
	if (to)
		add(plan, WRITE_BIND, change, to, "%s\n", name.text);
}

/*
 * A rebind ends where it begins, so no comparison asks for its writes.  Back, too, what it has
 * unbound may be half bound, and look right; but what it has not touched stays untouched.
 */
static bool is_rebound(const struct change *change, enum direction direction)
{
	return change->rescans && (direction == TOWARDS_AFTER || change->is_disturbed);
}

const struct binding *plan_goal(const struct change *change, enum direction direction)
{
	return direction == TOWARDS_AFTER ? &change->after : &change->before;
}

static void add_changes(struct plan *plan, const struct transaction *transaction,
			enum direction direction, const struct binding *now)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct change *change = &transaction->changes[i];
		const struct binding *goal = plan_goal(change, direction);

		if (!change->is_unreadable &&
		    !str_same(now[i].driver_override, goal->driver_override))
			add_override(plan, change, goal->driver_override);
	}
	for (size_t i = 0; i < transaction->n_changes; i++) {
		struct change *change = &transaction->changes[i];
		const struct binding *goal = plan_goal(change, direction);

		if (change->is_unreadable)
			continue;
		if (!str_same(now[i].driver, goal->driver) || is_rebound(change, direction))
			add_rebinding(plan, change, now[i].driver, goal->driver);
	}
}

void plan_make(const struct transaction *transaction, enum direction direction,
	       const struct binding *now, bool autorescan_now, struct plan *ret_plan)
{
	struct plan plan = { 0 };

	if (autorescan_now)
		plan_add_autorescan(&plan, false);
	add_changes(&plan, transaction, direction, now);
	if (autorescan_now && plan.n_writes == 1)
		plan_done(&plan);
	else if (autorescan_now || transaction->autorescan)
		plan_add_autorescan(&plan, true);
	*ret_plan = plan;
}

void plan_add_probe(struct plan *plan, const struct name *name)
{
	add(plan, WRITE_PROBE, NULL, NULL, "%s\n", name_text(name).text);
}

void plan_add_rescan(struct plan *plan) { add(plan, WRITE_RESCAN, NULL, NULL, "1\n"); }

void plan_add_scan(struct plan *plan, struct change *change, const char *driver_now)
{
	add_rebinding(plan, change, driver_now, DPRC_DRIVER);
}

char *write_path(const struct write *write)
{
	static const char bus[] = "/sys/bus/fsl-mc";

	switch (write->kind) {
	case WRITE_OVERRIDE:
		return xasprintf("%s/devices/%s/driver_override", bus,
				 name_text(&write->change->name).text);
	case WRITE_UNBIND:
		return xasprintf("%s/drivers/%s/unbind", bus, write->driver);
	case WRITE_BIND:
		return xasprintf("%s/drivers/%s/bind", bus, write->driver);
	case WRITE_AUTORESCAN:
		return xasprintf("%s/autorescan", bus);
	case WRITE_RESCAN:
		return xasprintf("%s/rescan", bus);
	case WRITE_PROBE:
		return xasprintf("%s/drivers_probe", bus);
	}
	abort();
}

/* What a write's errno stands for, from the kernel functions named. */
static const char *explain(const struct write *write, int r)
{
	static const struct {
		enum write_kind kind;
		int error;
		const char *meaning;
	} meanings[] = {
		/* bind_store(), device_driver_attach(), dprc_setup(), mc_status_to_error() */
		{ WRITE_BIND, ENODEV, "; no match, or the MC says invalid state" },
		{ WRITE_BIND, EBUSY, "; it has a driver already, or the MC is busy" },
		{ WRITE_BIND, EAGAIN, "; the driver deferred it" },
		{ WRITE_BIND, EINVAL,
		  "; no IOMMU group, an SMMU that is not cache coherent, or no MC portal" },
		{ WRITE_BIND, ENXIO, "; the MC does not know it, or its configuration is wrong" },
		{ WRITE_BIND, ETIMEDOUT, "; the MC did not answer" },
		{ WRITE_BIND, 119, "; the MC has no resource left" },
		{ WRITE_AUTORESCAN, EIO, "; the MC did not do it" },
		{ WRITE_UNBIND, ENODEV, "; it is not bound to that driver any more" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		if (meanings[i].kind == write->kind && meanings[i].error == -r)
			return meanings[i].meaning;
	return "";
}

static int write_one(const struct write *write, const struct transaction *transaction,
		     int64_t deadline)
{
	const struct change *change = write->change;
	_cleanup_free_ char *path = write_path(write);
	const int writer = change ? change->writer : transaction->writer;

	int r;

	if (write->kind == WRITE_OVERRIDE)
		return sysfs_write(change->dir, "driver_override", write->text, writer, deadline);
	r = sysfs_write(transaction->sysfs->fd, path + strlen("/sys/"), write->text, writer,
			deadline);
	/* autorescan_store() swallows what the MC answered; only reading back tells. */
	if (r >= 0 && write->kind == WRITE_AUTORESCAN &&
	    autorescan_is_on(transaction->sysfs) != (*write->text == '1'))
		return -EIO;
	return r;
}

static int fail_write(const struct write *write, int r, unsigned int timeout_ms)
{
	_cleanup_free_ char *path = write_path(write);
	const struct name_text name =
		write->change ? name_text(&write->change->name) : (struct name_text){ "bus" };
	const int n = (int)strcspn(write->text, "\n");

	if (r == -EINPROGRESS)
		return fail(-ERROR_TIMED_OUT, name.text,
			    "the kernel is still writing '%.*s' to %s after %u s; "
			    "'fslmc-vfio recover' settles it once it is done",
			    n, write->text, path, timeout_ms / 1000);
	return fail(-ERROR_FAILED, name.text, "cannot write '%.*s' to %s: %s%s", n, write->text,
		    path, error_text(r), explain(write, r));
}

/* What is looked at just before a write: that it is the device that was checked, and not in use. */
static int check_change(const struct write *write, const struct transaction *transaction,
			bool speak)
{
	int r = change_check_device(transaction, write->change);

	if (r < 0)
		return !speak ? -ERROR_FAILED
			      : fail(-ERROR_FAILED, name_text(&write->change->name).text,
				     "it is not the device it was when it was checked: %s",
				     error_text(r));
	if (write->kind == WRITE_UNBIND && streq(write->driver, VFIO_DRIVER))
		return in_use_refuse_unbind(transaction->sysfs, write->change, speak);
	return 0;
}

static int run_one(const struct write *write, const struct transaction *transaction,
		   const struct run_manner *manner, int64_t deadline)
{
	const bool speak = !manner->is_silent;
	int r = write->change ? check_change(write, transaction, speak) : 0;

	if (r < 0)
		return r;
	if (write->kind == WRITE_UNBIND)
		write->change->is_disturbed = write->change->was_unbound = true;
	r = write_one(write, transaction, deadline);
	if (r >= 0)
		return 0;
	return r == -EINPROGRESS || speak ? fail_write(write, r, manner->timeout_ms)
					  : -ERROR_FAILED;
}

static bool has_failed(const struct plan *plan, const bool *failed, size_t i)
{
	for (size_t before = 0; before < i; before++)
		if (failed[before] && plan->writes[before].change == plan->writes[i].change)
			return true;
	return false;
}

int plan_run(const struct plan *plan, const struct transaction *transaction,
	     const struct run_manner *manner)
{
	_cleanup_free_ bool *failed = xcalloc(plan->n_writes, sizeof(*failed));
	const int64_t deadline =
		manner->timeout_ms ? clock_now_ms() + manner->timeout_ms : DEADLINE_NEVER;
	int result = 0;

	for (size_t i = 0; i < plan->n_writes; i++) {
		const struct write *write = &plan->writes[i];
		int r;

		if (manner->is_interruptible && signals_pending())
			return fail(-ERROR_FAILED, NULL, "stopped by %s", signals_pending());
		if (write->change && has_failed(plan, failed, i))
			continue;
		r = run_one(write, transaction, manner, deadline);
		if (r == -ERROR_TIMED_OUT || (r < 0 && !manner->is_thorough))
			return r;
		failed[i] = r < 0;
		if (r < 0)
			result = r;
	}
	return result;
}
