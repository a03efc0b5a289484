/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in flight, on record in /run/fslmc-vfio/journal.  A journal that is there while nobody
 * holds the lock is of a run that was killed, or whose last write is still in the kernel.
 *
 * Functions return 0 or a negative errno and print nothing; -EBADMSG: not a record of ours, or of
 * a newer version.
 */
#ifndef TRANSACTION_JOURNAL_H
#define TRANSACTION_JOURNAL_H

#include <stdbool.h>

#include "base/strings.h"

struct destruction;
struct json_object;
struct rundir;
struct sysfs;
struct transaction;

/*
 * Before the first write: what was, what shall be, and who had which driver (record_new()).  Of
 * containers that are made it is written twice: without the changes as long as they are being made.
 */
int journal_write(struct transaction *transaction);

/* The same of containers that are destroyed. */
int journal_write_destruction(struct transaction *transaction,
			      const struct destruction *destruction);

/*
 * Adds that the container which is the nth of those it makes was taken back.  Without room for that
 * there is what was written before.
 */
void journal_note_gone(const struct transaction *transaction, size_t n);

/* The commit: from here on the transaction is done. */
int journal_remove(const struct transaction *transaction);

/* The journals there are, by file name. */
int journal_list(const struct rundir *rundir, struct strings *ret_files);

enum journal_kind { JOURNAL_CHANGES, JOURNAL_DESTRUCTION };

struct journal {
	enum journal_kind kind;
	bool makes; /* containers, which may not be complete */
	char *file;
	struct json_object *record;
	struct strings subjects; /* names of the DPRCs, and labels of those made */
	char *names;		 /* the same for messages: "dprc.2 fast" */
	bool is_stale;		 /* it is of an earlier boot */
};

/* -ENOENT: there is none any more. */
int journal_load(const struct sysfs *sysfs, const struct rundir *rundir, const char *file,
		 struct journal *ret_journal);
void journal_done(struct journal *journal);
#define _cleanup_journal_ __attribute__((cleanup(journal_done)))

/* Whether that is a subject of it or, if it makes some, a DPRC that came since and may be one. */
bool journal_has(const struct journal *journal, const char *dprc);

/*
 * Fills a transaction that has begun.  Its changes are added by change_add(), which speaks and
 * gives errors of base/exit_status.h; those of DPRCs that are gone are left out and said, and
 * there may be none left.
 */
int journal_resume(struct transaction *transaction, const struct journal *journal);

/* What a journal of the other kind is about; -EBADMSG. */
int journal_read_destruction(const struct journal *journal, struct destruction *destruction);

/* The same of a journal of the other kind: all but what is destroyed. */
void journal_resume_making(struct transaction *transaction, const struct journal *journal);

#endif
