/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much memory a user may lock. */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/procfs.h"
#include "kernel/sysfs.h"
#include "model/memlock.h"

static int64_t own_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return MEMLOCK_UNKNOWN;
	return limit.rlim_cur == RLIM_INFINITY ? MEMLOCK_UNLIMITED : (int64_t)limit.rlim_cur;
}

static int64_t limit_of(const struct sysfs *sysfs, uid_t uid)
{
	int64_t bytes;

	if (uid == getuid())
		return own_limit();
	if (procfs_least_memlock(sysfs, uid, &bytes) < 0)
		return MEMLOCK_UNKNOWN;
	return bytes < 0 ? MEMLOCK_UNLIMITED : bytes;
}

int memlock_load(const struct sysfs *sysfs, const char *user, struct memlock *ret_memlock)
{
	const struct passwd *entry = user ? getpwnam(user) : getpwuid(getuid());
	struct memlock memlock = { .bytes = MEMLOCK_UNKNOWN };

	if (user && !entry)
		return -ENOENT;
	memlock.is_root = entry ? entry->pw_uid == 0 : getuid() == 0;
	memlock.user = entry ? xstrdup(entry->pw_name) : xasprintf("user %u", getuid());
	if (sysfs->is_live)
		memlock.bytes = limit_of(sysfs, entry ? entry->pw_uid : getuid());
	*ret_memlock = memlock;
	return 0;
}

void memlock_done(struct memlock *memlock)
{
	free(memlock->user);
	*memlock = (struct memlock){ 0 };
}
