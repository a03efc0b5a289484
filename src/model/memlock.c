/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much memory a user may lock. */
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <linux/capability.h>

#include "base/util.h"
#include "kernel/procfs.h"
#include "kernel/sysfs.h"
#include "model/captured.h"
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

/* Bytes of the pages of one size, "hugepages-2048kB"
 * (Documentation/admin-guide/mm/hugetlbpage.rst). */
static int64_t bytes_of(int dir, const char *size)
{
	_cleanup_free_ char *path = xasprintf("%s/nr_hugepages", size);
	_cleanup_free_ char *text = NULL;
	unsigned int kilobytes, n_pages;
	int64_t bytes;
	int end = 0;

	if (sscanf(size, "hugepages-%9ukB%n", &kilobytes, &end) != 1 || !end || size[end])
		return 0;
	if (sysfs_read(dir, path, &text) < 0 || !str_number(text, UINT_MAX, &n_pages))
		return 0;
	return __builtin_mul_overflow((int64_t)kilobytes * 1024, n_pages, &bytes) ? INT64_MAX
										  : bytes;
}

static int64_t huge_pages(const struct sysfs *sysfs)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir sizes = { .fd = -1 };
	const char *size;
	int64_t bytes = 0;

	if (sysfs_dir_open(sysfs->fd, "kernel/mm/hugepages", &sizes) < 0)
		return MEMLOCK_UNKNOWN;
	while (sysfs_dir_next(&sizes, &size) > 0)
		if (__builtin_add_overflow(bytes, bytes_of(sizes.fd, size), &bytes))
			return INT64_MAX;
	return bytes;
}

/* Of root in a container, which has what was left to it, its own process tells. */
static bool is_exempt(uid_t uid)
{
	return uid == 0 && (getuid() != 0 || has_capability(CAP_IPC_LOCK));
}

int memlock_load(const struct sysfs *sysfs, const char *user, struct memlock *ret_memlock)
{
	const struct passwd *entry = user ? getpwnam(user) : getpwuid(getuid());
	struct memlock memlock = { .bytes = MEMLOCK_UNKNOWN }, captured;

	if (user && !entry)
		return -ENOENT;
	memlock.is_root = is_exempt(entry ? entry->pw_uid : getuid());
	memlock.user = entry ? xstrdup(entry->pw_name) : xasprintf("user %u", getuid());
	if (!sysfs->is_live && !user && captured_read_memlock(sysfs, &captured) >= 0) {
		free(memlock.user);
		memlock = captured;
	}
	if (sysfs->is_live)
		memlock.bytes = limit_of(sysfs, entry ? entry->pw_uid : getuid());
	memlock.huge = huge_pages(sysfs);
	*ret_memlock = memlock;
	return 0;
}

void memlock_done(struct memlock *memlock)
{
	free(memlock->user);
	*memlock = (struct memlock){ 0 };
}
