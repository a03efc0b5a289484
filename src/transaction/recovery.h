/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a run was killed and left something to settle. */
#ifndef TRANSACTION_RECOVERY_H
#define TRANSACTION_RECOVERY_H

struct sysfs;

/*
 * Warns of every journal, unless a run is active.  Takes no lock and makes nothing; silent where
 * only root could tell.
 */
void recovery_warn(const struct sysfs *sysfs);

/* The same of one, for who has read it already. */
void recovery_warn_of(const char *names);

/* Says of a journal that it cannot be read, and what to do, and returns result. */
int recovery_fail_unread(int result, const char *file, int error);

#endif
