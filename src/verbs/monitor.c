/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio monitor: a line per change on the bus. */
#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "kernel/uevent.h"
#include "report/view_event.h"
#include "verbs/command.h"
#include "verbs/usage.h"

struct monitor {
	struct common *common;
	const char *output;
	struct selection selection;
	struct uevent_source source;
	int signals;
};

static const struct argp_option options[] = {
	{ "output", 'o', "LIST", 0, "output columns, or all; +LIST appends to the default", 2 },
	{ 0 },
};

static error_t parse_monitor(int key, char *arg, struct argp_state *state)
{
	struct monitor *monitor = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = monitor->common;
		return 0;
	case 'o':
		monitor->output = arg;
		return 0;
	case ARGP_KEY_ARG:
		usage_error(state, "monitor takes no names: it watches the whole bus");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct column_table tables[] = {
	{ event_columns, &n_event_columns, NULL },
	{ 0 },
};

static char *help_filter(int key, const char *text, void *input _unused_)
{
	return command_help_columns(key, text, tables);
}

static const struct argp_child children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse_monitor,
	.doc = "Write a line for every object that appears, vanishes or changes its driver, until "
	       "a "
	       "signal ends it. With --json every line is a JSON document.\v ",
	.children = children,
	.help_filter = help_filter,
};

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

/* Writes out all there is; -EPIPE and the like: nobody reads it any more. */
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
		record = view_event(&event);
		if (!record)
			continue;
		r = render_alone(&monitor->common->style, &monitor->selection, record);
		if (r < 0)
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
		if (r < 0)
			return r;
		if (pollfds[0].revents)
			return 0;
	}
}

static int run_monitor(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_bus_ struct bus *bus = NULL;
	struct monitor monitor = { .common = common, .signals = -1 };
	int r;

	command_parse(command->argp, 0, argc, argv, &monitor);
	if (common->sysroot)
		return fail(-ERROR_USAGE, NULL, "nothing ever changes on a captured machine");
	r = command_select(event_columns, n_event_columns, monitor.output, &monitor.selection);
	if (r >= 0)
		r = command_load_bus(common, &sysfs, &bus);
	if (r < 0)
		return r;
	/* Every event is a document of its own; this one may watch for months. */
	log_forget();
	monitor.signals = open_signals();
	r = monitor.signals < 0 ? monitor.signals : uevent_open(&monitor.source);
	if (r < 0)
		r = fail(-ERROR_FAILED, NULL, "cannot listen to the kernel's events: %s",
			 error_text(r));
	else
		r = watch(&monitor);
	uevent_close(&monitor.source);
	close_pointer(&monitor.signals);
	selection_done(&monitor.selection);
	return r;
}

const struct command command_monitor = { "monitor", "print fsl-mc bus events", &argp, run_monitor,
					 tables };
