/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections between endpoints (dpni, dpmac, dpsw, dpdmux, dpci) and their link state. */
#ifndef FIRMWARE_CONNECTION_H
#define FIRMWARE_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "abi.h"

struct connection;
struct endpoint;
struct model;
struct object;

/* ret_peer: which of connection->ends is the other one. */
struct connection *connection_find(const struct model *model, const struct object *object,
				   uint16_t interface, struct endpoint **ret_peer);
enum mc_status connection_make(struct model *model, struct endpoint a, struct endpoint b);
enum mc_status connection_break(struct model *model, const struct object *object,
				uint16_t interface);
/* All of an object's, because it goes away. */
void connection_remove(struct model *model, const struct object *object);
/* A link needs its cable, and every DPNI at its ends enabled. */
bool connection_is_up(const struct connection *connection);
void connection_set_cable(struct model *model, struct connection *connection, bool up);
void connection_set_enabled(struct model *model, struct object *object, bool enabled);

#endif
