/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transaction/making.h"
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/mc_make.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/object.h"
#include "rules/mc_trouble.h"
#include "transaction/change.h"
#include "transaction/inspect.h"
#include "transaction/journal.h"
#include "transaction/made.h"
#include "transaction/plan.h"
#include "transaction/switches.h"

#define PAUSE_MS 50
#define LIST_TRIES 3

int making_begin(struct making *making)
{
	struct transaction *transaction = making->transaction;
	int r = mc_open_holding(transaction->sysfs, making->parent, INT_MAX, transaction->writer,
				&transaction->mc);
	const char *why = mc_trouble_of_open(r).why;

	if (r < 0 && why)
		return fail_aloud(making->speak, -ERROR_FAILED, making->what,
				  "cannot open /dev/dprc.%u: %s", making->parent, why);
	return r < 0 ? making_fail(making, r, "cannot open /dev/dprc.%u", making->parent) : 0;
}

static int run_making(struct making *making, const struct plan *plan)
{
	return plan_run(plan, making->transaction,
			&(struct run_options){
				.timeout_ms = making->transaction->timeout_s * 1000,
				.quiet = !making->speak,
			});
}

int making_quiet(struct making *making)
{
	_cleanup_(plan_done) struct plan plan = { 0 };

	if (!switches_note(making->transaction).autorescan)
		return 0;
	plan_add_switch(&plan, WRITE_AUTORESCAN, false);
	return run_making(making, &plan);
}

int making_end_quiet(struct making *making, int r)
{
	int back = switches_restore(making->transaction);

	/* The kernel may be waiting in a write to one of them. */
	if (r == -ERROR_TIMED_OUT || back == -ERROR_TIMED_OUT)
		return -ERROR_TIMED_OUT;
	back = inspect_switches(making->transaction, making->speak);
	return r < 0 ? r : back;
}

int making_rescan(struct making *making)
{
	_cleanup_(plan_done) struct plan plan = { 0 };

	plan_add_rescan(&plan);
	return run_making(making, &plan);
}

const struct mc_descriptor *making_find(const struct mc_descriptor *objects, size_t n_objects,
					const char *type, uint32_t id)
{
	for (size_t i = 0; i < n_objects; i++)
		if (objects[i].id == id && streq(objects[i].type, type))
			return &objects[i];
	return NULL;
}

bool making_is_on_bus(const struct making *making, const struct name *object)
{
	_cleanup_free_ char *path = xasprintf("bus/fsl-mc/devices/%s", name_text(object).text);

	return sysfs_exists(making->transaction->sysfs->fd, path);
}

/*
 * What Linux has in the parent, and the MC does not; and whether both have the same, of the types
 * that Linux knows.
 */
static int look_behind(struct making *making, struct names_list *gone, bool *ret_is_same)
{
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	_cleanup_bus_ struct bus *bus = NULL;
	size_t n_objects, n_wanted = 0, n_known = 0;
	int r = inspect_load(making->transaction, &bus);

	if (r >= 0)
		r = making_list(making, making->parent, &objects, &n_objects);
	mc_release(&making->transaction->mc);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n_objects; i++)
		n_wanted += object_type_is_known(objects[i].type);
	for (size_t i = 0; i < bus->n_objects; i++) {
		const struct object *object = &bus->objects[i];

		if (!object->container || !object->container->is_root)
			continue;
		n_known++;
		if (!making_find(objects, n_objects, object->name.type, object->name.id))
			names_list_add(gone, &object->name);
	}
	*ret_is_same = !gone->n_names && n_known == n_wanted;
	return 0;
}

/* fsl_mc_bus_rescan() keeps to itself what the MC answered. */
static int check_gone(struct making *making, const struct names_list *gone)
{
	for (size_t i = 0; i < gone->n_names; i++)
		if (making_is_on_bus(making, &gone->names[i]))
			return fail_aloud(making->speak, -ERROR_FAILED,
					  name_text(&gone->names[i]).text,
					  "it is destroyed, but Linux has it still; run: "
					  "echo 1 > /sys/bus/fsl-mc/rescan");
	return 0;
}

int making_catch_up(struct making *making)
{
	struct names_list gone = { 0 };
	bool is_same = true;
	int r = look_behind(making, &gone, &is_same);

	if (r >= 0 && !is_same)
		r = making_rescan(making);
	if (r >= 0)
		r = check_gone(making, &gone);
	names_list_done(&gone);
	return r;
}

bool making_again(const struct making *making, int r)
{
	if (r != -EBUSY || clock_now_ms() >= making->deadline)
		return false;
	clock_sleep_ms(PAUSE_MS);
	return true;
}

int making_fail(const struct making *making, int r, const char *format, ...)
{
	const char *status = mc_status_name(r);
	_cleanup_free_ char *what = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&what, format, args) < 0)
		abort();
	va_end(args);
	if (r == -EINPROGRESS)
		return fail(-ERROR_TIMED_OUT, making->what,
			    "%s: the kernel is still waiting for the MC; run 'fslmc-vfio recover' "
			    "when it answers again",
			    what);
	if (!making->speak)
		return -ERROR_FAILED;
	if (r == -EPERM && !mc_may_change())
		return fail(-ERROR_FAILED, making->what, "%s: CAP_NET_ADMIN is missing", what);
	return status ? fail(-ERROR_FAILED, making->what, "%s: MC status %s", what, status)
		      : fail(-ERROR_FAILED, making->what, "%s: %s", what, error_text(r));
}

