/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio undefine: no more wants of a DPRC; it stays as it is. */
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "settings/directory.h"
#include "verbs/defining.h"

struct undefine {
	struct common *common;
	struct table_options table;
	struct names names;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct undefine *undefine = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = undefine->common;
		state->child_inputs[2] = &undefine->table;
		return 0;
	case ARGP_KEY_ARG:
		names_add(&undefine->names, arg);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no definition given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ &table_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.parser = parse,
	.args_doc = "DEFINITION...",
	.doc = "Remove definitions from " SETTINGS_PATH ". The DPRCs stay as they are.",
	.children = children,
};

static int remove_all(const struct undefine *undefine, const struct sysfs *sysfs)
{
	_cleanup_free_ struct defining_result *results =
		xcalloc(undefine->names.n_texts, sizeof(*results));

	for (size_t i = 0; i < undefine->names.n_texts; i++) {
		int r = settings_remove(sysfs, undefine->names.texts[i]);

		if (r < 0)
			return r;
		results[i] = (struct defining_result){ undefine->names.texts[i], r > 0 };
	}
	return defining_show(undefine->common, &undefine->table, results, undefine->names.n_texts);
}

static int run(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	struct undefine undefine = { .common = common, .table.style = &common->style };
	int r;

	command_parse(command->argp, 0, argc, argv, &undefine);
	if (common->sysroot)
		r = fail(-ERROR_USAGE, NULL, "a machine given by --sysroot is never written to");
	else
		r = sysfs_open(NULL, &sysfs);
	if (r >= 0)
		r = remove_all(&undefine, &sysfs);
	names_done(&undefine.names);
	return r;
}

const struct command command_undefine = { "undefine", "want it no more", &argp, run,
					  defining_tables };
