/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only writer to stderr. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"

#define PROGRESS_AFTER_MS 1000
#define KERNEL_ENOTSUPP 524 /* include/linux/errno.h */

static struct log_line *lines;
static size_t n_lines;
static size_t n_shown; /* of them */
static bool quiet, is_held, is_forgetful, has_progress;
static int64_t progress_from; /* clock_now_ms() when it was first to be shown; 0: not yet */

static struct log_line *keep(enum log_level level, int error, const char *object, const char *text)
{
	struct log_line *line;

	lines = xrealloc(lines, n_lines + 1, sizeof(*lines));
	line = &lines[n_lines++];
	*line = (struct log_line){
		.level = level,
		.error = error,
		.object = object ? str_escape(object) : NULL,
		.text = str_escape(text),
	};
	return line;
}

bool log_shows_progress(void)
{
	const char *terminal = getenv("TERM");

	return !quiet && isatty(STDERR_FILENO) && terminal && !streq(terminal, "dumb");
}

static void erase_progress(void)
{
	if (has_progress)
		fputs("\r\033[K", stderr);
	has_progress = false;
}

void log_progress(const char *format, ...)
{
	_cleanup_free_ char *raw = NULL, *text = NULL;
	va_list args;

	if (!progress_from)
		progress_from = clock_now_ms();
	if (clock_now_ms() - progress_from < PROGRESS_AFTER_MS || !log_shows_progress())
		return;
	va_start(args, format);
	if (vasprintf(&raw, format, args) < 0)
		abort();
	va_end(args);
	text = str_escape(raw);
	erase_progress();
	fputs(text, stderr);
	fflush(stderr);
	has_progress = true;
}

void log_progress_end(void)
{
	erase_progress();
	progress_from = 0;
}

void log_said(int r, const char *text) { keep(LOG_LEVEL_ERROR, -r, NULL, text); }

static void show_log(const struct log_line *line)
{
	static const char *const prefixes[] = {
		[LOG_LEVEL_ERROR] = "",
		[LOG_LEVEL_WARNING] = "warning: ",
		[LOG_LEVEL_NOTE] = "",
	};

	if (line->level == LOG_LEVEL_NOTE && quiet)
		return;
	erase_progress();
	fprintf(stderr, "fslmc-vfio: %s%s%s%s\n", line->object ? line->object : "",
		line->object ? ": " : "", prefixes[line->level], line->text);
}

static void drop_lines(size_t n_left)
{
	while (n_lines > n_left) {
		free(lines[--n_lines].object);
		free(lines[n_lines].text);
	}
}

void log_hold(void)
{
	is_held = true;
	n_shown = n_lines;
}

void log_release(void)
{
	is_held = false;
	while (n_shown < n_lines)
		show_log(&lines[n_shown++]);
}

void log_discard(void)
{
	is_held = false;
	drop_lines(n_shown);
}

void log_forget(void) { is_forgetful = true; }

static _printf_(4, 0) void say(enum log_level level, int error, const char *object,
			       const char *format, va_list args)
{
	_cleanup_free_ char *raw = NULL;
	const struct log_line *line;

	if (vasprintf(&raw, format, args) < 0)
		abort();
	line = keep(level, error, object, raw);
	if (!is_held)
		show_log(line);
	if (is_forgetful)
		drop_lines(0);
}

int fail_code(int r, const char *object, const char *code, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	fail(r, object, "%s: %s", code, text);
	/* Where lines are not kept there is none to add the code to. */
	if (!is_forgetful)
		lines[n_lines - 1].code = code;
	return r;
}

int fail(int r, const char *object, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(LOG_LEVEL_ERROR, -r, object, format, args);
	va_end(args);
	return r;
}

void warn(const char *object, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(LOG_LEVEL_WARNING, 0, object, format, args);
	va_end(args);
}

void note(const char *object, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(LOG_LEVEL_NOTE, 0, object, format, args);
	va_end(args);
}

void log_quiet(void) { quiet = true; }

const struct log_line *log_lines(size_t *ret_n_lines)
{
	*ret_n_lines = n_lines;
	return lines;
}

const char *error_name(int error)
{
	static char number[32];

	if (error > ERROR_BASE)
		error -= ERROR_BASE;
	if (error == KERNEL_ENOTSUPP)
		return "ENOTSUPP";
#ifdef HAVE_STRERRORNAME_NP
	if (strerrorname_np(error))
		return strerrorname_np(error);
#endif
	snprintf(number, sizeof(number), "errno %d", error);
	return number;
}

const char *error_text(int r)
{
	static char text[128];
	const int error = -r > ERROR_BASE ? -r - ERROR_BASE : -r;

	snprintf(text, sizeof(text), "%s (%s)",
		 error == KERNEL_ENOTSUPP ? "Operation not supported" : strerror(error),
		 error_name(error));
	return text;
}
