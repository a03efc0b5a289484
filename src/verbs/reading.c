/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the bus while another fslmc-vfio may be changing it. */
#include <json-c/json.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "verbs/reading.h"

#define PAUSE_MS 20

void reading_done(struct reading *reading) { activity_done(&reading->before); }

static int fail_unknown(int r)
{
	return fail(-ERROR_FAILED, NULL, "cannot tell whether another fslmc-vfio is running: %s",
		    error_text(r));
}

static int fail_running(const struct activity *activity)
{
	_cleanup_free_ char *who = activity_describe(activity);

	return fail(-ERROR_BUSY, NULL,
		    "another fslmc-vfio is running: %s; try again when it has ended", who);
}

/* One try; *ret_after is who has run by the end of it. */
static int look_once(const struct reading *reading, int (*look)(void *data), void *data,
		     struct activity *ret_after)
{
	int r, known;

	log_hold();
	r = look(data);
	known = activity_read(reading->sysfs, ret_after);
	return known < 0 ? fail_unknown(known) : r;
}

static int read_bus(struct reading *reading, bool is_settled, unsigned int patience_s,
		    int (*look)(void *data), void *data)
{
	const int64_t deadline = deadline_in(patience_s);

	for (;;) {
		_cleanup_activity_ struct activity after = { 0 };
		int r;

		activity_done(&reading->before);
		r = is_settled ? activity_await_end(reading->sysfs, deadline, &reading->before)
			       : activity_read(reading->sysfs, &reading->before);
		if (r < 0)
			return fail_unknown(r);
		if (is_settled && reading->before.is_running)
			return fail_running(&reading->before);
		r = look_once(reading, look, data, &after);
		if ((r >= 0 && !is_settled) || !activity_differs(&reading->before, &after)) {
			log_release();
			return r;
		}
		log_discard();
		if (deadline_left_ms(deadline) == 0)
			return fail_running(&after);
		clock_sleep_ms(PAUSE_MS);
	}
}

int reading_settled(const struct sysfs *sysfs, unsigned int patience_s, int (*look)(void *data),
		    void *data)
{
	_cleanup_reading_ struct reading reading = { .sysfs = sysfs };

	return read_bus(&reading, true, patience_s, look, data);
}

int reading_begin(struct reading *reading, const struct sysfs *sysfs, int (*look)(void *data),
		  void *data)
{
	reading->sysfs = sysfs;
	return read_bus(reading, false, READING_PATIENCE_S, look, data);
}

struct json_object *reading_end(struct reading *reading)
{
	_cleanup_activity_ struct activity after = { 0 };
	_cleanup_free_ char *who = NULL;
	int r = activity_read(reading->sysfs, &after);

	if (r < 0) {
		warn(NULL, "cannot tell whether another fslmc-vfio is running: %s", error_text(r));
		return NULL;
	}
	if (!activity_differs(&reading->before, &after))
		return NULL;
	who = activity_describe(&after);
	warn(NULL, "what is shown is halfway: a change was in progress: %s", who);
	json_object_object_del(after.run, "clock");
	return json_object_get(after.run);
}
