/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other end of the control socket, for scripts. */
#include <errno.h>
#include <error.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client.h"
#include "control.h"

static FILE *client_connect(const char *path)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || control_address(&address, path) < 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		error(EXIT_FAILURE, errno, "%s", path);
	return fdopen(fd, "r");
}

static bool says_ok(const char *line)
{
	struct json_object *answer = json_tokener_parse(line);
	bool ok = json_object_get_boolean(json_object_object_get(answer, "ok"));

	json_object_put(answer);
	return ok;
}

int client_send(const char *path, const char *request)
{
	FILE *stream = client_connect(path);
	char *line = NULL;
	size_t size = 0;
	bool ok = false;

	if (stream && control_write(fileno(stream), request, strlen(request)) == 0 &&
	    control_write(fileno(stream), "\n", 1) == 0 && getline(&line, &size, stream) > 0)
		ok = fputs(line, stdout) >= 0 && fflush(stdout) == 0 && says_ok(line);
	else
		error(0, 0, "%s: no answer", path);
	free(line);
	if (stream)
		fclose(stream);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
