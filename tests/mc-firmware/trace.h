/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of commands served. */
#ifndef FIRMWARE_TRACE_H
#define FIRMWARE_TRACE_H

#include <stdint.h>
#include <stdio.h>

#include "abi.h"

#define TRACE_LENGTH 65536

struct call;
struct json_object;

struct trace_entry {
	uint64_t sequence; /* from 1 */
	unsigned int portal;
	uint16_t id;
	uint8_t version;
	const char *command; /* NULL: an unknown one */
	char target[24], subject[24];
	enum mc_status status;
};

struct trace {
	struct trace_entry entries[TRACE_LENGTH]; /* a ring of the newest */
	uint64_t n_served;
	struct json_object *counts; /* by name */
	FILE *file;		    /* NULL: none wanted */
};

void trace_init(struct trace *trace);
/* Writes what is served from now on to a file, too. */
int trace_open(struct trace *trace, const char *path);
void trace_done(struct trace *trace);
void trace_add(struct trace *trace, const struct call *call);
/* The entries with a sequence above since, as a JSON array. */
struct json_object *trace_to_json(const struct trace *trace, uint64_t since);

#endif
