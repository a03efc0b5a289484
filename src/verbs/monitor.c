/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio monitor: a line per change on the bus. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/uevent.h"
#include "model/dprc.h"
#include "report/view_event.h"
#include "verbs/asked.h"
#include "verbs/command.h"
#include "verbs/facts.h"
#include "verbs/usage.h"

enum { KEY_INITIAL = 0xb00, KEY_UNTIL };

struct monitor {
	struct common *common;
	const char *output;
	bool initial;
	const char *until; /* NULL: a signal ends it */
	struct strings texts;
	struct name *names; /* as many: what they mean */
	struct selection selection;
	struct uevent_source source;
	int signals;
};

static const struct argp_option options[] = {
	{ "initial", KEY_INITIAL, NULL, 0, "begin with what is there now", 0 },
	{ "until", KEY_UNTIL, "EVENT", 0,
	  "end after this event: appeared, vanished, bound, unbound or changed", 0 },
	{ "output", 'o', "LIST", 0, "output columns, or all; +LIST appends to the default", 2 },
	{ 0 },
};

static const char *parse_event(const char *text, struct argp_state *state)
{
	for (size_t i = 0; i < n_event_words; i++)
		if (streq(event_words[i], text))
			return event_words[i];
	usage_error(state,
		    "--until takes appeared, vanished, bound, unbound or changed, not '%.64s'",
		    text);
	return NULL;
}

