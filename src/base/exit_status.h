/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the exit status promises about the device.  One table: man page, --help, JSON and tests
 * are checked against it.
 */
#ifndef BASE_EXIT_STATUS_H
#define BASE_EXIT_STATUS_H

#include <errno.h>
#include <stddef.h>

enum exit_status {
	STATUS_DONE,
	STATUS_FAILED,
	STATUS_USAGE,
	STATUS_NOT_FOUND,
	STATUS_REFUSED,
	STATUS_BUSY,
	STATUS_PERMISSION,
	STATUS_TIMED_OUT,
	STATUS_RESIDUE,
	STATUS_DIFFERS,
};

/*
 * The results that mean more than "failed".  Each is an errno moved beyond those of the kernel
 * (MAX_ERRNO, 4095), so that one which nobody translated can never be taken for a promise.
 */
#define ERROR_BASE 4096
#define ERROR_USAGE (ERROR_BASE + EINVAL)
#define ERROR_NOT_FOUND (ERROR_BASE + ENOENT)
#define ERROR_REFUSED (ERROR_BASE + EPERM)
#define ERROR_BUSY (ERROR_BASE + EBUSY)
#define ERROR_PERMISSION (ERROR_BASE + EACCES)
#define ERROR_TIMED_OUT (ERROR_BASE + ETIMEDOUT)
#define ERROR_RESIDUE (ERROR_BASE + ENOTRECOVERABLE)
#define ERROR_DIFFERS (ERROR_BASE + ESTALE)
#define ERROR_FAILED (ERROR_BASE + ECANCELED)

struct exit_promise {
	enum exit_status status;
	int error;	     /* the ERROR_ that leads here; 0: success */
	const char *name;    /* as in JSON */
	const char *promise; /* as in --help and the man page */
};

extern const struct exit_promise exit_promises[];
extern const size_t n_exit_promises;

/* The promise for a result (0, a negative ERROR_ or errno); what has no row of its own means
 * failed. */
const struct exit_promise *exit_promise_of(int r);

#endif
