/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio recover: completes, rolls back or abandons what a killed run left half done. */
#include <errno.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "report/view_change.h"
#include "transaction/audit.h"
#include "transaction/bound.h"
#include "transaction/change.h"
#include "transaction/creation.h"
#include "transaction/destruction.h"
#include "transaction/journal.h"
#include "transaction/making.h"
#include "transaction/recovery.h"
#include "transaction/switches.h"
#include "transaction/transaction.h"
#include "verbs/command.h"
#include "verbs/waiting.h"

struct recover {
	struct common *common;
	struct table_options table;
	struct transaction_options transaction;
	const char *abandoned; /* the DPRC whose change is; NULL: none is */
};

enum { KEY_ABANDON = 0x100 };

static const struct argp_option options[] = {
	{ "abandon", KEY_ABANDON, "DPRC|LABEL", 0,
	  "leave an interrupted change of DPRC, or the making of LABEL, as it is, and forget it",
	  0 },
	{ 0 },
};

static error_t parse_recover(int key, char *arg, struct argp_state *state)
{
	struct recover *recover = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = recover->common;
		state->child_inputs[2] = &recover->table;
		state->child_inputs[3] = &recover->transaction;
		return 0;
	case KEY_ABANDON:
		recover->abandoned = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct column_table tables[] = {
	{ recovery_columns, &n_recovery_columns, NULL },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse_recover,
	.doc = "Complete or roll back an interrupted bind, unbind, rebind, apply or create: what "
	       "was "
	       "completed stays, else the original state is restored. Complete an interrupted "
	       "destroy.",
	.children = waiting_children,
};

/* What change_add() has said why; what was interrupted stays so. */
static bool is_said(int r) { return r <= -ERROR_BASE && r != -ERROR_BUSY; }

static int resume(struct transaction *transaction, const char *file, const struct journal *journal)
{
	int r = journal_resume(transaction, journal);

	/* A write of the killed run is still in the kernel. */
	if (r == -ERROR_BUSY) {
		switches_restore(transaction);
		return -ERROR_TIMED_OUT;
	}
	if (is_said(r))
		return -ERROR_RESIDUE;
	return r < 0 ? recovery_fail_unread(-ERROR_RESIDUE, file, r) : 0;
}

/* A container that was taken back again is in neither list of the bus: only its label tells. */
static void show_changes(struct render *render, const struct transaction *transaction,
			 enum recovery_state state)
{
	for (size_t i = 0; i < transaction->n_creations; i++)
		render_record(render, NULL,
			      view_recovery_made(&transaction->creations[i].made, state));
	for (size_t i = 0; i < transaction->n_changes; i++)
		if (!transaction_makes(transaction, &transaction->changes[i].name))
			render_record(render, NULL, view_recovery(&transaction->changes[i], state));
}

/* A journal of an earlier boot is about devices that are no more. */
static int discard(struct transaction *transaction, const char *file, const char *names)
{
	int r = rundir_remove(&transaction->rundir, file);

	if (r < 0)
		return fail(-ERROR_RESIDUE, names, "cannot remove its journal: %s", error_text(r));
	warn(names, "its journal is of an earlier boot; removed");
	return 0;
}

static int settle_destruction(struct transaction *transaction, const struct journal *journal,
			      struct render *render)
{
	_cleanup_destruction_ struct destruction destruction = { 0 };
	int r = journal_read_destruction(journal, &destruction);

	if (r < 0)
		return recovery_fail_unread(-ERROR_RESIDUE, journal->file, r);
	r = destruction_settle(transaction, journal, &destruction);
	audit_send(transaction, journal->names, r);
	for (size_t i = 0; i < destruction.n_doomed && r >= 0; i++)
		render_record(render, NULL,
			      view_recovery_made(&destruction.doomed[i].made, RECOVERY_REQUESTED));
	return r;
}

static int settle(struct recover *recover, const struct sysfs *sysfs, const char *file,
		  struct render *render)
{
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	_cleanup_journal_ struct journal journal = { 0 };
	bool as_asked = false;
	int r = transaction_begin(&transaction, sysfs, "recover", &recover->transaction);

	if (r < 0)
		return r;
	r = journal_load(sysfs, &transaction.rundir, file, &journal);
	if (r == -ENOENT) /* another recover was faster */
		return 0;
	if (r < 0)
		return recovery_fail_unread(-ERROR_RESIDUE, file, r);
	if (journal.is_stale)
		return discard(&transaction, file, journal.names);
	if (journal.kind == JOURNAL_DESTRUCTION)
		return settle_destruction(&transaction, &journal, render);
	r = resume(&transaction, file, &journal);
	if (r >= 0)
		r = transaction_settle(&transaction, &as_asked);
	audit_send(&transaction, journal.names, r);
	if (r >= 0)
		show_changes(render, &transaction,
			     as_asked ? RECOVERY_REQUESTED : RECOVERY_ORIGINAL);
	return r;
}

/* Of a record that cannot be read only the name of the file tells whose it is. */
static int abandon_unread(const struct transaction *transaction, const char *file, const char *dprc,
			  int error)
{
	int r = rundir_remove(&transaction->rundir, file);

	if (r < 0)
		return fail(-ERROR_RESIDUE, dprc, "cannot remove %s/%s: %s", RUNDIR_PATH, file,
			    error_text(r));
	warn(dprc,
	     "the record of its interrupted change could not be read: %s; removed, and everything "
	     "left as it is",
	     error_text(error));
	return 0;
}

static int abandon_file(struct recover *recover, struct transaction *transaction, const char *file,
			struct render *render, bool *ret_found)
{
	_cleanup_free_ char *own = xasprintf("journal/%s.json", recover->abandoned);
	_cleanup_journal_ struct journal journal = { 0 };
	int r = journal_load(transaction->sysfs, &transaction->rundir, file, &journal);

	*ret_found = r < 0 ? r != -ENOENT && streq(file, own)
			   : strings_has(&journal.subjects, recover->abandoned);
	if (!*ret_found)
		return 0;
	if (r < 0)
		return abandon_unread(transaction, file, recover->abandoned, r);
	if (journal.is_stale)
		return discard(transaction, file, journal.names);
	if (journal.kind == JOURNAL_DESTRUCTION)
		return making_abandon(transaction, &journal);
	r = journal_resume(transaction, &journal);
	if (r == -EBADMSG)
		return abandon_unread(transaction, file, recover->abandoned, r);
	if (is_said(r))
		return -ERROR_RESIDUE;
	if (r >= 0)
		r = transaction_abandon(transaction);
	audit_send(transaction, journal.names, r);
	if (r >= 0)
		show_changes(render, transaction, RECOVERY_ABANDONED);
	return r;
}

static int abandon(struct recover *recover, const struct sysfs *sysfs, const struct strings *files,
		   struct render *render)
{
	bool found = false;
	int r = 0;

	for (size_t i = 0; i < files->n_texts && !found && r >= 0; i++) {
		_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;

		r = transaction_begin(&transaction, sysfs, "recover", &recover->transaction);
		if (r >= 0)
			r = abandon_file(recover, &transaction, files->texts[i], render, &found);
	}
	return r < 0 || found ? r
			      : fail(-ERROR_NOT_FOUND, recover->abandoned,
				     "no change of it was interrupted; a create is abandoned by "
				     "its label");
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

static int settle_all(struct recover *recover, const struct sysfs *sysfs,
		      const struct strings *files, struct render *render)
{
	size_t n_settled = 0;
	int result = 0;

	for (size_t i = 0; i < files->n_texts; i++) {
		int r = settle(recover, sysfs, files->texts[i], render);

		n_settled += r >= 0;
		result = worse(result, r);
	}
	/* Of all together it cannot be said any more that nothing was touched. */
	if (result < 0 && result != -ERROR_TIMED_OUT && n_settled)
		result = -ERROR_RESIDUE;
	return result;
}

static int show_recover(struct recover *recover, const struct sysfs *sysfs,
			const struct strings *files, const struct selection *selection)
{
	struct render *render = render_begin(&recover->common->style);
	int result, told;

	render_list(render, "dprcs", selection);
	if (!files->n_texts && !recover->abandoned)
		render_none(render, "nothing to recover");
	result = recover->abandoned ? abandon(recover, sysfs, files, render)
				    : settle_all(recover, sysfs, files, render);
	told = render_end(render, result);
	/* What was asked for may be what stays: then the original state is not what there is. */
	return result >= 0 && told < 0 && files->n_texts
		       ? fail(-ERROR_RESIDUE, NULL,
			      "all was recovered, but the result could not be written")
		       : told;
}

/* Of what bind found of devices that are no more, nothing can be restored. */
static int prune(const struct transaction *transaction)
{
	_cleanup_strings_ struct strings names = { 0 };
	int r = bound_prune(transaction, &names);

	for (size_t i = 0; i < names.n_texts; i++)
		warn(names.texts[i],
		     "the record of what bind found is of a device that is no more; removed");
	return r < 0 ? fail(-ERROR_FAILED, NULL, "cannot remove a record in %s: %s", RUNDIR_PATH,
			    error_text(r))
		     : 0;
}

/* The list is made under the lock: what is in flight is none of our business. */
static int list_files(struct recover *recover, const struct sysfs *sysfs, struct strings *ret_files)
{
	_cleanup_transaction_ struct transaction transaction = TRANSACTION_EMPTY;
	int r = transaction_begin(&transaction, sysfs, "recover", &recover->transaction);

	if (r >= 0)
		r = prune(&transaction);
	return r < 0 ? r : journal_list(&transaction.rundir, ret_files);
}

static int run_recover(const struct command *command, struct common *common, int argc, char **argv)
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

	command_parse(command, argc, argv, &recover);
	if (recover.abandoned && (!*recover.abandoned || strchr(recover.abandoned, '/')))
		return fail(-ERROR_USAGE, NULL, "--abandon: '%s' is not the name of a DPRC",
			    recover.abandoned);
	r = command_select_all(&common->style, recovery_columns, n_recovery_columns,
			       recover.table.output, &selection);
	if (r >= 0)
		r = command_refuse_captured(common, NULL);
	if (r < 0)
		return r;
	r = sysfs_open(NULL, &sysfs);
	if (r < 0)
		return fail(-ERROR_NOT_FOUND, NULL, "/sys: %s", error_text(r));
	r = list_files(&recover, &sysfs, &files);
	return r < 0 ? r : show_recover(&recover, &sysfs, &files, &selection);
}

const struct command command_recover = { "recover", "complete or roll back an interrupted change",
					 &argp, run_recover, tables };
