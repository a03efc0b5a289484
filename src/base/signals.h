/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * INT, TERM and HUP are held back while a change is under way and acted on between its writes.
 * Children inherit that, so Ctrl-C does not tear a write apart.
 */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <signal.h>

/*
 * Those that the caller had ignored stay ignored.  So are SIGPIPE and SIGXFSZ from here on: a
 * reader that went away and a file that may not grow are write errors like any other.
 */
void signals_hold(void);

/* The same, for who waits for what is blocked now. */
void signals_block(sigset_t *ret_set);

/* The name of a held-back signal ("SIGTERM"), or NULL: none came. */
const char *signals_pending(void);

#endif
