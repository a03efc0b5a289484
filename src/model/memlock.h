/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much memory a user may lock, and so map for DMA (RLIMIT_MEMLOCK, see vfio_lock_acct()). */
#ifndef MODEL_MEMLOCK_H
#define MODEL_MEMLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define MEMLOCK_UNLIMITED -1
#define MEMLOCK_UNKNOWN -2

struct sysfs;

struct memlock {
	char *user;
	int64_t bytes; /* or one of the above */
	bool is_root;  /* with CAP_IPC_LOCK, which exempts it */
	int64_t huge;  /* bytes of all huge pages, which DPDK maps for DMA; or MEMLOCK_UNKNOWN */
};

/*
 * user NULL: whoever runs this.  Another user's limit is that of a process of hers or his, the
 * smallest there is: limits.conf, systemd and the like say only what the next login might get.
 * -ENOENT: no such user.
 */
int memlock_load(const struct sysfs *sysfs, const char *user, struct memlock *ret_memlock);
void memlock_done(struct memlock *memlock);

#endif
