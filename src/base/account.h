/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users and groups by name or number. */
#ifndef BASE_ACCOUNT_H
#define BASE_ACCOUNT_H

#include <sys/types.h>

#define ACCOUNT_KEEP ((unsigned int)-1) /* as chown(2) has it: leave this one alone */

struct account {
	uid_t uid;
	gid_t gid;
};

/* USER[:GROUP].  -EINVAL: not that form.  -ENOENT: there is no such user or group. */
int account_parse(const char *text, struct account *ret_account);

/* The same as text, in a new string; numbers where /etc/passwd or /etc/group has no name. */
char *account_text(const struct account *account);

#endif
