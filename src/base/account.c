/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users and groups by name or number. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>

#include "base/account.h"
#include "base/util.h"

/* The last number is ACCOUNT_KEEP. */
static bool is_number(const char *text, unsigned int *ret_number)
{
	return str_number(text, ACCOUNT_KEEP - 1, ret_number);
}

static int parse_user(const char *text, uid_t *ret_uid)
{
	const struct passwd *user;

	if (is_number(text, ret_uid))
		return 0;
	user = getpwnam(text);
	if (!user)
		return -ENOENT;
	*ret_uid = user->pw_uid;
	return 0;
}

static int parse_group(const char *text, gid_t *ret_gid)
{
	const struct group *group;

	if (is_number(text, ret_gid))
		return 0;
	group = getgrnam(text);
	if (!group)
		return -ENOENT;
	*ret_gid = group->gr_gid;
	return 0;
}

int account_parse(const char *text, struct account *ret_account)
{
	struct account account = { .uid = ACCOUNT_KEEP, .gid = ACCOUNT_KEEP };
	_cleanup_free_ char *user = xstrdup(text);
	char *group = strchr(user, ':');
	int r;

	if (group)
		*group++ = '\0';
	if (!*user || (group && !*group))
		return -EINVAL;
	r = parse_user(user, &account.uid);
	if (r >= 0 && group)
		r = parse_group(group, &account.gid);
	if (r >= 0)
		*ret_account = account;
	return r;
}

char *account_text(const struct account *account)
{
	_cleanup_free_ char *number = xasprintf("%u", account->uid);
	const struct passwd *user;
	const struct group *group;

	/* Most nodes are root's, and asking the name services means four sockets and as many files.
	 */
	if (account->uid == 0 && account->gid == 0)
		return xstrdup("root:root");
	user = getpwuid(account->uid);

	if (account->gid == ACCOUNT_KEEP)
		return xstrdup(user ? user->pw_name : number);
	group = getgrgid(account->gid);
	return group ? xasprintf("%s:%s", user ? user->pw_name : number, group->gr_name)
		     : xasprintf("%s:%u", user ? user->pw_name : number, account->gid);
}
