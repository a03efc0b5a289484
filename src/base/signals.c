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

/* nohup(1), and a shell that starts a job in the background, have some ignored: they stay so. */
static bool is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 && !(action.sa_flags & SA_SIGINFO) &&
	       action.sa_handler == SIG_IGN;
}

void signals_block(sigset_t *ret_set)
{
	sigemptyset(ret_set);
	for (size_t i = 0; i < ARRAY_SIZE(held); i++)
		if (!is_ignored(held[i].number))
			sigaddset(ret_set, held[i].number);
	sigprocmask(SIG_BLOCK, ret_set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

void signals_hold(void)
{
	sigset_t set;

	signals_block(&set);
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
