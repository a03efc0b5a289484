/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --timeout and --wait, of every verb that writes. */
#ifndef VERBS_WAITING_H
#define VERBS_WAITING_H

#include <argp.h>

#define TRANSACTION_TIMEOUT_S 120

/* Input: struct transaction_options. */
extern const struct argp waiting_argp;

/* Those of verbs that write: help, common, table and this. */
extern const struct argp_child waiting_children[];

#endif
