/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Usage errors. */
#include <argp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "report/render.h"
#include "verbs/usage.h"

static bool wants_json, parsing;

/* getopt speaks for itself, and keeps what it said to itself. */
static void say_something(void)
{
	size_t n_lines;

	log_lines(&n_lines);
	if (!n_lines)
		log_said(-ERROR_USAGE, "invalid arguments, see standard error");
}

static void at_exit(void)
{
	if (!parsing || !wants_json)
		return;
	parsing = false;
	say_something();
	render_failure(&(struct render_style){ .json = true }, -ERROR_USAGE);
	if (ferror(stdout))
		_exit(STATUS_USAGE);
}

/* Behind a letter that takes a value, the rest of the word is that: -oOBJECTS. */
static bool has_letter(const char *word)
{
	return word[0] == '-' && word[1] != '-' && memchr(word + 1, 'J', strcspn(word + 1, "ou"));
}

void usage_begin(int argc, char **argv)
{
	for (int i = 1; i < argc && !streq(argv[i], "--"); i++)
		if (streq(argv[i], "--json") || has_letter(argv[i]))
			wants_json = true;
	atexit(at_exit);
}

bool usage_wants_json(void) { return wants_json; }

void usage_parsing(bool is_parsing) { parsing = is_parsing; }

static void fail_and_exit(const char *command, const char *text)
{
	fail(-ERROR_USAGE, NULL, "%s", text);
	fprintf(stderr, "Try '%s --help' for more information.\n", command);
	exit(STATUS_USAGE);
}

void usage_error(const struct argp_state *state, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	fail_and_exit(state->name, text);
}

void usage_unknown_verb(const char *verb, const char *meant)
{
	_cleanup_free_ char *text = xasprintf("unknown verb '%.64s'%s", verb, meant);

	parsing = true;
	fail_and_exit("fslmc-vfio", text);
}

void usage_unknown_option(const char *command, const char *option, const char *meant)
{
	_cleanup_free_ char *text = xasprintf("unrecognized option '%.64s'%s", option, meant);

	fail_and_exit(command, text);
}

unsigned int usage_number(const struct argp_state *state, const char *option, const char *text,
			  unsigned int least, unsigned int most)
{
	unsigned int number = 0;

	if (!str_number(text, most, &number) || number < least)
		usage_error(state, "--%s takes a whole number from %u to %u, not '%.64s'", option,
			    least, most, text);
	return number;
}
