/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other end of the control socket, for scripts. */
#ifndef FIRMWARE_CLIENT_H
#define FIRMWARE_CLIENT_H

/* Sends one request and prints the answer.  Returns an exit status: 0 only if it says "ok". */
int client_send(const char *path, const char *request);

#endif
