/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lock of a DPRC in the MC. */
#include <errno.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/mc_make.h"
#include "rules/mc_trouble.h"
#include "transaction/change.h"
#include "transaction/lock.h"

#define OPEN_PATIENCE_MS 5000
#define BUSY_PATIENCE_MS 2000
#define BUSY_PAUSE_MS 20

bool lock_goal(const struct change *change, enum direction direction)
{
	return direction == FORWARD ? change->locked_after : change->locked_before;
}

/* Of the DPRCs that the path of a device goes through: the first, and the last but itself. */
static int find_above(const char *path, uint32_t *ret_root, uint32_t *ret_parent)
{
	_cleanup_free_ char *copy = xstrdup(path);
	char *rest = copy;
	size_t n = 0;
	uint32_t root = 0, last = 0, parent = 0;

	for (const char *part; (part = strsep(&rest, "/"));) {
		struct name name;

		if (name_parse(part, &name) < 0 || !name_is_dprc(&name))
			continue;
		parent = last;
		last = name.id;
		if (!n++)
			root = last;
	}
	if (n < 2)
		return -ENOENT;
	*ret_root = root;
	*ret_parent = parent;
	return 0;
}

int lock_root(const struct change *change, uint32_t *ret_root)
{
	uint32_t parent;

	return find_above(change->path, ret_root, &parent);
}

static int send_once(struct transaction *transaction, struct change *change, bool locked,
		     uint32_t parent)
{
	const enum lock_state was = change->lock;
	uint16_t token;
	int r = mc_dprc_open(&transaction->mc, parent, &token);

	if (r < 0)
		return r;
	change->lock = LOCK_UNKNOWN;
	r = mc_dprc_set_locked(&transaction->mc, token, change->name.id, locked);
	if (r >= 0)
		change->lock = locked ? LOCK_ON : LOCK_OFF;
	else if (!mc_is_lost(r))
		change->lock = was;
	return r;
}

/*
 * The writer lock goes with the command: who recovers must not be overtaken by it.  *ret_why: why
 * the MC could not be queried; NULL: it was, or the error speaks for itself.
 */
static int send(struct transaction *transaction, struct change *change, bool locked,
		const char **ret_why)
{
	const int64_t until = clock_now_ms() + BUSY_PATIENCE_MS;
	uint32_t root, parent;
	int r = find_above(change->path, &root, &parent);

	*ret_why = NULL;
	if (r >= 0) {
		r = mc_open_holding(transaction->sysfs, root, OPEN_PATIENCE_MS, change->writer,
				    &transaction->mc);
		*ret_why = mc_trouble_of_open(r).why;
	}
	while (r >= 0) {
		r = send_once(transaction, change, locked, parent);
		if (r != -EBUSY || clock_now_ms() >= until)
			break;
		clock_sleep_ms(BUSY_PAUSE_MS);
		r = 0;
	}
	transaction->mc_is_silent |= mc_is_lost(r);
	if (r != -EINPROGRESS)
		mc_release(&transaction->mc);
	return r;
}

/* What an error of the MC stands for, here. */
static const char *explain(int r)
{
	switch (r) {
	case -EPERM:
		return "; a DPRC around it may be locked, or CAP_NET_ADMIN is missing";
	case -EACCES:
		return "; this kernel does not pass the command on";
	case -524: /* ENOTSUPP */
		return "; this MC has no lock, MC 10.20 and newer have";
	default:
		return "";
	}
}

int lock_set(struct transaction *transaction, struct change *change, bool locked, bool speak)
{
	const char *const what = locked ? "lock" : "unlock";
	const char *why;
	int r = send(transaction, change, locked, &why);

	if (r == -EINPROGRESS)
		return fail(-ERROR_TIMED_OUT, name_text(&change->name).text,
			    "cannot %s it in the MC: the command is still pending in the "
			    "kernel; run 'fslmc-vfio recover' once it has ended",
			    what);
	if (r >= 0 || !speak)
		return r < 0 ? -ERROR_FAILED : 0;
	if (why)
		return fail(-ERROR_FAILED, name_text(&change->name).text,
			    "cannot %s it in the MC: cannot open the root DPRC's node below /dev: "
			    "%s",
			    what, why);
	return fail(-ERROR_FAILED, name_text(&change->name).text, "cannot %s it in the MC: %s%s",
		    what, mc_status_name(r) ? mc_status_name(r) : error_text(r), explain(r));
}

static bool is_so(const struct change *change, bool locked)
{
	return change->lock == (locked ? LOCK_ON : LOCK_OFF);
}

int lock_restore(struct transaction *transaction, enum direction direction)
{
	int r = 0;

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		struct change *change = &transaction->changes[i];
		const bool goal = lock_goal(change, direction);

		if (!is_so(change, goal))
			r = lock_set(transaction, change, goal, true);
	}
	return r;
}

int lock_check(const struct transaction *transaction, enum direction direction, bool speak)
{
	int r = 0;

	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];
		const bool goal = lock_goal(change, direction);

		if (is_so(change, goal))
			continue;
		r = -ERROR_FAILED;
		if (speak)
			fail(r, name_text(&change->name).text,
			     "it could not be %s in the MC, and whether it is locked is not known",
			     goal ? "locked" : "unlocked");
	}
	return r;
}
