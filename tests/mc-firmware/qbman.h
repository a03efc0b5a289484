/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QBMan software portals: management commands only.  No queues, no buffers, no frames. */
#ifndef FIRMWARE_QBMAN_H
#define FIRMWARE_QBMAN_H

struct firmware;

/* Serves what is there.  Returns the number of commands answered. */
unsigned int qbman_poll(const struct firmware *firmware);

#endif
