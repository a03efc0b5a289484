/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs on a machine in a directory that passes for the running one.  For tests that are linked
 * with --wrap of sysfs_open and sysfs_write, and with the verbs.
 */
#ifndef UNIT_VERB_H
#define UNIT_VERB_H

#include "machine.h"

struct command;

/*
 * Runs a verb with these words, up to NULL, as main() does; what it returns, and in a new string
 * what it wrote to standard output.
 */
int verb_run(const struct machine *machine, char **ret_output, const struct command *command, ...)
	__attribute__((sentinel));

/* The same, but standard output is that descriptor. */
int verb_run_to(const struct machine *machine, int output, const struct command *command, ...)
	__attribute__((sentinel));

#endif
