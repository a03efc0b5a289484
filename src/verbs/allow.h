/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of --allow. */
#ifndef VERBS_ALLOW_H
#define VERBS_ALLOW_H

#include <argp.h>

struct strings;

/*
 * Adds CODE[,CODE...] to codes, each once.  Ends the program on a usage error, such as a code that
 * does not yield to bind --force.
 */
void allow_parse(const char *list, struct strings *codes, const struct argp_state *state);

#endif
