/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio: assigns DPAA2 resource containers (DPRCs) to VFIO and releases them. */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/nearest.h"
#include "base/util.h"
#include "report/render.h"
#include "verbs/command.h"
#include "verbs/usage.h"

extern const struct command command_apply, command_bind, command_capture, command_check,
	command_complete, command_create, command_define, command_destroy, command_doctor,
	command_export, command_list, command_monitor, command_probe, command_rebind,
	command_recover, command_show, command_status, command_undefine, command_unbind,
	command_wait;

static const struct command *const verbs[] = {
	&command_list,	  &command_show,     &command_check,
	&command_create,  &command_bind,     &command_unbind,
	&command_rebind,  &command_destroy,  &command_probe,
	&command_export,  &command_define,   &command_undefine,
	&command_apply,	  &command_status,   &command_recover,
	&command_doctor,  &command_monitor,  &command_wait,
	&command_capture, &command_complete, NULL,
};

/* --help shows verbs and exit statuses from their tables. */
static char *help_filter(int key, const char *text, void *input _unused_)
{
	char *help = NULL;
	size_t size;
	FILE *stream;

	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	stream = open_memstream(&help, &size);
	if (!stream)
		return (char *)text;
	fputs("Verbs:\n", stream);
	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->summary)
			fprintf(stream, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\nExit status:\n", stream);
	for (size_t i = 0; i < n_exit_promises; i++)
		fprintf(stream, "  %d  %s\n", exit_promises[i].status, exit_promises[i].promise);
	fputs("\n'fslmc-vfio VERB --help' explains a verb.", stream);
	fclose(stream);
	return help;
}

struct arguments {
	struct common common;
	int verb; /* where in argv */
};

static error_t parse_main(int key, char *arg _unused_, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = &arguments->common;
		return 0;
	case ARGP_KEY_ARG:
		/* The rest is the verb's own. */
		arguments->verb = state->next - 1;
		state->next = state->argc;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.parser = parse_main,
	.args_doc = "VERB [DPRC...]",
	.doc = "Assign DPAA2 resource containers (DPRCs) to VFIO and release them.\v ",
	.children = children,
	.help_filter = help_filter,
};

static enum exit_status status = STATUS_DONE;

/*
 * A full disk or a closed pipe must not look like success, whichever way the program ends; nor may
 * it hide what a verb said about the device.
 */
static void flush_stdout(void)
{
	if (fflush(stdout) != EOF && !ferror(stdout))
		return;
	if (status)
		_exit((int)status);
	fputs("fslmc-vfio: cannot write the output\n", stderr);
	_exit(STATUS_FAILED);
}

/*
 * Were one of them closed, the next file opened would be taken for it, and be written to.  Returns
 * the first descriptor that is free.
 */
static int occupy_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/", O_RDONLY); /* a chroot may have no /dev/null */
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
	return fd;
}

#define DESCRIPTORS_NEEDED 256 /* beyond those that are open; a helper has most of them */

/* Without them, what cannot be opened would look as if it were not there. */
static int raise_descriptor_limit(int first_free)
{
	const rlim_t needed = (rlim_t)(first_free < 0 ? 0 : first_free) + DESCRIPTORS_NEEDED;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || (first_free >= 0 && limit.rlim_cur >= needed))
		return 0;
	limit.rlim_cur = needed;
	if (first_free >= 0 && limit.rlim_max >= needed && setrlimit(RLIMIT_NOFILE, &limit) == 0)
		return 0;
	return fail(-ERROR_FAILED, NULL,
		    "%ju open files are permitted, %ju needed; raise the limit with 'ulimit -n'",
		    (uintmax_t)limit.rlim_max, (uintmax_t)needed);
}

/* Ends the program. */
static void refuse_verb(const char *text)
{
	struct nearest nearest = { .text = text };
	_cleanup_free_ char *meant = NULL;

	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->summary)
			nearest_offer(&nearest, commands[i]->name);
	meant = nearest_ask(&nearest);
	usage_unknown_verb(text, meant);
}

/* "help" is --help, "help VERB" is VERB --help, and nothing at all is list. */
static void say_it_as_usual(struct arguments *arguments, int *argc, char ***argv)
{
	static char *usual[3]; /* as long as the program runs */

	if (!arguments->verb) {
		usual[0] = xstrdup("list");
		*argc = 1;
		*argv = usual;
		return;
	}
	*argc -= arguments->verb;
	*argv += arguments->verb;
	if (!streq((*argv)[0], "help"))
		return;
	usual[1] = xstrdup("--help");
	if (*argc == 1) {
		usual[0] = xstrdup("fslmc-vfio");
		command_parse_options(&argp, ARGP_IN_ORDER, 2, usual, arguments);
	}
	usual[0] = (*argv)[1];
	*argc = 2;
	*argv = usual;
}

int main(int argc, char **argv)
{
	struct arguments arguments = { 0 };
	const struct command *command;
	int first_free, r;

	commands = verbs;
	/* Members of a record are few, and their keys are ours. */
	json_global_set_string_hash(JSON_C_STR_HASH_PERLLIKE);
	first_free = occupy_standard_descriptors();
	/* A file that may not grow is a write error like a full disk. */
	signal(SIGXFSZ, SIG_IGN);
	/* Ignored, as it is after some that start programs, it lets no child's end be known. */
	signal(SIGCHLD, SIG_DFL);
	atexit(flush_stdout);
	usage_begin(argc, argv);
	argv[0] = xstrdup("fslmc-vfio");
	command_parse_options(&argp, ARGP_IN_ORDER, argc, argv, &arguments);
	say_it_as_usual(&arguments, &argc, &argv);
	command = command_find(argv[0]);
	if (!command)
		refuse_verb(argv[0]);
	argv[0] = xasprintf("fslmc-vfio %s", command->name);
	r = raise_descriptor_limit(first_free);
	if (r < 0)
		arguments.common.style.json = usage_wants_json();
	else
		r = command->run(command, &arguments.common, argc, argv);
	if (r < 0)
		render_failure(&arguments.common.style, r);
	status = exit_promise_of(r)->status;
	return (int)status;
}
