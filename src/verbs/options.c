/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parsing by argp, minus what argp does that a script or a careful user would not want. */
#include <stdio.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/nearest.h"
#include "base/util.h"
#include "verbs/command.h"
#include "verbs/usage.h"

enum { KEY_SYSROOT = 0x100, KEY_USAGE, KEY_COLOR };

static error_t parse_help(int key, char *arg _unused_, struct argp_state *state)
{
	switch (key) {
	case 'h':
		usage_parsing(false);
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		break;
	case KEY_USAGE:
		usage_parsing(false);
		argp_state_help(state, stdout, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
		break;
	case 'V':
		usage_parsing(false);
		puts(PACKAGE_STRING);
		exit(EXIT_SUCCESS);
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option help_options[] = {
	{ "help", 'h', NULL, 0, "display this help", -1 },
	{ "usage", KEY_USAGE, NULL, 0, "display a short usage message", -1 },
	{ "version", 'V', NULL, 0, "display version", -1 },
	{ 0 },
};

const struct argp help_argp = { .options = help_options, .parser = parse_help };

static enum render_when parse_when(const char *text, const struct argp_state *state)
{
	for (enum render_when when = RENDER_AUTO; render_when_names[when]; when++)
		if (streq(text, render_when_names[when]))
			return when;
	usage_error(state, "--color takes auto, never or always, not '%.64s'", text);
	return RENDER_AUTO;
}

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;

	switch (key) {
	case 'J':
		common->style.json = true;
		break;
	case KEY_COLOR:
		common->style.color = parse_when(arg, state);
		break;
	case KEY_SYSROOT:
		common->sysroot = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option common_options[] = {
	{ "color", KEY_COLOR, "WHEN", 0, "color output: auto (default), never or always", 1 },
	{ "json", 'J', NULL, 0, "use JSON output format", 1 },
	{ "sysroot", KEY_SYSROOT, "DIR|FILE", 0,
	  "use DIR, or FILE that capture wrote, as system root (read-only)", 1 },
	{ 0 },
};

const struct argp common_argp = { .options = common_options, .parser = parse_common };

static error_t parse_table(int key, char *arg, struct argp_state *state)
{
	struct table_options *options = state->input;

	switch (key) {
	case 'n':
		options->style->no_headings = true;
		break;
	case 'r':
		options->style->raw = true;
		break;
	case 'o':
		options->output = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option table_options[] = {
	{ "noheadings", 'n', NULL, 0, "don't print headings", 2 },
	{ "raw", 'r', NULL, 0, "use raw output format", 2 },
	{ "output", 'o', "LIST", 0, "output columns, or all; +LIST appends to the default", 2 },
	{ 0 },
};

const struct argp table_argp = { .options = table_options, .parser = parse_table };

const struct argp_child plain_children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

const struct argp_child table_children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ &table_argp, 0, NULL, 0 },
	{ 0 },
};

bool table_is_for_scripts(const struct table_options *table)
{
	return table->style->json || table->output || table->style->no_headings ||
	       table->style->raw;
}

const struct argp_option *command_find_option(const struct argp *argp, const char *name, size_t n,
					      int key)
{
	for (const struct argp_option *option = argp->options; !usage_is_end(option); option++)
		if (name ? option->name && strlen(option->name) == n &&
				    !strncmp(option->name, name, n)
			 : option->key == key)
			return option;
	for (const struct argp_child *child = argp->children; child && child->argp; child++) {
		const struct argp_option *option = command_find_option(child->argp, name, n, key);

		if (option)
			return option;
	}
	return NULL;
}

static void offer_options(const struct argp *argp, struct nearest *nearest)
{
	for (const struct argp_option *option = argp->options; !usage_is_end(option); option++)
		if (option->name)
			nearest_offer(nearest, option->name);
	for (const struct argp_child *child = argp->children; child && child->argp; child++)
		offer_options(child->argp, nearest);
}

/* Ends the program. */
static void refuse_option(const struct argp *argp, const char *command, const char *text)
{
	_cleanup_free_ char *name = NULL, *meant = xstrdup("");

	if (strncmp(text, "--", 2) == 0) {
		struct nearest nearest = { 0 };

		name = xasprintf("%.*s", (int)strcspn(text + 2, "="), text + 2);
		nearest.text = name;
		offer_options(argp, &nearest);
		free(meant);
		meant = nearest.word ? xasprintf("; did you mean '--%s'?", nearest.word)
				     : xstrdup("");
	}
	usage_unknown_option(command, text, meant);
}

/*
 * Whether the option at text, or the last of several letters, takes the next word as its value.
 * Refuses what is none: getopt would write it to the terminal as it is.
 */
static bool takes_next_word(const struct argp *argp, const char *command, const char *text)
{
	const bool is_long = strncmp(text, "--", 2) == 0;
	const char *letter = text + 1;
	const struct argp_option *option;

	do {
		option = is_long ? command_find_option(argp, text + 2, strcspn(text + 2, "="), 0)
				 : command_find_option(argp, NULL, 0, *letter);
		if (!option)
			refuse_option(argp, command, text);
		if (is_long || option->arg)
			return option->arg && (is_long ? !strchr(text, '=') : !letter[1]);
	} while (*++letter);
	return false;
}

/*
 * getopt_long() takes any unambiguous beginning of a long option.  A script that leans on one
 * breaks when the next option is added.
 */
static void refuse_abbreviations(const struct argp *argp, unsigned int flags, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *text = argv[i];

		if (*text != '-' || !text[1]) {
			if (flags & ARGP_IN_ORDER)
				return;
			continue;
		}
		if (takes_next_word(argp, argv[0], text))
			i++;
	}
}

void command_parse_options(const struct argp *argp, unsigned int flags, int argc, char **argv,
			   void *input)
{
	usage_parsing(true);
	refuse_abbreviations(argp, flags, argc, argv);
	argp_err_exit_status = STATUS_USAGE;
	if (argp_parse(argp, argc, argv, flags | ARGP_NO_HELP, NULL, input))
		exit(STATUS_USAGE);
	usage_parsing(false);
}

/* argp hands a filter no more than the verb's own input. */
static const struct command *parsed;

static char *add_end(int key, const char *text, void *input _unused_)
{
	const char *end = strchr(parsed->argp->doc, '\v');

	return key == ARGP_KEY_HELP_POST_DOC ? command_help_end(parsed, end ? end + 1 : "")
					     : (char *)text;
}

void command_parse(const struct command *command, int argc, char **argv, void *input)
{
	_cleanup_free_ char *doc = NULL;
	struct argp argp = *command->argp;

	parsed = command;
	if (command->tables || command->print_help) {
		argp.help_filter = add_end;
		/* It is not asked where nothing follows the options. */
		if (!strchr(argp.doc, '\v'))
			argp.doc = doc = xasprintf("%s\v ", argp.doc);
	}
	command_parse_options(&argp, 0, argc, argv, input);
}
