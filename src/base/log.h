/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only writer to stderr: one line a reason, "fslmc-vfio: OBJECT: what failed: why; what to do".
 * Untrusted text is escaped here.  Lines are kept, so that JSON output can also contain them.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/util.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_NOTE };

struct log_line {
	enum log_level level;
	int error;	  /* positive errno; 0 for warnings and notes */
	const char *code; /* of the reason why something is refused; NULL: none */
	char *object;	  /* NULL: about no object */
	char *text;
};

/* Reports an error about object (may be NULL) and returns r, a negative errno, for the caller to
 * return. */
int fail(int r, const char *object, const char *format, ...) _printf_(3, 4);

/* The same, but reports it only if speak. */
#define fail_aloud(speak, r, ...) ((speak) ? fail(r, __VA_ARGS__) : (r))

/* The same of a refusal, whose reason has a stable code, a constant; the line begins with it. */
int fail_code(int r, const char *object, const char *code, const char *format, ...) _printf_(4, 5);

/* An error that has been shown already, by a library. */
void log_said(int r, const char *text);

/* Something the user should know, though the command goes on. */
void warn(const char *object, const char *format, ...) _printf_(2, 3);

/* Progress for a person; kept quiet by log_quiet(). */
void note(const char *object, const char *format, ...) _printf_(2, 3);

void log_quiet(void);

/*
 * How far it is, for who waits at a terminal: shown once the work has taken a second, in one line
 * that the next of any kind, or log_progress_end(), takes away.  Not kept.
 */
bool log_shows_progress(void); /* else it need not be found out */
void log_progress(const char *format, ...) _printf_(1, 2);
void log_progress_end(void);

/*
 * From here on lines are only kept, until log_release() shows them, or log_discard() forgets them:
 * what was said of something that turned out to be not so.
 */
void log_hold(void);
void log_release(void);
void log_discard(void);

/* Stops keeping lines, for a verb that writes no document at its end and may run for months. */
void log_forget(void);

/* What was said so far, oldest first. */
const struct log_line *log_lines(size_t *ret_n_lines);

/* "Device or resource busy (EBUSY)"; also knows 524, the kernel's ENOTSUPP, which is in no errno.h.
 */
const char *error_text(int r);

/* "EBUSY"; "errno 524" style for numbers without a name. */
const char *error_name(int error);

#endif
