/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket. */
#include <errno.h>
#include <json-c/json.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "request.h"

/* A client that does not take its answer must not stop the board. */
#define SEND_SECONDS 2

int control_address(struct sockaddr_un *address, const char *path)
{
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	strcpy(address->sun_path, path);
	return 0;
}

int control_open(struct control *control, const char *path)
{
	struct sockaddr_un address;
	int r = control_address(&address, path);

	for (int i = 0; i < CONTROL_CLIENTS; i++)
		control->clients[i].fd = -1;
	if (r < 0)
		return r;
	control->path = path;
	control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->fd < 0)
		return -errno;
	unlink(path);
	if (bind(control->fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(control->fd, CONTROL_CLIENTS) < 0) {
		r = -errno;
		close(control->fd);
		return r;
	}
	return 0;
}

void control_close(struct control *control)
{
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (control->clients[i].fd >= 0)
			close(control->clients[i].fd);
	close(control->fd);
	unlink(control->path);
}

static void client_drop(struct control_client *client)
{
	close(client->fd);
	client->fd = -1;
}

int control_write(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = send(fd, text, length, MSG_NOSIGNAL);

		if (n < 0)
			return -errno;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

static int client_answer(const struct control_client *client, struct firmware *firmware)
{
	struct json_object *answer = request_run(firmware, client->line);
	size_t length;
	const char *text = json_object_to_json_string_length(
		answer, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
	int r = control_write(client->fd, text, length);

	if (r == 0)
		r = control_write(client->fd, "\n", 1);
	json_object_put(answer);
	return r;
}

/* Answers the complete lines in the buffer and keeps the rest. */
static int client_lines(struct control_client *client, struct firmware *firmware)
{
	char *end;
	int r = 0;

	while (r == 0 && (end = memchr(client->line, '\n', client->length))) {
		size_t used = (size_t)(end - client->line) + 1;

		*end = '\0';
		r = client_answer(client, firmware);
		client->length -= used;
		memmove(client->line, client->line + used, client->length);
	}
	return client->length == CONTROL_LINE ? -EMSGSIZE : r;
}

static void client_read(struct control_client *client, struct firmware *firmware)
{
	ssize_t n = recv(client->fd, client->line + client->length, CONTROL_LINE - client->length,
			 MSG_DONTWAIT);

	if (n <= 0) {
		client_drop(client);
		return;
	}
	client->length += (size_t)n;
	if (client_lines(client, firmware) < 0)
		client_drop(client);
}

static void accept_client(struct control *control)
{
	struct timeval timeout = { .tv_sec = SEND_SECONDS };
	int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		if (control->clients[i].fd < 0) {
			control->clients[i].fd = fd;
			control->clients[i].length = 0;
			return;
		}
	}
	close(fd);
}

void control_poll(struct control *control, struct firmware *firmware, int timeout_us)
{
	struct timespec timeout = { .tv_nsec = timeout_us * 1000L };
	struct pollfd fds[1 + CONTROL_CLIENTS];

	fds[0] = (struct pollfd){ .fd = control->fd, .events = POLLIN };
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		fds[1 + i] = (struct pollfd){ .fd = control->clients[i].fd, .events = POLLIN };
	if (ppoll(fds, 1 + CONTROL_CLIENTS, &timeout, NULL) <= 0)
		return;
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (fds[1 + i].revents)
			client_read(&control->clients[i], firmware);
	if (fds[0].revents)
		accept_client(control);
}
