/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio undefine: removes definitions; the DPRCs stay as they are. */
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/strings.h"
#include "base/util.h"
#include "settings/directory.h"
#include "verbs/defining.h"
#include "verbs/usage.h"

struct undefine {
	struct common *common;
	struct table_options table;
	struct strings names;
	struct defining defining;
};

static error_t parse_undefine(int key, char *arg, struct argp_state *state)
{
	struct undefine *undefine = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = undefine->common;
		state->child_inputs[2] = &undefine->table;
		return 0;
	case ARGP_KEY_ARG:
		if (!strings_has(&undefine->names, definition_cut_suffix(arg)))
			strings_add(&undefine->names, arg);
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "no definition given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse_undefine,
	.args_doc = "DEFINITION...",
	.doc = "Remove definitions from " SETTINGS_PATH ". The DPRCs stay as they are.",
	.children = table_children,
};

static int check_names(const struct strings *names)
{
	int r = 0;

	for (size_t i = 0; i < names->n_texts && r >= 0; i++)
		r = settings_check_name(names->texts[i]);
	return r;
}

static int check_are_there(const struct strings *names, const struct sysfs *sysfs)
{
	int r = 0;

	for (size_t i = 0; i < names->n_texts; i++)
		if (settings_check_there(sysfs, names->texts[i]) < 0)
			r = -ERROR_NOT_FOUND;
	return r;
}

static int open_machine(struct sysfs *ret_sysfs)
{
	int r = sysfs_open(NULL, ret_sysfs);

	return r < 0 ? fail(-ERROR_NOT_FOUND, NULL, "/sys: %s", error_text(r)) : 0;
}

static int remove_all(struct undefine *undefine, const struct sysfs *sysfs)
{
	const struct strings *names = &undefine->names;
	_cleanup_free_ struct defining_result *results = xcalloc(names->n_texts, sizeof(*results));
	struct defining *defining = &undefine->defining;
	int r;

	defining->results = results;
	for (size_t i = 0; i < names->n_texts; i++)
		results[defining->n_results++] = (struct defining_result){ names->texts[i], true };
	/* All or none: from here on a signal comes too late. */
	signals_hold();
	r = defining_tell(undefine->common, defining);
	for (size_t i = 0; i < names->n_texts && r >= 0; i++) {
		r = settings_remove(sysfs, names->texts[i]);
		if (r < 0 && i > 0)
			r = fail(-ERROR_RESIDUE, NULL, "those before it were removed");
	}
	return r;
}

static int run_undefine(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	struct undefine undefine = { .common = common, .table.style = &common->style };
	int r;

	command_parse(command, argc, argv, &undefine);
	r = check_names(&undefine.names);
	if (r >= 0)
		r = defining_begin(&undefine.table, &undefine.defining);
	if (r >= 0)
		r = command_refuse_captured(common, NULL);
	if (r >= 0)
		r = open_machine(&sysfs);
	if (r >= 0)
		r = settings_check_writable(&sysfs);
	if (r >= 0)
		r = check_are_there(&undefine.names, &sysfs);
	if (r >= 0)
		r = remove_all(&undefine, &sysfs);
	selection_done(&undefine.defining.selection);
	strings_done(&undefine.names);
	return r;
}

const struct command command_undefine = { "undefine", "remove definitions", &argp, run_undefine,
					  defining_tables };
