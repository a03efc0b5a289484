/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event of the bus as a record. */
#include <stdio.h>
#include <time.h>

#include <json-c/json.h>

#include "base/util.h"
#include "kernel/uevent.h"
#include "model/dprc.h"
#include "model/name.h"
#include "model/object.h"
#include "report/view.h"
#include "report/view_event.h"

const struct column event_columns[] = {
	{ "TIME", "time", COLUMN_TEXT, true, "when, in UTC" },
	{ "EVENT", "event", COLUMN_TEXT, true,
	  "appeared, vanished, bound, unbound, changed; or present" },
	{ "NAME", "name", COLUMN_TEXT, true, "name of the object" },
	{ "CONTAINER", "container", COLUMN_TEXT, true, "DPRC it is or was in" },
	{ "DRIVER", "driver", COLUMN_TEXT, true, "driver it is bound to now" },
};
const size_t n_event_columns = ARRAY_SIZE(event_columns);

const char *const event_words[] = { "appeared", "vanished", "bound", "unbound", "changed" };
const size_t n_event_words = ARRAY_SIZE(event_words);

/* Actions of kobject_uevent(); those that are none of a device's coming and going are changes. */
static const char *event_word(const char *action)
{
	static const struct {
		const char *action, *word;
	} words[] = {
		{ "add", "appeared" },
		{ "remove", "vanished" },
		{ "bind", "bound" },
		{ "unbind", "unbound" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (streq(words[i].action, action))
			return words[i].word;
	return "changed";
}

static struct json_object *view_time(int64_t time_us)
{
	const time_t seconds = time_us / 1000000;
	char date[32], text[64];
	struct tm broken_down;

	gmtime_r(&seconds, &broken_down);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &broken_down);
	snprintf(text, sizeof(text), "%s.%06dZ", date, (int)(time_us % 1000000));
	return json_object_new_string(text);
}

/* Cuts the last component off path and reads it as a name. */
static int cut_name(char *path, struct name *ret_name)
{
	char *slash = strrchr(path, '/');
	int r = name_of_path(path, ret_name);

	if (slash)
		*slash = '\0';
	return r;
}

/* A device that is gone has no driver any more, yet its last event does not say so. */
static struct json_object *view_driver(const char *word, const char *driver)
{
	if (streq(word, "vanished") || (streq(word, "changed") && !driver))
		return NULL;
	return view_text(driver);
}

struct json_object *view_event(const struct uevent *event)
{
	const char *word = event_word(event->action ? event->action : "");
	_cleanup_free_ char *path = xstrdup(event->path ? event->path : "");
	struct json_object *record;
	struct name name, container;

	if (cut_name(path, &name) < 0)
		return NULL;
	record = json_object_new_object();
	view_add(record, "time", view_time(event->time_us));
	view_add_text(record, "event", word);
	view_add_text(record, "name", name_text(&name).text);
	view_add_text(record, "container",
		      cut_name(path, &container) < 0 ? NULL : name_text(&container).text);
	view_add(record, "driver", view_driver(word, event->driver));
	return record;
}

struct json_object *view_present(const struct object *object, int64_t time_us)
{
	struct json_object *record = json_object_new_object();

	view_add(record, "time", view_time(time_us));
	view_add_text(record, "event", "present");
	view_add(record, "name", view_name(object));
	view_add(record, "container",
		 view_name(object->container ? object->container->object : NULL));
	view_add_text(record, "driver", object->driver);
	return record;
}

const struct column awaited_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the DPRC" },
	{ "STATE", "state", COLUMN_TEXT, true, "what it is now" },
};
const size_t n_awaited_columns = ARRAY_SIZE(awaited_columns);

const char *const awaited_words[] = { "present", "complete", "ready", "bound", "unused" };
const size_t n_awaited_words = ARRAY_SIZE(awaited_words);

struct json_object *view_awaited(const struct name *dprc, enum awaited state)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", name_text(dprc).text);
	view_add_text(record, "state", awaited_words[state]);
	return record;
}
