/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio recover: finishes or undoes what a killed run left half done. */
#include <errno.h>

#include "assign/autorescan.h"
#include "assign/journal.h"
#include "assign/transaction.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "report/view_change.h"
#include "verbs/command.h"
#include "verbs/waiting.h"

struct recover {
	struct common *common;
	struct table_options table;
	struct transaction_options transaction;
};

static error_t parse(int key, char *arg _unused_, struct argp_state *state)
{
	struct recover *recover = state->input;

	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[1] = recover->common;
	state->child_inputs[2] = &recover->table;
	state->child_inputs[3] = &recover->transaction;
	return 0;
}

static const struct column_table tables[] = {
	{ recovery_columns, &n_recovery_columns, NULL },
	{ 0 },
};

static char *help_filter(int key, const char *text, void *input _unused_)
{
	return command_help_columns(key, text, tables);
}

static const struct argp_child children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ &table_argp, 0, NULL, 0 },
	{ &waiting_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.parser = parse,
	.doc = "Settle what an interrupted bind, unbind or rebind left: if what was asked for is "
	       "there in "
	       "full it stays, else the original state is put back.\v ",
	.children = children,
	.help_filter = help_filter,
};

/* A journal of an earlier boot is about devices that are no more. */
static int discard(struct transaction *transaction, const char *names)
{
	int r;

	warn(names, "its journal is of an earlier boot; removing it");
	r = journal_remove(transaction);
	return r < 0 ? fail(-ERROR_RESIDUE, names, "cannot remove its journal: %s", error_text(r))
		     : 0;
}

static int fail_record(const char *file, int r)
{
	return fail(-ERROR_RESIDUE, NULL,
		    "the record %s/%s cannot be read: %s; put the DPRC right by hand and remove it",
		    RUNDIR_PATH, file, error_text(r));
}

static int settle_locked(struct transaction *transaction, const char *file, const char *names,
			 bool *ret_as_asked)
{
	int r = journal_read(transaction, file);

	if (r == -ESTALE)
		return discard(transaction, names);
	/* A write of the killed run is still in the kernel: change_add() has said so. */
	if (r == -ERROR_BUSY) {
		autorescan_put_back(transaction);
		return -ERROR_TIMED_OUT;
	}
	/* It has said that, too, and what was interrupted stays so. */
	if (r == -ERROR_FAILED || r == -ERROR_NOT_FOUND)
		return -ERROR_RESIDUE;
	return r < 0 ? fail_record(file, r) : transaction_settle(transaction, ret_as_asked);
}

static int settle(struct recover *recover, const struct sysfs *sysfs, const char *file,
		  struct render *render)
{
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	_cleanup_free_ char *names = NULL;
	bool as_asked = false, in_flight;
	int r = transaction_begin(&transaction, sysfs, "recover", &recover->transaction);

	if (r < 0)
		return r;
	r = journal_describe(sysfs, &transaction.rundir, file, &names, &in_flight);
	if (r == -ENOENT) /* another recover was faster */
		return 0;
	if (r < 0)
		return fail_record(file, r);
	r = settle_locked(&transaction, file, names, &as_asked);
	for (size_t i = 0; i < transaction.n_changes && r >= 0; i++)
		render_record(render, NULL, view_recovery(&transaction.changes[i], as_asked));
	return r;
}

/* Of two results the one that promises less. */
static int worse(int a, int b)
{
	static const int by_promise[] = { -ERROR_RESIDUE, -ERROR_TIMED_OUT };

	for (size_t i = 0; i < ARRAY_SIZE(by_promise); i++)
		if (a == by_promise[i] || b == by_promise[i])
			return by_promise[i];
	return a < 0 ? a : b;
}

static int show(struct recover *recover, const struct sysfs *sysfs, const struct strings *files,
		const struct selection *selection)
{
	struct render *render = render_begin(&recover->common->style);
	size_t n_settled = 0;
	int result = 0, told;

	render_list(render, "dprcs", selection);
	for (size_t i = 0; i < files->n_texts; i++) {
		int r = settle(recover, sysfs, files->texts[i], render);

		n_settled += r >= 0;
		result = worse(result, r);
	}
	/* Of all together it cannot be said any more that nothing was touched. */
	if (result < 0 && result != -ERROR_TIMED_OUT && n_settled)
		result = -ERROR_RESIDUE;
	told = render_end(render, result);
	/* What was asked for may be what stays: then the original state is not what there is. */
	return result >= 0 && told < 0 && n_settled
		       ? fail(-ERROR_RESIDUE, NULL,
			      "all was recovered, but the result could not be written")
		       : told;
}

/* The list is made under the lock: what is in flight is none of our business. */
static int list_files(struct recover *recover, const struct sysfs *sysfs, struct strings *ret_files)
{
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	int r = transaction_begin(&transaction, sysfs, "recover", &recover->transaction);

	if (r >= 0)
		r = journal_list(&transaction.rundir, ret_files);
	return r;
}

static int run(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_(selection_done) struct selection selection = { 0 };
	_cleanup_strings_ struct strings files = { 0 };
	struct recover recover = {
		.common = common,
		.table.style = &common->style,
		.transaction.timeout_s = TRANSACTION_TIMEOUT_S,
	};
	int r;

	command_parse(command->argp, 0, argc, argv, &recover);
	r = command_select(recovery_columns, n_recovery_columns, recover.table.output, &selection);
	if (r < 0)
		return r;
	if (common->sysroot)
		return fail(-ERROR_USAGE, NULL, "a machine given by --sysroot is never written to");
	r = sysfs_open(NULL, &sysfs);
	if (r < 0)
		return fail(-ERROR_NOT_FOUND, NULL, "/sys: %s", error_text(r));
	r = list_files(&recover, &sysfs, &files);
	return r < 0 ? r : show(&recover, &sysfs, &files, &selection);
}

const struct command command_recover = { "recover", "settle what a killed run left half done",
					 &argp, run, tables };
