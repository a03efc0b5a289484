/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of commands served. */
#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "command.h"
#include "model.h"
#include "trace.h"

void trace_init(struct trace *trace) { trace->counts = json_object_new_object(); }

int trace_open(struct trace *trace, const char *path)
{
	trace->file = fopen(path, "we");
	if (!trace->file)
		return -errno;
	setvbuf(trace->file, NULL, _IOLBF, 0);
	return 0;
}

void trace_done(struct trace *trace)
{
	if (trace->file)
		fclose(trace->file);
	trace->file = NULL;
	json_object_put(trace->counts);
}

static const char *entry_name(const struct trace_entry *entry)
{
	return entry->command ? entry->command : "unknown";
}

static void entry_print(const struct trace_entry *entry, FILE *file)
{
	fprintf(file, "%llu portal %u %03x.%u %s %s %s %s\n", (unsigned long long)entry->sequence,
		entry->portal, entry->id, entry->version, entry_name(entry),
		entry->target[0] ? entry->target : "-", entry->subject[0] ? entry->subject : "-",
		mc_status_name(entry->status));
}

static void count(struct json_object *counts, const char *name)
{
	struct json_object *n = json_object_object_get(counts, name);

	if (n)
		json_object_int_inc(n, 1);
	else
		json_object_object_add(counts, name, json_object_new_int64(1));
}

void trace_add(struct trace *trace, const struct call *call)
{
	struct trace_entry *entry = &trace->entries[trace->n_served % TRACE_LENGTH];

	memset(entry, 0, sizeof(*entry));
	entry->sequence = ++trace->n_served;
	entry->portal = call->portal;
	entry->id = call->id;
	entry->version = call->version;
	entry->command = call->command ? call->command->name : NULL;
	entry->status = call->status;
	/* Names are copied: the object may be gone when somebody reads this. */
	memcpy(entry->target, call->target_name, sizeof(entry->target));
	memcpy(entry->subject, call->subject_name, sizeof(entry->subject));
	count(trace->counts, entry_name(entry));
	if (trace->file)
		entry_print(entry, trace->file);
}

static uint64_t oldest(const struct trace *trace)
{
	return trace->n_served > TRACE_LENGTH ? trace->n_served - TRACE_LENGTH : 0;
}

static struct json_object *entry_to_json(const struct trace_entry *entry)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "seq", json_object_new_uint64(entry->sequence));
	json_object_object_add(json, "portal", json_object_new_int((int)entry->portal));
	json_object_object_add(json, "id", json_object_new_int(entry->id << 4 | entry->version));
	json_object_object_add(json, "command", json_object_new_string(entry_name(entry)));
	json_object_object_add(json, "object",
			       entry->target[0] ? json_object_new_string(entry->target) : NULL);
	json_object_object_add(json, "subject",
			       entry->subject[0] ? json_object_new_string(entry->subject) : NULL);
	json_object_object_add(json, "status",
			       json_object_new_string(mc_status_name(entry->status)));
	return json;
}

struct json_object *trace_to_json(const struct trace *trace, uint64_t since)
{
	struct json_object *array = json_object_new_array();

	if (since < oldest(trace))
		since = oldest(trace);
	for (uint64_t i = since; i < trace->n_served; i++)
		json_object_array_add(array, entry_to_json(&trace->entries[i % TRACE_LENGTH]));
	return array;
}
