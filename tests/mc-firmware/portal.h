/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MC command portals: 64 bytes of shared memory each, polled for commands. */
#ifndef FIRMWARE_PORTAL_H
#define FIRMWARE_PORTAL_H

#include <stdbool.h>
#include <stdint.h>

struct firmware;

/* What is kept back on a portal by an injected fault. */
struct portal {
	uint64_t held_header; /* the command; 0: none */
	const char *held_command;
	char held_from[24]; /* the DPRC whose software waits; "": destroyed since */
	int64_t due_ms;	    /* when to answer it */
	bool muted;	    /* not before portal_unmute() */
};

/* Serves what is there.  Returns the number of commands answered. */
unsigned int portal_poll(struct firmware *firmware);
/* Answers everything that mute faults have kept back. */
void portal_unmute(struct firmware *firmware);
/* Is there a command that a mute fault has kept back, which nobody has overwritten? */
bool portal_is_held(const struct firmware *firmware, unsigned int index);

#endif
