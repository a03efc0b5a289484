/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind, unbind, rebind and apply take on their command lines. */
#include "base/strings.h"
#include "base/util.h"
#include "report/view_change.h"
#include "verbs/changing.h"
#include "verbs/usage.h"
#include "verbs/waiting.h"

enum { KEY_DRY_RUN = 0x300 };

static error_t parse_changing_options(int key, char *arg, struct argp_state *state)
{
	struct changing *changing = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = changing->common;
		state->child_inputs[2] = &changing->table;
		state->child_inputs[3] = &changing->transaction;
		return 0;
	case ARGP_KEY_ARG:
		if (!strings_has(&changing->names, arg))
			strings_add(&changing->names, arg);
		return 0;
	case ARGP_KEY_NO_ARGS:
		if (!changing->verb->resolve)
			usage_error(state, "no DPRC given");
		return 0;
	case KEY_DRY_RUN:
		changing->dry_run = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "dry-run", KEY_DRY_RUN, NULL, 0, "print the sysfs writes, but do not perform them", 0 },
	{ 0 },
};

const struct argp changing_argp = { .options = options,
				    .parser = parse_changing_options,
				    .children = waiting_children };

const struct column_table changing_tables[] = {
	{ change_columns, &n_change_columns, NULL },
	{ write_columns, &n_write_columns, "with --dry-run" },
	{ 0 },
};

const struct argp_child changing_children[] = {
	{ &changing_argp, 0, NULL, 0 },
	{ 0 },
};

error_t changing_parse_nothing(int key, char *arg _unused_, struct argp_state *state)
{
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}
