/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --for and --lcores: the program that is to use the container. */
#ifndef VERBS_WORKLOAD_H
#define VERBS_WORKLOAD_H

#include <argp.h>

/* Input: struct workload.  Counts that are not given stay 0. */
extern const struct argp workload_argp;

#endif
