/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults that tests inject: a chosen command answers wrongly, late or never, or something else
 * happens right after it.
 */
#ifndef FIRMWARE_FAULT_H
#define FIRMWARE_FAULT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "abi.h"

struct call;

enum fault_kind {
	FAULT_STATUS,
	FAULT_DELAY,
	FAULT_MUTE,
	FAULT_THEN, /* answered as it should be; then a request of the control socket is run */
	FAULT_LIE,  /* executed, and answered with some bytes that are not true */
};

struct fault {
	STAILQ_ENTRY(fault) next;
	enum fault_kind kind;
	char command[32];
	char object[24]; /* "": any */
	char sender[24]; /* the DPRC whose software sent it; "": any */
	enum mc_status status;
	unsigned int delay_ms;
	char request[512];
	unsigned int lie_at, n_lie_bytes;
	uint8_t lie[COMMAND_SIZE];
	unsigned int n_to_skip;
	unsigned int n_left;
	bool for_ever;
};

STAILQ_HEAD(fault_list, fault);

/* Takes a copy. */
void fault_add(struct fault_list *faults, const struct fault *fault);
/* The first fault that hits this call, counted down; NULL if none does. */
const struct fault *fault_take(struct fault_list *faults, const struct call *call);
void fault_clear(struct fault_list *faults, bool only_mutes);

#endif
