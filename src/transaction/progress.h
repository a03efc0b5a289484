/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is told while the kernel is at a write, which may take seconds and is not interrupted: how
 * far it is, and that the run is stopping.
 */
#ifndef TRANSACTION_PROGRESS_H
#define TRANSACTION_PROGRESS_H

#include <stdbool.h>

struct transaction;
struct write;

/* Until progress_end(); with hears_signals also that a signal came, which ends the run. */
void progress_begin(const struct transaction *transaction, bool hears_signals);

/* What is written next. */
void progress_at(const struct write *write);

/* Of what ended with r: r, or -ERROR_FAILED, for a signal that was heard; speaks. */
int progress_end(int r);

#endif
