/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Usage errors: said by argp, by getopt or by us, after which the program exits; and for those who
 * asked for JSON also as the document that every failure gives.
 */
#ifndef VERBS_USAGE_H
#define VERBS_USAGE_H

#include <stdbool.h>

#include <argp.h>

#include "base/util.h"

/* As argp itself takes the end of a table: a heading has neither name nor key. */
static inline bool usage_is_end(const struct argp_option *option)
{
	return !option || (!option->name && !option->key && !option->doc);
}

/* First in main(): looks for --json among all arguments, as no parser gets to those behind an
 * error. */
void usage_begin(int argc, char **argv);
bool usage_wants_json(void);

/* Around a parser, which exits when the arguments are wrong; and when it exits for another reason.
 */
void usage_parsing(bool is_parsing);

/* As argp_error(), which writes to the terminal whatever was typed; this does not return either. */
void usage_error(const struct argp_state *state, const char *format, ...) _printf_(2, 3);

/* The same of a verb that there is not, outside a parser; meant is from nearest.h. */
void usage_unknown_verb(const char *verb, const char *meant);

/* The same of an option that there is not; command is argv[0] of its parser, meant from nearest.h.
 */
void usage_unknown_option(const char *command, const char *option, const char *meant);

/* The value of an option that takes a whole number, or that usage error. */
unsigned int usage_number(const struct argp_state *state, const char *option, const char *text,
			  unsigned int least, unsigned int most);

#endif
