/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole model as JSON, for tests to look at and to compare. */
#ifndef FIRMWARE_STATE_H
#define FIRMWARE_STATE_H

struct json_object;
struct model;

/* Adds "root", "objects", "connections" and "tokens" to a JSON object. */
void state_add(const struct model *model, struct json_object *answer);

#endif
