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
};

/*
 * The results that mean more than "failed".  The kernel uses the same numbers for other things,
 * so whoever calls the kernel says which of these, if any, its errno stands for.
 */
#define ERROR_USAGE EINVAL
#define ERROR_NOT_FOUND ENOENT
#define ERROR_REFUSED EPERM
#define ERROR_BUSY EBUSY
#define ERROR_PERMISSION EACCES
#define ERROR_TIMED_OUT ETIMEDOUT
#define ERROR_RESIDUE ENOTRECOVERABLE
#define ERROR_FAILED ECANCELED

struct exit_promise {
	enum exit_status status;
	int error;	     /* the errno that leads here; 0: success */
	const char *name;    /* as in JSON */
	const char *promise; /* as in --help and the man page */
};

extern const struct exit_promise exit_promises[];
extern const size_t n_exit_promises;

/* The promise for a result (0 or negative errno); every errno without a row of its own means
 * failed. */
const struct exit_promise *exit_promise_of(int r);

#endif
