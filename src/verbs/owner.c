/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of --owner. */
#include <errno.h>

#include "verbs/owner.h"
#include "verbs/usage.h"

void owner_parse(const char *arg, struct account *ret_account, const struct argp_state *state)
{
	int r = account_parse(arg, ret_account);

	if (r < 0)
		usage_error(state, "--owner takes USER[:GROUP]%s, not '%.64s'",
			    r == -ENOENT ? " of users and groups there are" : "", arg);
}
