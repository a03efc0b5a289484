/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests of the control socket: one JSON object in, one out. */
#ifndef FIRMWARE_REQUEST_H
#define FIRMWARE_REQUEST_H

struct firmware;
struct json_object;

/* line: text of a request.  The answer has "ok" and, when that is false, "error". */
struct json_object *request_run(struct firmware *firmware, const char *line);

#endif
