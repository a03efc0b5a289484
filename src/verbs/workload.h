/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --for, --lcores and --processes: the program that is to use the container. */
#ifndef VERBS_WORKLOAD_H
#define VERBS_WORKLOAD_H

#include <argp.h>

/* Input: struct workload.  Counts that are not given stay 0. */
extern const struct argp workload_argp;

/* The same for a container that is to be made: --for and --lcores. */
extern const struct argp layout_workload_argp;

#endif
