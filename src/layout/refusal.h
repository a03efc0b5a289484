/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a layout cannot be made: all reasons at once, each with what to do about it. */
#ifndef LAYOUT_REFUSAL_H
#define LAYOUT_REFUSAL_H

#include <stddef.h>

#include "base/util.h"

struct refusal {
	int error;    /* of base/exit_status.h */
	char *object; /* what it is about; NULL: nothing that has a name */
	char *text;   /* "what failed: why; what to do" */
};

struct refusals {
	struct refusal *refusals;
	size_t n_refusals;
};

void refuse(struct refusals *refusals, int error, const char *object, const char *format, ...)
	_printf_(4, 5);
void refusals_done(struct refusals *refusals);
#define _cleanup_refusals_ __attribute__((cleanup(refusals_done)))

/* 0: there are none; else, negative, usage before a missing privilege before all else. */
int refusals_error(const struct refusals *refusals);

#endif
