/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of transaction.h share among themselves. */
#ifndef TRANSACTION_TRANSACTION_PARTS_H
#define TRANSACTION_TRANSACTION_PARTS_H

#include <stdbool.h>

struct change;
struct transaction;

/*
 * Before the first write.  -ERROR_FAILED: nothing was touched, and there is no journal, unless it
 * is that of containers made before.
 */
int transaction_put_on_record(struct transaction *transaction);

/* What bind found is recorded for unbind; a rebind finds nothing new. */
bool transaction_records(const struct change *change);

/*
 * After an unbind: restores what is inside.  That drivers there did not come back is no reason to
 * take the container from the host again: it becomes has_residue.  -ERROR_FAILED: the bus cannot be
 * read, so there is nothing to promise.
 */
int transaction_restore_inside(struct transaction *transaction);

/* transaction_undo(), without a word of what is as it was. */
int transaction_restore(struct transaction *transaction);

/* From the first write on, whoever runs out of memory leaves a journal. */
void transaction_expect_no_memory(void);

#endif