int making_open(struct making *making, uint32_t dprc, uint16_t *ret_token)
{
	int r;

	r = making_retry(making, mc_dprc_open(&making->transaction->mc, dprc, ret_token));
	return r < 0 ? making_fail(making, r, "cannot open dprc.%u in the MC", dprc) : 0;
}

/* -EAGAIN: it changed meanwhile. */
static int list_once(struct making *making, uint32_t dprc, struct mc_descriptor **ret_objects,
		     size_t *ret_n_objects)
{
	struct mc *mc = &making->transaction->mc;
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	_cleanup_free_ struct mc_answered *answered = NULL;
	struct mc_dprc_look look;
	uint32_t count, n;
	int r = mc_dprc_look(mc, dprc, false, &look);

	if (r < 0)
		return r;
	if (look.n_objects > MC_OBJECTS_MAX)
		return -EBADMSG;
	objects = xcalloc(look.n_objects + 1, sizeof(*objects));
	answered = xcalloc(look.n_objects + 1, sizeof(*answered));
	n = mc_dprc_get_objs(mc, look.token, look.n_objects, answered);
	for (uint32_t i = 0; i < n && r >= 0; i++) {
		r = answered[i].result;
		objects[i] = answered[i].descriptor;
	}
	if (r >= 0)
		r = mc_dprc_get_obj_count(mc, look.token, &count);
	if (r < 0)
		return r == -ENAVAIL ? -EAGAIN : r;
	if (count != look.n_objects)
		return -EAGAIN;
	*ret_objects = take_pointer(objects);
	*ret_n_objects = count;
	return 0;
}

int making_list(struct making *making, uint32_t dprc, struct mc_descriptor **ret_objects,
		size_t *ret_n_objects)
{
	int r, try = 0;

	do
		r = list_once(making, dprc, ret_objects, ret_n_objects);
	while (making_again(making, r) || (r == -EAGAIN && ++try < LIST_TRIES));
	return r < 0 ? making_fail(making, r, "cannot list the objects of dprc.%u", dprc) : 0;
}

int making_peer(struct making *making, const struct mc_end *end, struct mc_end *ret_peer)
{
	struct mc *mc = &making->transaction->mc;
	uint16_t token;
	int state, r;

	do {
		r = mc_dprc_open(mc, making->parent, &token);
		if (r >= 0)
			r = mc_dprc_get_connection(mc, token, end, ret_peer, &state);
	} while (making_again(making, r));
	if (r == -ENXIO || r == -ENAVAIL)
		return 0;
	return r < 0 ? r : state != MC_NOT_CONNECTED;
}

int making_connect(struct making *making, const struct mc_end *a, const struct mc_end *b)
{
	_cleanup_free_ char *first = made_end_text(a), *second = made_end_text(b);
	uint16_t token;
	int r = making_open(making, making->parent, &token);

	if (r < 0)
		return r;
	r = making_retry(making, mc_dprc_connect(&making->transaction->mc, token, a, b));
	return r < 0 ? making_fail(making, r, "cannot connect %s to %s", first, second) : 0;
}

int making_disconnect(struct making *making, const struct mc_end *end)
{
	_cleanup_free_ char *text = made_end_text(end);
	uint16_t token;
	int r = making_open(making, making->parent, &token);

	if (r < 0)
		return r;
	r = making_retry(making, mc_dprc_disconnect(&making->transaction->mc, token, end));
	return r < 0 ? making_fail(making, r, "cannot disconnect %s", text) : 0;
}

int making_plug(struct making *making, uint16_t token, uint32_t dprc, const char *type, uint32_t id,
		bool plugged)
{
	int r = making_retry(making, mc_dprc_plug(&making->transaction->mc, token, dprc, type, id,
						  plugged));

	return r < 0 ? making_fail(making, r, "cannot %s %s.%u", plugged ? "plug" : "unplug", type,
				   id)
		     : 0;
}

struct mc_end making_end(const struct name *object)
{
	struct mc_end end = { .id = object->id };

	memcpy(end.type, object->type, sizeof(object->type));
	return end;
}

int making_end_journal(const struct transaction *transaction)
{
	int r = journal_remove(transaction);

	return r < 0 ? fail(-ERROR_RESIDUE, NULL, "the journal in %s cannot be removed: %s",
			    RUNDIR_PATH, error_text(r))
		     : 0;
}

void making_warn_abandoned(const char *names)
{
	warn(names, "left as it is; 'fslmc-vfio list' shows what there is, and 'fslmc-vfio "
		    "destroy --foreign' takes an unfinished container away");
}

int making_abandon(struct transaction *transaction, const struct journal *journal)
{
	int r;

	journal_resume_making(transaction, journal);
	r = journal_remove(transaction);
	if (r < 0)
		return fail(-ERROR_RESIDUE, journal->names, "cannot remove its journal: %s",
			    error_text(r));
	making_warn_abandoned(journal->names);
	inspect_switches(transaction, true);
	return 0;
}
