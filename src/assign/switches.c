/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bus's autorescan. */
#include <errno.h>
#include <stdlib.h>

#include "assign/autorescan.h"
#include "assign/change.h"
#include "assign/plan.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/util.h"
#include "kernel/sysfs.h"

/* The MC answers at once, or will be silent for longer than anybody wants to wait. */
#define PATIENCE_MS 1000

#define TRIES 5
#define FIRST_PAUSE_MS 20

bool autorescan_is_on(const struct sysfs *sysfs)
{
	_cleanup_free_ char *text = NULL;

	return sysfs_read(sysfs->fd, "bus/fsl-mc/autorescan", &text) == 0 && streq(text, "1");
}

int autorescan_put_back(struct transaction *transaction)
{
	_cleanup_(plan_done) struct plan plan = { 0 };
	unsigned int pause_ms = FIRST_PAUSE_MS;
	int r = -ERROR_FAILED;

	if (!transaction->autorescan || autorescan_is_on(transaction->sysfs))
		return 0;
	plan_add_autorescan(&plan, true);
	for (int try = 0; r == -ERROR_FAILED && try < TRIES; try++, pause_ms *= 2) {
		if (try)
			clock_sleep_ms(pause_ms);
		r = plan_run(&plan, transaction,
			     &(struct run_manner){ .timeout_ms = PATIENCE_MS, .is_silent = true });
	}
	return r;
}