static error_t parse_monitor(int key, char *arg, struct argp_state *state)
{
	struct monitor *monitor = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = monitor->common;
		return 0;
	case KEY_INITIAL:
		monitor->initial = true;
		return 0;
	case KEY_UNTIL:
		monitor->until = parse_event(arg, state);
		return 0;
	case 'o':
		monitor->output = arg;
		return 0;
	case ARGP_KEY_ARG:
		strings_add(&monitor->texts, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct column_table tables[] = {
	{ event_columns, &n_event_columns, NULL },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse_monitor,
	.args_doc = "[DPRC|OBJECT|LABEL=LABEL|INTERFACE|DEFINITION...]",
	.doc = "Write a line for every object that appears, vanishes or changes its driver, until "
	       "a signal or --until ends it. Given names, only for these objects and what is in "
	       "these DPRCs. With --json every line is a JSON document.",
	.children = plain_children,
};

/* An object need not be there yet; what else a name may be has to be looked up. */
static int understand_name(struct bus *bus, const char *text, struct name *ret_name)
{
	struct asked asked;
	int r;

	if (name_parse(text, ret_name) == 0)
		return 0;
	if (!bus->mc)
		facts_load_mc(bus, MC_OBJECTS);
	r = asked_find(bus, text, &asked);
	if (r < 0)
		return r;
	*ret_name = asked.dprc	   ? asked.dprc->object->name
		    : asked.object ? asked.object->name
				   : asked.mc_object->name;
	return 0;
}

static int understand_names(struct monitor *monitor, struct bus *bus)
{
	int r = 0;

	monitor->names = xcalloc(monitor->texts.n_texts + 1, sizeof(*monitor->names));
	for (size_t i = 0; i < monitor->texts.n_texts && r >= 0; i++)
		r = understand_name(bus, monitor->texts.texts[i], &monitor->names[i]);
	return r;
}

static bool is_named(const struct monitor *monitor, const struct name *name)
{
	for (size_t i = 0; i < monitor->texts.n_texts; i++)
		if (name_equal(&monitor->names[i], name))
			return true;
	return !monitor->texts.n_texts;
}

/* Whether an object, or a DPRC that it is in, is meant: by the path of its directory. */
static bool is_wanted(const struct monitor *monitor, const char *path)
{
	_cleanup_free_ char *copy = xstrdup(path ? path : "");
	char *rest = copy, *component;
	struct name name;

	while ((component = strsep(&rest, "/")))
		if (name_parse(component, &name) == 0 && is_named(monitor, &name))
			return true;
	return false;
}

static const char *text_of(struct json_object *record, const char *key)
{
	return json_object_get_string(json_object_object_get(record, key));
}

/* What is there counts as the event that made it so.  Events inside of a named DPRC end nothing. */
static bool is_last(const struct monitor *monitor, struct json_object *record)
{
	const char *event = text_of(record, "event"), *driver = text_of(record, "driver");
	struct name name;

	if (!monitor->until || name_parse(text_of(record, "name"), &name) < 0 ||
	    !is_named(monitor, &name))
		return false;
	if (!streq(event, "present"))
		return streq(event, monitor->until);
	return streq(monitor->until, "appeared") ||
	       streq(monitor->until, driver && *driver ? "bound" : "unbound");
}

/* The signals are blocked, so that a write to a reader that has paused would outlast them. */
static bool await_reader(const struct monitor *monitor)
{
	struct pollfd pollfds[] = {
		{ .fd = monitor->signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO, .events = POLLOUT },
	};

	while (poll(pollfds, ARRAY_SIZE(pollfds), -1) < 0 && errno == EINTR)
		;
	return pollfds[1].revents || !pollfds[0].revents;
}

/* 1: that was the last; takes record.  What a signal overtakes is not written. */
static int show_record(struct monitor *monitor, struct json_object *record)
{
	const bool ends = is_last(monitor, record);
	int r;

	if (!await_reader(monitor)) {
		json_object_put(record);
		return 0;
	}
	r = render_alone(&monitor->common->style, &monitor->selection, record);
	return r < 0 ? r : ends;
}

static int show_initial(struct monitor *monitor, const struct bus *bus)
{
	const int64_t now_us = clock_day_us();
	int r = 0;

	for (size_t i = 0; i < bus->n_objects && r == 0; i++) {
		const struct object *object = &bus->objects[i];
		bool is_meant = is_named(monitor, &object->name);

		for (const struct dprc *at = object->container; at && !is_meant; at = at->parent)
			is_meant = is_named(monitor, &at->object->name);
		if (is_meant)
			r = show_record(monitor, view_present(object, now_us));
	}
	return r;
}

/* INT, TERM and HUP end the watch as a user ends it: with what was seen written out, and success.
 */
static int open_signals(void)
{
	sigset_t set;
	int fd;

	signals_block(&set);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Writes out all there is; 1: up to the last.  -EPIPE and the like: nobody reads it any more. */
static int show_events(struct monitor *monitor)
{
	for (;;) {
		_cleanup_uevent_ struct uevent event = { 0 };
		struct json_object *record;
		int r = uevent_next(&monitor->source, &event);

		if (r == 0)
			return 0;
		if (r < 0) {
			warn(NULL, "events came faster than they were read, and some are lost");
			continue;
		}
		record = is_wanted(monitor, event.path) ? view_event(&event) : NULL;
		r = record ? show_record(monitor, record) : 0;
		if (r)
			return r;
	}
}

static int watch(struct monitor *monitor)
{
	struct pollfd pollfds[] = {
		{ .fd = monitor->signals, .events = POLLIN },
		{ .fd = uevent_fd(&monitor->source), .events = POLLIN },
	};

	for (;;) {
		int r;

		if (poll(pollfds, ARRAY_SIZE(pollfds), -1) < 0 && errno != EINTR)
			return fail(-ERROR_FAILED, NULL, "cannot wait for events: %s",
				    error_text(-errno));
		r = pollfds[1].revents ? show_events(monitor) : 0;
		if (r)
			return r < 0 ? r : 0;
		if (pollfds[0].revents && monitor->until)
			return fail(-ERROR_FAILED, NULL, "a signal ended it before the event '%s'",
				    monitor->until);
		if (pollfds[0].revents)
			return 0;
	}
}

/* The bus is read when events are listened to already, so that none is missed between. */
static int begin(struct monitor *monitor, const struct sysfs *sysfs)
{
	_cleanup_bus_ struct bus *bus = NULL;
	int r = uevent_open(&monitor->source);

	if (r < 0)
		return fail(-ERROR_FAILED, NULL, "cannot listen to the kernel's events: %s",
			    error_text(r));
	r = command_read_bus(sysfs, &bus);
	if (r >= 0)
		r = understand_names(monitor, bus);
	/* Every event is a document of its own; this one may watch for months. */
	log_forget();
	if (r >= 0 && monitor->initial)
		r = show_initial(monitor, bus);
	return r;
}

static int run_monitor(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	struct monitor monitor = { .common = common, .signals = -1 };
	int r;

	command_parse(command, argc, argv, &monitor);
	r = common->sysroot ? fail(-ERROR_USAGE, NULL, "nothing ever changes on a captured machine")
			    : command_select(event_columns, n_event_columns, monitor.output,
					     &monitor.selection);
	if (r >= 0)
		r = command_open(common, &sysfs);
	if (r >= 0)
		r = monitor.signals = open_signals();
	if (r >= 0)
		r = begin(&monitor, &sysfs);
	if (r == 0)
		r = watch(&monitor);
	uevent_close(&monitor.source);
	close_pointer(&monitor.signals);
	selection_done(&monitor.selection);
	strings_done(&monitor.texts);
	free(monitor.names);
	return r < 0 ? r : 0;
}

const struct command command_monitor = { "monitor", "print fsl-mc bus events", &argp, run_monitor,
					 tables };
