/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line in the system log for each change that was made, undone or left half done. */
#ifndef TRANSACTION_AUDIT_H
#define TRANSACTION_AUDIT_H

struct transaction;

/*
 * Of what was put on record, with its result as in base/exit_status.h; else nothing.  names are
 * those of the DPRCs; NULL: the transaction knows.  Waits for nobody: without a reader that keeps
 * up it is lost.
 */
void audit_send(const struct transaction *transaction, const char *names, int result);

#endif
