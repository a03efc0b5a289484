/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What says how a container is to be made: --label, --for, --lcores, --port and the like. */
#ifndef VERBS_LAYOUT_OPTIONS_H
#define VERBS_LAYOUT_OPTIONS_H

#include <argp.h>

/* Input: struct layout_request, which owns what it points to but for the label. */
extern const struct argp layout_argp;

#endif
