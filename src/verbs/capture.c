/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio capture: write all that the verbs read of this machine to a file for --sysroot. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "export/capture.h"
#include "kernel/archive.h"
#include "model/captured.h"
#include "model/dprc.h"
#include "report/view.h"
#include "transaction/lock.h"
#include "verbs/command.h"
#include "verbs/reading.h"
#include "verbs/usage.h"

#define NAME_SIZE 65 /* of a host (HOST_NAME_MAX, and a NUL) */

struct capture {
	struct common *common;
	char *file;
	const struct sysfs *sysfs;
	struct archive archive;
	struct strings unreadable;
	int mc_result;
};

static error_t capture_parse(int key, char *arg, struct argp_state *state)
{
	struct capture *capture = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = capture->common;
		return 0;
	case ARGP_KEY_ARG:
		if (capture->file)
			usage_error(state, "more than one file");
		if (!*arg)
			usage_error(state, "a file without a name");
		capture->file = xstrdup(arg);
		return 0;
	case ARGP_KEY_END:
		if (capture->file && streq(capture->file, "-") && capture->common->style.json)
			usage_error(state, "standard output is for one of --json and the capture");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = capture_parse,
	.args_doc = "[FILE]",
	.doc = "Write all that list, show, check, doctor, status, export and dry runs read of this "
	       "machine to FILE, so that they show the same anywhere with --sysroot=FILE. It is a "
	       "tar archive; see what it contains with tar -tvf FILE before it is passed on. '-' "
	       "is standard output.\v"
	       "Without FILE, it is fslmc-vfio-HOST-TIME.tar in the working directory. A file that "
	       "is there already is never overwritten.",
	.children = plain_children,
};

/* "fslmc-vfio-board-20260131-120000.tar" */
static char *default_file(void)
{
	const time_t now = time(NULL);
	char host[NAME_SIZE] = "", text[sizeof("YYYYmmdd-HHMMSS")] = "";
	struct tm tm;

	if (gethostname(host, sizeof(host) - 1) < 0 || !*host)
		strcpy(host, "host");
	for (char *c = host; *c; c++)
		if (*c == '/' || !str_visible_span((const char[]){ *c, '\0' }))
			*c = '_';
	if (gmtime_r(&now, &tm))
		strftime(text, sizeof(text), "%Y%m%d-%H%M%S", &tm);
	return xasprintf("fslmc-vfio-%s-%s.tar", host, text);
}

static void add_locks(const struct bus *bus, struct archive *archive)
{
	for (size_t i = 0; i < bus->n_dprcs; i++) {
		const struct dprc *dprc = &bus->dprcs[i];
		_cleanup_free_ char *path =
			xasprintf(CAPTURED_DIR "/locked/%s", name_text(&dprc->object->name).text);

		if (lock_is_on_record(bus->sysfs, dprc))
			archive_add_file(archive, path, "", 0);
	}
}

static int capture_look(void *data)
{
	struct capture *capture = data;
	_cleanup_bus_ struct bus *bus = NULL;
	int r = command_read_bus(capture->sysfs, &bus);

	if (r < 0)
		return r;
	archive_done(&capture->archive);
	strings_done(&capture->unreadable);
	archive_begin(&capture->archive);
	capture->mc_result = capture_machine(bus, &capture->archive, &capture->unreadable);
	add_locks(bus, &capture->archive);
	return archive_end(&capture->archive);
}

static int fail_file(const char *file, int r)
{
	return fail(r == -EEXIST		    ? -ERROR_REFUSED
		    : r == -EACCES || r == -EPERM   ? -ERROR_PERMISSION
		    : r == -ENOENT || r == -ENOTDIR ? -ERROR_NOT_FOUND
						    : -ERROR_FAILED,
		    NULL, "cannot write %s: %s", file, error_text(r));
}

static int write_all(int fd, const struct archive *archive)
{
	for (size_t at = 0; at < archive->n_bytes;) {
		const ssize_t n = write(fd, archive->bytes + at, archive->n_bytes - at);

		if (n <= 0 && errno != EINTR)
			return n < 0 ? -errno : -EIO;
		at += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Not every file system can rename without replacing; those have links. */
static int give_name(const char *temporary, const char *file)
{
	if (renameat2(AT_FDCWD, temporary, AT_FDCWD, file, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL)
		return -errno;
	return link(temporary, file) < 0 ? -errno : 0;
}

/* Under another name until it is complete, which nothing ends but the disk. */
static int write_file(const char *file, const struct archive *archive)
{
	_cleanup_free_ char *temporary = xasprintf("%s.%d.new", file, (int)getpid());
	_cleanup_close_ int fd = -1;
	int r;

	signals_hold();
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, archive);
	if (r >= 0 && fsync(fd) < 0)
		r = -errno;
	if (r >= 0)
		r = give_name(temporary, file);
	unlink(temporary);
	return r;
}

static int capture_store(struct capture *capture)
{
	struct render *render;
	int r;

	if (streq(capture->file, "-")) {
		r = write_all(STDOUT_FILENO, &capture->archive);
		return r < 0 ? fail_file("standard output", r) : 0;
	}
	r = write_file(capture->file, &capture->archive);
	if (r < 0)
		return fail_file(capture->file, r);
	render = render_begin(&capture->common->style);
	render_member(render, "capture_file", view_text(capture->file));
	render_line(render, 0, 0, capture->file);
	return render_end(render, 0);
}

static void say_what_is_missing(const struct capture *capture)
{
	if (capture->mc_result < 0)
		warn(NULL, "data of the MC is missing, all or part of it: %s",
		     error_text(capture->mc_result));
	for (size_t i = 0; i < capture->unreadable.n_texts; i++)
		warn(NULL, "/%s could not be read and is missing", capture->unreadable.texts[i]);
}

/* What would be refused in the end is refused before it takes time. */
static int capture_check(const struct capture *capture)
{
	if (!capture->common->sysroot && geteuid() != 0)
		return fail(-ERROR_PERMISSION, NULL, "only root can read all of a machine");
	if (streq(capture->file, "-") && isatty(STDOUT_FILENO))
		return fail(-ERROR_REFUSED, NULL,
			    "a capture is not for a terminal; redirect standard output");
	return access(capture->file, F_OK) == 0 ? fail_file(capture->file, -EEXIST) : 0;
}

static int capture_run(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	struct capture capture = { .common = common, .sysfs = &sysfs };
	int r;

	command_parse(command, argc, argv, &capture);
	if (!capture.file)
		capture.file = default_file();
	r = capture_check(&capture);
	if (r >= 0)
		r = command_open(common, &sysfs);
	if (r >= 0)
		r = reading_settled(&sysfs, READING_PATIENCE_S, capture_look, &capture);
	if (r >= 0) {
		say_what_is_missing(&capture);
		r = capture_store(&capture);
	}
	archive_done(&capture.archive);
	strings_done(&capture.unreadable);
	free(capture.file);
	return r;
}

const struct command command_capture = { "capture", "write this machine to a file for --sysroot",
					 &argp, capture_run };
