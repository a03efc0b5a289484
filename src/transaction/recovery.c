/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a run was killed and left something to settle. */
#include <errno.h>

#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "transaction/activity.h"
#include "transaction/journal.h"
#include "transaction/recovery.h"
#include "transaction/rundir.h"

void recovery_warn_of(const char *names)
{
	warn(names, "an earlier change was interrupted; run 'fslmc-vfio recover'");
}

int recovery_fail_unread(int result, const char *file, int error)
{
	return fail(result, NULL,
		    "the record of an interrupted change, %s/%s, cannot be read: %s; 'fslmc-vfio "
		    "recover --abandon DPRC' leaves the DPRC as it is",
		    RUNDIR_PATH, file, error_text(error));
}

static void warn_of(const char *file, int r, const struct journal *journal)
{
	if (r < 0)
		warn(NULL, "the record of an interrupted change, %s/%s, cannot be read: %s",
		     RUNDIR_PATH, file, error_text(r));
	else
		recovery_warn_of(journal->names);
}

/* While a run is active, a journal may be the one of that run. */
static bool is_at_work(const struct sysfs *sysfs, const struct activity *before)
{
	_cleanup_activity_ struct activity after = { 0 };

	return activity_read(sysfs, &after) < 0 || activity_differs(before, &after);
}

void recovery_warn(const struct sysfs *sysfs)
{
	_cleanup_(rundir_done) struct rundir rundir = RUNDIR_CLOSED;
	_cleanup_activity_ struct activity before = { 0 };
	_cleanup_strings_ struct strings files = { 0 };

	if (!sysfs->is_live || activity_read(sysfs, &before) < 0 ||
	    rundir_open_existing(sysfs, &rundir) < 0 || journal_list(&rundir, &files) < 0)
		return;
	for (size_t i = 0; i < files.n_texts; i++) {
		_cleanup_journal_ struct journal journal = { 0 };
		int r = journal_load(sysfs, &rundir, files.texts[i], &journal);

		if (r == -ENOENT || is_at_work(sysfs, &before))
			continue;
		warn_of(files.texts[i], r, &journal);
	}
}
