/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole model as JSON, for tests to look at and to compare. */
#ifndef FIRMWARE_STATE_H
#define FIRMWARE_STATE_H

struct firmware;
struct json_object;

/* Adds "root", "objects", "connections", "tokens" and "held" to a JSON object. */
void state_add(const struct firmware *firmware, struct json_object *answer);

#endif
