/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which run is changing the bus. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/clock.h"
#include "base/signals.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "transaction/activity.h"
#include "transaction/rundir.h"

#define FILE_NAME "activity"
#define FILE_NEW FILE_NAME ".new"
#define FILE_MAX_SIZE (64 * 1024)
#define POLL_MS 20

void activity_done(struct activity *activity)
{
	json_object_put(activity->run);
	*activity = (struct activity){ 0 };
}

static struct json_object *make_run(const char *verb, const struct strings *names)
{
	struct json_object *run = json_object_new_object(), *dprcs = json_object_new_array();
	char since[sizeof("2026-01-31T12:00:00Z")] = "";
	const time_t now = time(NULL);
	struct tm tm;

	if (gmtime_r(&now, &tm))
		strftime(since, sizeof(since), "%Y-%m-%dT%H:%M:%SZ", &tm);
	for (size_t i = 0; names && i < names->n_texts; i++)
		json_object_array_add(dprcs, json_object_new_string(names->texts[i]));
	json_object_object_add(run, "pid", json_object_new_int64(getpid()));
	json_object_object_add(run, "verb", json_object_new_string(verb));
	json_object_object_add(run, "dprcs", dprcs);
	json_object_object_add(run, "since", json_object_new_string(since));
	/* Two runs within a second, of a process number that came around, differ all the same. */
	json_object_object_add(run, "clock", json_object_new_int64(clock_now_us()));
	return run;
}

/* Locked before anybody else can open it. */
static int write_new(int fd, struct json_object *run)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const char *text = json_object_to_json_string(run);
	int n;

	if (fcntl(fd, F_OFD_SETLK, &lock) < 0)
		return -errno;
	n = dprintf(fd, "%s\n", text);
	if (n != (int)strlen(text) + 1)
		return n < 0 ? -errno : -EIO;
	return fchmod(fd, 0644) < 0 ? -errno : 0;
}

int activity_publish(struct rundir *rundir, const char *verb, const struct strings *names)
{
	_cleanup_close_ int fd = -1;
	struct json_object *run;
	int r;

	if (unlinkat(rundir->fd, FILE_NEW, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(rundir->fd, FILE_NEW, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	run = make_run(verb, names);
	r = write_new(fd, run);
	json_object_put(run);
	if (r >= 0 && renameat(rundir->fd, FILE_NEW, rundir->fd, FILE_NAME) < 0)
		r = -errno;
	if (r < 0)
		return r;
	close_pointer(&rundir->activity);
	rundir->activity = take_fd(&fd);
	return 0;
}

static int read_run(int fd, struct json_object **ret_run)
{
	_cleanup_free_ char *text = NULL;
	struct json_object *run;
	struct stat status;
	ssize_t n;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_size > FILE_MAX_SIZE)
		return -EBADMSG;
	text = xcalloc((size_t)status.st_size + 1, 1);
	n = read(fd, text, (size_t)status.st_size);
	if (n < 0)
		return -errno;
	run = json_tokener_parse(text);
	if (!json_object_is_type(run, json_type_object)) {
		json_object_put(run);
		return -EBADMSG;
	}
	*ret_run = run;
	return 0;
}

/* No directory, or one of an earlier version that lets nobody in: none has run since boot. */
int activity_read(const struct sysfs *sysfs, struct activity *ret_activity)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	_cleanup_activity_ struct activity activity = { 0 };
	_cleanup_close_ int dir = -1;
	_cleanup_close_ int fd = -1;
	int r;

	dir = sysfs->is_live ? rundir_open_public(sysfs) : -ENOENT;
	if (dir >= 0)
		fd = openat(dir, FILE_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	r = dir < 0 ? dir : fd < 0 ? -errno : 0;
	if (r == -ENOENT || r == -EACCES || r == -EPERM) {
		*ret_activity = activity;
		return 0;
	}
	if (r >= 0)
		r = read_run(fd, &activity.run);
	if (r >= 0 && fcntl(fd, F_OFD_GETLK, &lock) < 0)
		r = -errno;
	if (r < 0)
		return r;
	activity.is_running = lock.l_type != F_UNLCK;
	*ret_activity = activity;
	activity = (struct activity){ 0 };
	return 0;
}

int activity_await_end(const struct sysfs *sysfs, int64_t deadline, struct activity *ret_activity)
{
	int r = activity_read(sysfs, ret_activity);

	while (r >= 0 && ret_activity->is_running && deadline_left_ms(deadline) != 0 &&
	       !signals_pending()) {
		activity_done(ret_activity);
		clock_sleep_ms(POLL_MS);
		r = activity_read(sysfs, ret_activity);
	}
	return r;
}

bool activity_differs(const struct activity *before, const struct activity *after)
{
	return before->is_running || after->is_running ||
	       !json_object_equal(before->run, after->run);
}

static const char *text_of(struct json_object *run, const char *key)
{
	const char *text = json_object_get_string(json_object_object_get(run, key));

	return text ? text : "";
}

/* "" of a run that has not found out yet; else " of dprc.2 dprc.3". */
static char *dprcs_of(struct json_object *run)
{
	struct json_object *dprcs = json_object_object_get(run, "dprcs");
	const bool is_array = json_object_is_type(dprcs, json_type_array);
	const size_t n = is_array ? json_object_array_length(dprcs) : 0;
	char *text = xstrdup("");

	for (size_t i = 0; i < n; i++) {
		const char *dprc = json_object_get_string(json_object_array_get_idx(dprcs, i));
		char *longer = xasprintf("%s%s%s", text, i ? " " : " of ", dprc ? dprc : "?");

		free(text);
		text = longer;
	}
	return text;
}

char *activity_describe(const struct activity *activity)
{
	_cleanup_free_ char *dprcs = NULL;

	if (!activity->run)
		return NULL;
	dprcs = dprcs_of(activity->run);
	return xasprintf("%s%s, PID %s, since %s", text_of(activity->run, "verb"), dprcs,
			 text_of(activity->run, "pid"), text_of(activity->run, "since"));
}
