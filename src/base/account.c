/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users and groups by name or number. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
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

/* Files alone: a name service may hang, and who asks is in the middle of a change. */
static char *user_name(uid_t uid)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user = NULL;
	char *name;

	while (file && (user = fgetpwent(file)) && user->pw_uid != uid)
		;
	name = user ? xstrdup(user->pw_name) : xasprintf("%u", uid);
	if (file)
		fclose(file);
	return name;
}

static char *group_name(gid_t gid)
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *group = NULL;
	char *name;

	while (file && (group = fgetgrent(file)) && group->gr_gid != gid)
		;
	name = group ? xstrdup(group->gr_name) : xasprintf("%u", gid);
	if (file)
		fclose(file);
	return name;
}

char *account_text(const struct account *account)
{
	_cleanup_free_ char *user = user_name(account->uid), *group = NULL;

	if (account->gid == ACCOUNT_KEEP)
		return take_pointer(user);
	group = group_name(account->gid);
	return xasprintf("%s:%s", user, group);
}
