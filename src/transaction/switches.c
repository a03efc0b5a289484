/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bus's own switches. */
#include <stdlib.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "transaction/change.h"
#include "transaction/switches.h"

static bool is_on(const struct sysfs *sysfs, const char *path)
{
	_cleanup_free_ char *text = NULL;

	return sysfs_read(sysfs->fd, path, &text) == 0 && streq(text, "1");
}

struct switches switches_load(const struct sysfs *sysfs)
{
	return (struct switches){
		.autorescan = is_on(sysfs, "bus/fsl-mc/autorescan"),
		.autoprobe = is_on(sysfs, "bus/fsl-mc/drivers_autoprobe"),
	};
}

struct switches switches_note(struct transaction *transaction)
{
	const struct switches now = switches_load(transaction->sysfs);

	transaction->autorescan |= now.autorescan;
	transaction->autoprobe |= now.autoprobe;
	return now;
}
