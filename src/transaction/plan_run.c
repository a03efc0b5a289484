/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writes that lead from one state to another: making them. */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/object.h"
#include "transaction/change.h"
#include "transaction/in_use.h"
#include "transaction/lock.h"
#include "transaction/plan.h"
#include "transaction/progress.h"
#include "transaction/switches.h"

/* What a write's errno stands for, from the kernel functions named. */
static const char *explain(const struct write *write, int r)
{
	static const struct {
		enum write_kind kind;
		int error;
		const char *meaning;
	} meanings[] = {
		/* bind_store(), device_driver_attach(), dprc_setup(), mc_status_to_error() */
		{ WRITE_BIND, ENODEV, "; no match, or MC status invalid state" },
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

/* The attribute that is written: below *ret_dir, in a new string. */
static char *find_attribute(const struct write *write, const struct transaction *transaction,
			    int *ret_dir)
{
	_cleanup_free_ char *path = NULL;

	if (write->kind == WRITE_OVERRIDE) {
		*ret_dir = write->change->dir;
		return xasprintf("%s%sdriver_override", write->object ? write->object : "",
				 write->object ? "/" : "");
	}
	*ret_dir = transaction->sysfs->fd;
	path = write_path(write);
	return xstrdup(path + strlen("/sys/"));
}

static int fail_write(const struct write *write, int r, unsigned int timeout_ms)
{
	_cleanup_free_ char *path = write_path(write);
	const struct name_text name = write_object(write);
	const int n = (int)strcspn(write->text, "\n");

	if (r == -EINPROGRESS)
		return fail(-ERROR_TIMED_OUT, name.text,
			    "write of '%.*s' to %s still pending in the kernel after %u s; run "
			    "'fslmc-vfio recover' once it has ended",
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
		return fail_aloud(speak, -ERROR_FAILED, name_text(&write->change->name).text,
				  "it is not the device it was when it was checked: %s",
				  error_text(r));
	if (write->kind == WRITE_UNBIND && !write->object && streq(write->driver, VFIO_DRIVER))
		return in_use_refuse_unbind(transaction->sysfs, write->change, speak);
	return 0;
}

/* Of what is not awaited, nothing may be under way when the time is over. */
static int fail_late(const struct write *write, const struct run_options *options)
{
	_cleanup_free_ char *path = write_path(write);

	return fail_aloud(!options->quiet, -ERROR_FAILED, write_object(write).text,
			  "%u s were over before the write to %s", options->timeout_ms / 1000,
			  path);
}

/* Nobody is told of an object that others may bind as well. */
static bool speaks(const struct write *write, const struct run_options *options)
{
	return !options->quiet && !write->object;
}

static int before_write(const struct write *write, const struct transaction *transaction,
			const struct run_options *options, int64_t deadline)
{
	int r = write->change ? check_change(write, transaction, speaks(write, options)) : 0;

	if (r < 0)
		return r;
	if (deadline_left_ms(deadline) == 0)
		return fail_late(write, options);
	if (write->kind == WRITE_UNBIND && !write->object)
		write->change->unbind_started = true;
	if (write->kind == WRITE_BIND && !write->object) {
		write->change->bound_us = clock_file_us();
		write->change->bound_clock_us = clock_now_us();
	}
	return 0;
}

static int after_write(const struct write *write, const struct transaction *transaction,
		       const struct run_options *options, int r)
{
	/* autorescan_store() swallows what the MC answered; only reading back tells. */
	if (r >= 0 && write->kind == WRITE_AUTORESCAN &&
	    switches_load(transaction->sysfs).autorescan != (*write->text == '1'))
		r = -EIO;
	if (r >= 0)
		return 0;
	return r == -EINPROGRESS || speaks(write, options)
		       ? fail_write(write, r, options->timeout_ms)
		       : -ERROR_FAILED;
}

static bool has_failed(const struct plan *plan, const bool *failed, size_t i)
{
	for (size_t before = 0; before < i; before++)
		if (failed[before] && plan->writes[before].change == plan->writes[i].change)
			return true;
	return false;
}

int plan_run(const struct plan *plan, struct transaction *transaction,
	     const struct run_options *options)
{
	_cleanup_free_ bool *failed = xcalloc(plan->n_writes, sizeof(*failed));
	const int64_t deadline =
		options->timeout_ms ? clock_now_ms() + options->timeout_ms : DEADLINE_NEVER;
	int result = 0;

	progress_begin(transaction, options->is_interruptible);
	for (size_t i = 0; i < plan->n_writes; i++) {
		const struct write *write = &plan->writes[i];
		const int writer = write->change ? write->change->writer : transaction->writer;
		_cleanup_free_ char *attribute = NULL;
		int dir, r;

		if (options->is_interruptible && signals_pending())
			break;
		if (write->change && has_failed(plan, failed, i))
			continue;
		progress_at(write);
		r = before_write(write, transaction, options, deadline);
		if (r >= 0 && write->kind == WRITE_LOCK) {
			r = lock_set(transaction, write->change, write->locks,
				     speaks(write, options));
		} else if (r >= 0) {
			attribute = find_attribute(write, transaction, &dir);
			r = sysfs_write(dir, attribute, write->text, writer, deadline);
			r = after_write(write, transaction, options, r);
		}
		if (r >= 0 || (write->object && r != -ERROR_TIMED_OUT))
			continue;
		result = r;
		if (r == -ERROR_TIMED_OUT || !options->keep_going)
			break;
		/* A lock that stays keeps no driver from coming back. */
		failed[i] = write->kind != WRITE_LOCK;
	}
	return progress_end(result);
}
