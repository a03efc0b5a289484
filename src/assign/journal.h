/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of a transaction in /run/fslmc-vfio: the journal while it is in flight, and what
 * bind found, for unbind.  A journal that is there while nobody holds the lock is of a run that
 * was killed, or whose last write is still in the kernel.
 *
 * Functions return 0 or a negative errno and print nothing; -EBADMSG: not a record of ours, or of
 * a newer version; -ESTALE: of an earlier boot.
 */
#ifndef ASSIGN_JOURNAL_H
#define ASSIGN_JOURNAL_H

#include "base/strings.h"
#include "model/dprc.h"

struct change;
struct rundir;
struct transaction;

/* Before the first write: what was, what shall be, and who had which driver. */
int journal_write(const struct transaction *transaction);

/* The commit: from here on the transaction is done. */
int journal_remove(const struct transaction *transaction);

/* The journals there are, by file name: for journal_read(). */
int journal_list(const struct rundir *rundir, struct strings *ret_files);

/* Fills an empty transaction with an open rundir; adds its changes by change_add(), which speaks.
 */
int journal_read(struct transaction *transaction, const char *file);
int journal_discard(const struct rundir *rundir, const char *file);

/* The DPRC names of a journal, for messages: "dprc.2 dprc.3". */
int journal_names(const struct rundir *rundir, const char *file, char **ret_names);

/* What bind found of a DPRC: its binding and the drivers of what was in it. */
int bound_write(const struct transaction *transaction, const struct change *change);
int bound_remove(const struct transaction *transaction, const struct change *change);

/* -ENOENT: bind was not ours.  -ESTALE also: it is of another DPRC that had this number. */
int bound_read(const struct transaction *transaction, const struct change *change,
	       struct binding *ret_binding);

#endif
