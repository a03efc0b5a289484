/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of --owner. */
#ifndef VERBS_OWNER_H
#define VERBS_OWNER_H

#include <argp.h>

#include "base/account.h"

/* Ends the program on a usage error, such as a user that there is not. */
void owner_parse(const char *arg, struct account *ret_account, const struct argp_state *state);

#endif
