/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which API each release of the firmware has, and which versions of CREATE each API knows. */
#ifndef FIRMWARE_VERSION_H
#define FIRMWARE_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "type.h"

/* Sets the API versions of MC 10.minor: those of the newest release listed that is no newer. */
void version_set(struct object_type types[N_OBJECT_TYPES], uint32_t minor);
/* Is the API of this type this one or a newer one? */
bool version_is_from(const struct object_type *type, unsigned int major, unsigned int minor);
/* Does the API of this type know that version of CREATE? */
bool version_can_create(const struct object_type *type, unsigned int version);

#endif
