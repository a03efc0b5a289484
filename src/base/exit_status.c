/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of exit statuses. */
#include <errno.h>

#include "base/exit_status.h"
#include "base/util.h"

const struct exit_promise exit_promises[] = {
	{ STATUS_DONE, 0, "done", "success (verified), or nothing to do" },
	{ STATUS_FAILED, ERROR_FAILED, "failed", "failure; original state restored" },
	{ STATUS_USAGE, ERROR_USAGE, "usage", "usage error; nothing was touched" },
	{ STATUS_NOT_FOUND, ERROR_NOT_FOUND, "not-found",
	  "no such object or bus; nothing was touched" },
	{ STATUS_REFUSED, ERROR_REFUSED, "refused", "refused by a check; nothing was touched" },
	{ STATUS_BUSY, ERROR_BUSY, "busy", "busy: locked, or VFIO in use; nothing was touched" },
	{ STATUS_PERMISSION, ERROR_PERMISSION, "permission", "no permission; nothing was touched" },
	{ STATUS_TIMED_OUT, ERROR_TIMED_OUT, "timed-out",
	  "timed out; kernel operation still pending, run 'recover' afterwards" },
	{ STATUS_RESIDUE, ERROR_RESIDUE, "residue",
	  "failure; original state only partly restored, see messages" },
	{ STATUS_DIFFERS, ERROR_DIFFERS, "differs", "not all is as defined; nothing is half done" },
};
const size_t n_exit_promises = ARRAY_SIZE(exit_promises);

const struct exit_promise *exit_promise_of(int r)
{
	for (size_t i = 0; i < n_exit_promises; i++)
		if (exit_promises[i].error == -r)
			return &exit_promises[i];
	return &exit_promises[STATUS_FAILED];
}
