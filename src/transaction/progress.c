/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told while the kernel is at a write. */
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "kernel/helper.h"
#include "kernel/sysfs.h"
#include "model/name.h"
#include "transaction/change.h"
#include "transaction/outcome.h"
#include "transaction/plan.h"
#include "transaction/progress.h"

static bool hears;
static char *restored;		     /* what an undo would restore; NULL: that was said */
static const struct write *current;  /* NULL: none */
static const struct change *counted; /* whose objects were counted; NULL: none */
static size_t n_before;		     /* of its objects, before its first write */

static void say_stopping(void)
{
	_cleanup_free_ char *names = NULL;

	if (!restored || !signals_pending())
		return;
	names = take_pointer(restored);
	note(NULL, "stopping; restoring %s", names);
}

/* Those that are on the bus: unbind takes them off, bind brings them. */
static size_t count_objects(const struct change *change)
{
	struct sysfs_dir entries;
	const char *entry;
	struct name name;
	size_t n = 0;

	if (sysfs_dir_open(change->dir, ".", &entries) < 0)
		return 0;
	while (sysfs_dir_next(&entries, &entry) > 0)
		n += name_parse(entry, &name) == 0;
	sysfs_dir_done(&entries);
	return n;
}

static void show_objects(const char *what, const char *end)
{
	const size_t n = count_objects(current->change);
	const struct name_text name = name_text(&current->change->name);

	if (n <= n_before)
		log_progress("%s %s: %zu of %zu objects%s", what, name.text, n, n_before, end);
	else
		log_progress("%s %s: %zu objects%s", what, name.text, n, end);
}

static void tell(void)
{
	say_stopping();
	if (!current || !log_shows_progress())
		return;
	if (current->kind == WRITE_RESCAN)
		log_progress("rescanning the bus");
	else if (current->kind == WRITE_BIND && current->change)
		show_objects("binding", "");
	else if (current->kind == WRITE_UNBIND && current->change)
		show_objects("unbinding", " left");
}

void progress_begin(const struct transaction *transaction, bool hears_signals)
{
	hears = hears_signals;
	restored = hears ? outcome_names(transaction) : NULL;
	helper_waiting = tell;
}

void progress_at(const struct write *write)
{
	current = write;
	if (!write->change || write->change == counted || !log_shows_progress())
		return;
	counted = write->change;
	n_before = count_objects(counted);
}

int progress_end(int r)
{
	helper_waiting = NULL;
	current = NULL;
	counted = NULL;
	log_progress_end();
	if (hears && r >= 0 && signals_pending()) {
		say_stopping();
		r = fail(-ERROR_FAILED, NULL, "stopped by %s", signals_pending());
	}
	free(take_pointer(restored));
	return r;
}
