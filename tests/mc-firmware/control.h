/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket: a unix stream, one line in, one line out, any number of clients. */
#ifndef FIRMWARE_CONTROL_H
#define FIRMWARE_CONTROL_H

#include <stddef.h>

struct firmware;
struct sockaddr_un;

#define CONTROL_CLIENTS 16
#define CONTROL_LINE 4096

struct control_client {
	int fd; /* -1: free */
	size_t length;
	char line[CONTROL_LINE];
};

struct control {
	const char *path;
	int fd;
	struct control_client clients[CONTROL_CLIENTS];
};

/* Negative errno when the socket cannot be made. */
int control_open(struct control *control, const char *path);
void control_close(struct control *control);
/* Serves what is there, waiting at most so long for it. */
void control_poll(struct control *control, struct firmware *firmware, int timeout_us);
/* What both ends need.  -ENAMETOOLONG: the path does not fit into an address. */
int control_address(struct sockaddr_un *address, const char *path);
int control_write(int fd, const char *text, size_t length);

#endif
