/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals held back while a change is under way. */
#include <signal.h>

#include "base/signals.h"
#include "base/util.h"

static const struct {
	int number;
	const char *name;
} held[] = {
	{ SIGINT, "SIGINT" },
	{ SIGTERM, "SIGTERM" },
	{ SIGHUP, "SIGHUP" },
};

void signals_hold(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(held); i++)
		sigaddset(&set, held[i].number);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

const char *signals_pending(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigpending(&set);
	for (size_t i = 0; i < ARRAY_SIZE(held); i++)
		if (sigismember(&set, held[i].number))
			return held[i].name;
	return NULL;
}
