/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bus's own switches.  autorescan is off while a transaction writes, for a scan that runs
 * meanwhile can delete live devices; drivers_autoprobe while a container is scanned in which some
 * object shall stay without a driver.  Afterwards both are as they were found.
 */
#ifndef TRANSACTION_SWITCHES_H
#define TRANSACTION_SWITCHES_H

#include <stdbool.h>

struct sysfs;
struct transaction;

struct switches {
	bool autorescan; /* kernels before 5.12 have none, which is as good as off */
	bool autoprobe;
};

struct switches switches_load(const struct sysfs *sysfs);

/* The same, and whoever switched one on since the transaction began wants it on, too. */
struct switches switches_note(struct transaction *transaction);

/*
 * Switches on what the transaction found on.  Silent: 0, -ERROR_FAILED, or -ERROR_TIMED_OUT: the
 * kernel is still at it, and does not take longer for our waiting.
 */
int switches_restore(struct transaction *transaction);

/*
 * What was created in the root DPRC while autorescan was off did not come to Linux then, and
 * switching it on does not make up for that: where the MC counts other objects than Linux has, the
 * bus is scanned, and transaction->after is what there is then.  -ERROR_TIMED_OUT as above,
 * -ERROR_FAILED.
 */
int switches_catch_up(struct transaction *transaction);

#endif
