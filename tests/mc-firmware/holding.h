/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an object holds as long as it is there: portals, and resources of the pools. */
#ifndef FIRMWARE_HOLDING_H
#define FIRMWARE_HOLDING_H

#include <stdbool.h>

struct model;
struct object;
struct settings;

/*
 * settings: those of CREATE, which takes what the object costs.  All or nothing: false when a
 * portal or a pool is used up, or a container on the way to the root may not allocate.  NULL:
 * portals only.
 */
bool holding_take(struct model *model, struct object *object, const struct settings *settings);
/* Portals that were taken from the pool "mcp" stay lost until the board is booted. */
void holding_release(struct model *model, struct object *object);

#endif
