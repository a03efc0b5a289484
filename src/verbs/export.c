/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio export: configuration for a program that is to use a DPRC. */
#include <stdio.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "export/export.h"
#include "model/dprc.h"
#include "report/view_export.h"
#include "settings/directory.h"
#include "verbs/command.h"
#include "verbs/facts.h"
#include "verbs/label.h"
#include "verbs/usage.h"

enum { KEY_FOR = 0x600 };

struct export_command {
	struct common *common;
	const char *name;
	const struct export_format *format;
};

static error_t parse_export(int key, char *arg, struct argp_state *state)
{
	struct export_command *command = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = command->common;
		return 0;
	case KEY_FOR:
		command->format = export_find_format(arg);
		if (!command->format)
			usage_error(state, "unknown export format '%.64s'", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (command->name)
			usage_error(state, "more than one DPRC");
		command->name = arg;
		return 0;
	case ARGP_KEY_END:
		if (!command->name)
			usage_error(state, "no DPRC given");
		if (!command->format)
			usage_error(state, "--for is missing");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_help(FILE *stream)
{
	fputs("FORMAT is one of\n", stream);
	for (size_t i = 0; i < n_export_formats; i++)
		fprintf(stream, "  %-12s %s\n", export_formats[i].consumer, export_formats[i].help);
}

static const struct argp_option options[] = {
	{ "for", KEY_FOR, "FORMAT", 0, "output format (required), see below", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse_export,
	.args_doc = "DPRC",
	.doc = "Print configuration for a program that is to use a DPRC. Refused unless the DPRC "
	       "and "
	       "all its objects are bound to vfio-fsl-mc.",
	.children = plain_children,
};

static int show_export(const struct export_command *command, const struct export_subject *subject)
{
	_cleanup_free_ char *text = export_text(command->format, subject);
	_cleanup_(selection_done) struct selection selection = { 0 };
	struct render *render;

	if (!text)
		return fail(-ERROR_FAILED, NULL, "out of memory");
	if (!command->common->style.json) {
		fputs(text, stdout);
		return fflush(stdout) == EOF ? fail(-ERROR_FAILED, NULL, "cannot write the output")
					     : 0;
	}
	selection_all(export_columns, n_export_columns, 0, &selection);
	render = render_begin(&command->common->style);
	render_fields(render, "export", &selection,
		      view_export(&subject->dprc->object->name, command->format->consumer, text));
	return render_end(render, 0);
}

/* Whether there is one, and so a unit, and not more. */
static int find_definition(const struct bus *bus, const struct dprc *dprc,
			   struct definitions *definitions, const char **ret_name)
{
	const char *name = NULL;
	size_t n_bad, n_found = 0;
	int r = settings_load_all(bus->sysfs, definitions, &n_bad);

	for (size_t i = 0; i < definitions->n_definitions && r >= 0; i++)
		if (definition_is_about(&definitions->definitions[i], bus, dprc) > 0) {
			name = definitions->definitions[i].name;
			n_found++;
		}
	if (r >= 0 && n_found == 1)
		*ret_name = name;
	return r;
}

static int run_export(const struct command *verb, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_bus_ struct bus *bus = NULL;
	struct export_command command = { .common = common };
	_cleanup_definitions_ struct definitions definitions = { 0 };
	struct export_subject subject = { 0 };
	struct dprc *dprc;
	int r;

	command_parse(verb, argc, argv, &command);
	r = command_load_bus(common, &sysfs, &bus);
	if (r >= 0)
		r = label_find_dprc(bus, command.name, &dprc);
	if (r < 0)
		return r;
	facts_load_mc(bus, MC_OBJECTS);
	subject.bus = bus;
	subject.dprc = dprc;
	vfio_nodes_load(bus, dprc, &subject.nodes);
	r = export_check(command.format, &subject);
	if (r >= 0 && command.format->wants_definition)
		r = find_definition(bus, dprc, &definitions, &subject.definition);
	if (r >= 0)
		r = show_export(&command, &subject);
	vfio_nodes_done(&subject.nodes);
	return r;
}

const struct command command_export = {
	"export",
	"print configuration for DPDK, VPP, QEMU, containers or udev",
	&argp,
	run_export,
	.refuses_root = true,
	.print_help = print_help
};
