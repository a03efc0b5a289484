/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bus's autorescan: off while a transaction writes, for a scan that runs meanwhile can delete
 * live devices, and afterwards as it was found.
 */
#ifndef ASSIGN_AUTORESCAN_H
#define ASSIGN_AUTORESCAN_H

#include <stdbool.h>

struct sysfs;
struct transaction;

/* Kernels before 5.12 have none, which is as good as off. */
bool autorescan_is_on(const struct sysfs *sysfs);

/*
 * Switches it on if the transaction found it on.  Silent: 0, -ERROR_FAILED, or -ERROR_TIMED_OUT:
 * the kernel is still at it, and does not take longer for our waiting.
 */
int autorescan_put_back(struct transaction *transaction);

#endif
