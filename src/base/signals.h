/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * INT, TERM and HUP are held back while a change is under way and acted on between its writes.
 * Children inherit that, so Ctrl-C does not tear a write apart.
 */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

/* SIGPIPE is ignored from here on too: a reader that went away is a write error like any other. */
void signals_hold(void);

/* The name of a held-back signal ("SIGTERM"), or NULL: none came. */
const char *signals_pending(void);

#endif
