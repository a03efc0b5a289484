/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fslmc-vfio __complete WORD...: what can stand in place of the last word; for the shells'
 * completions, which know nothing else.  All from the tables that the parser itself uses.  One
 * candidate a line, then a tab and what it means.
 */
#include <stdio.h>

#include "base/util.h"
#include "verbs/complete.h"
#include "verbs/usage.h"

struct line {
	char *const *words;
	size_t n_words;
	const struct command *verb; /* NULL: none yet */
	const struct argp *argp;    /* whose options can follow */
	const char *sysroot;
	size_t n_before;    /* words up to and with the verb */
	size_t n_arguments; /* words after it that are neither options nor values of these */
	bool is_help;	    /* "help": all that follows is one verb */
};

/* The option whose value is the word after this one; NULL: that stands for itself. */
static const struct argp_option *awaits_value(const struct argp *argp, const char *word)
{
	const struct argp_option *option = NULL;

	if (strncmp(word, "--", 2) == 0)
		option = strchr(word, '=')
				 ? NULL
				 : command_find_option(argp, word + 2, strlen(word + 2), 0);
	else if (*word == '-' && word[1])
		option = command_find_option(argp, NULL, 0, word[strlen(word) - 1]);
	return option && option->arg ? option : NULL;
}

/* Takes a verb, or "help" before it; false: nothing can follow. */
static bool read_verb(struct line *line, const char *word)
{
	if (!line->is_help && streq(word, "help")) {
		line->is_help = true;
		return true;
	}
	line->verb = command_find(word);
	if (line->is_help || !line->verb || !line->verb->summary)
		return false;
	line->argp = line->verb->argp;
	return true;
}

/* Reads the words before the last; false: nothing can follow, as after an unknown verb. */
static bool read_line(struct line *line)
{
	for (size_t i = 0; i + 1 < line->n_words; i++) {
		const char *word = line->words[i];
		const struct argp_option *option = awaits_value(line->argp, word);

		if (strncmp(word, "--sysroot=", strlen("--sysroot=")) == 0)
			line->sysroot = word + strlen("--sysroot=");
		if (option && i + 2 < line->n_words) {
			i++;
			if (option->name && streq(option->name, "sysroot"))
				line->sysroot = line->words[i];
		} else if (*word != '-' && line->verb) {
			line->n_arguments++;
		} else if (*word != '-') {
			if (!read_verb(line, word))
				return false;
			line->n_before = i + 1;
		}
	}
	return true;
}

/* One that takes a value, as --port, may be given again. */
static void offer_options(const struct completion *completion, const struct argp *argp)
{
	struct completion again = *completion;

	again.n_given = 0;
	for (const struct argp_option *option = argp->options; !usage_is_end(option); option++) {
		_cleanup_free_ char *text = xasprintf("--%s", option->name ? option->name : "");

		if (option->name)
			complete_offer(option->arg ? &again : completion, text, option->doc);
	}
	for (const struct argp_child *child = argp->children; child && child->argp; child++)
		offer_options(completion, child->argp);
}

static void offer_verbs(const struct completion *completion)
{
	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->summary)
			complete_offer(completion, commands[i]->name, commands[i]->summary);
}

/* --option=VALUE in one word. */
static void complete_value(const struct line *line, const char *last, const char *equals)
{
	const struct argp_option *option =
		command_find_option(line->argp, last + 2, (size_t)(equals - last - 2), 0);
	_cleanup_free_ char *prefix = xasprintf("%.*s", (int)(equals + 1 - last), last);
	const struct completion completion = {
		.prefix = prefix,
		.word = equals + 1,
		.sysroot = line->sysroot,
		.words = line->words,
		.n_words = line->n_words - 1,
		.without_root = line->verb && line->verb->refuses_root,
	};

	if (option && option->arg)
		complete_placeholder(&completion, line->verb, option->arg);
}

/* Of several forms of a command line the first has arguments; "..." ends those that can be many. */
static bool takes_many(const char *args_doc)
{
	const char *dots = strstr(args_doc, "...");

	return dots && dots < args_doc + strcspn(args_doc, "\n");
}

static void complete(const struct line *line)
{
	const char *last = line->words[line->n_words - 1], *equals = strchr(last, '=');
	const struct argp_option *option =
		line->n_words > 1 ? awaits_value(line->argp, line->words[line->n_words - 2]) : NULL;
	struct completion completion = {
		.prefix = "",
		.word = last,
		.sysroot = line->sysroot,
		.words = line->words,
		.n_words = line->n_words - 1,
		.without_root = line->verb && line->verb->refuses_root,
	};

	if (option) {
		complete_placeholder(&completion, line->verb, option->arg);
		return;
	}
	if (strncmp(last, "--", 2) == 0 && equals) {
		complete_value(line, last, equals);
		return;
	}
	completion.given = line->words + line->n_before;
	completion.n_given = line->n_words - 1 - line->n_before;
	if (*last == '-')
		offer_options(&completion, line->argp);
	else if (!line->verb)
		offer_verbs(&completion);
	else if (line->argp->args_doc && (!line->n_arguments || takes_many(line->argp->args_doc)))
		complete_placeholder(&completion, line->verb, line->argp->args_doc);
}

static int run_complete(const struct command *command, struct common *common _unused_, int argc,
			char **argv)
{
	struct line line = {
		.words = argv + 1,
		.n_words = (size_t)argc - 1,
		.argp = command->argp,
	};

	if (line.n_words && read_line(&line))
		complete(&line);
	return 0;
}

/* The options that can stand before a verb. */
static const struct argp argp = { .children = plain_children };

const struct command command_complete = { "__complete", NULL, &argp, run_complete };
