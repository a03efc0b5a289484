/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making containers: the way back, also after a run that was killed. */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/listing.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/mc_make.h"
#include "kernel/mc_resource.h"
#include "kernel/sysfs.h"
#include "model/object.h"
#include "transaction/change.h"
#include "transaction/creation.h"
#include "transaction/creation_parts.h"
#include "transaction/journal.h"
#include "transaction/making.h"

#define TRIES 6
#define FIRST_PAUSE_MS 100
#define BUSY_MS 10000

/* dpaa2-controlplane, docs/baseline (LX2160A, MC 10.39.0); a DPRC takes an MC portal. */
static const struct {
	const char *type, *pools[8];
} takes[] = {
	{ "dprc", { "mcp" } },
	{ "dpni", { "fq", "cg", "qd", "kp", "plcye", "qpr", "ifp", "opr" } },
	{ "dpio", { "swp", "swpch" } },
	{ "dpbp", { "bp" } },
	{ "dpmcp", { "mcp" } },
	{ "dpcon", { "fq" } },
	{ "dpseci", { "fq", "cg" } },
	{ "dpci", { "fq" } },
	{ "dpdmai", { "fq" } },
};

/* Those that the MC does not list are left out. */
static char *list_left(const struct making *making, const char *type)
{
	struct mc *mc = &making->transaction->mc;
	struct listing listing = { 0 };
	uint16_t token;

	for (size_t i = 0; i < ARRAY_SIZE(takes); i++)
		for (size_t n = 0; streq(takes[i].type, type) && n < ARRAY_SIZE(takes[i].pools) &&
				   takes[i].pools[n];
		     n++) {
			const char *pool = takes[i].pools[n];
			uint32_t left;

			if (mc_dprc_open(mc, making->parent, &token) >= 0 &&
			    mc_dprc_get_res_count(mc, token, pool, &left) >= 0)
				listing_take(&listing, xasprintf("%s has %u left", pool, left));
		}
	return listing.text;
}

/* The portal of a destroyed DPMCP stays taken, so destroying containers does not help for that. */
static const char *advise_shortage(const char *type)
{
	return streq(type, "dpmcp") || streq(type, "dprc")
		       ? "ask for less, or reboot the board to get back the portals of destroyed "
			 "DPMCPs"
		       : "ask for less, or destroy a container";
}

int creation_fail_create(const struct making *making, int r, const char *type, size_t nth,
			 size_t total)
{
	_cleanup_free_ char *left = NULL, *which = NULL;

	if (total > 1)
		which = xasprintf("%s %zu of %zu", type, nth, total);
	else
		which = xasprintf("the %s", type);
	if (r == -EOPNOTSUPP)
		return fail(-ERROR_FAILED, making->what,
			    "cannot create %s: this firmware has no command that carries its "
			    "settings",
			    which);
	if (r != -ENAVAIL)
		return making_fail(making, r, "cannot create %s", which);
	left = list_left(making, type);
	return fail(-ERROR_FAILED, making->what,
		    "cannot create %s: the MC has no resource left; it takes some of "
		    "these pools, and maybe of others: %s; %s",
		    which, left ? left : "none that it lists", advise_shortage(type));
}

/* What of it the MC has. */
struct found {
	bool has_container, is_unfinished;
	struct name container;
	struct names_list host_objects;
	struct names_list unproven; /* may be host objects of it, or somebody else's */
};

/*
 * One that has no label yet is unplugged, because plugging comes last.  Only the run that made it
 * can know whether it is ours.  Once has_begun, all have their labels.
 */
static void look_at_host_object(const struct creation *creation, const struct mc_descriptor *object,
				const struct name *name, bool has_begun, struct found *found)
{
	const bool is_known = names_list_has(&creation->made.host_objects, name);
	const bool is_unlabelled = !*object->label && !object->state;

	if (!strings_has(&creation->host_types, object->type) ||
	    (!is_known && names_list_has(&creation->before, name)))
		return;
	if (streq(object->label, creation->made.label) || (is_known && is_unlabelled))
		names_list_add(&found->host_objects, name);
	else if (is_unlabelled && !has_begun && !creation->knows_all)
		names_list_add(&found->unproven, name);
}

/*
 * Anybody can give another container the final label meanwhile.  If the number of ours is not on
 * record, one with that label may be left alone, but never destroyed.
 */
static bool has_final_label(const struct creation *creation, const struct mc_descriptor *object,
			    const struct name *name, bool keep_labelled)
{
	if (creation->is_gone || !streq(object->label, creation->made.label))
		return false;
	if (*creation->made.name.type)
		return name_equal(name, &creation->made.name);
	return keep_labelled && !names_list_has(&creation->before, name);
}

/* Only ours has the temporary label, also if its number was another container's before. */
static void look_at_container(const struct creation *creation, const struct mc_descriptor *object,
			      const struct name *name, bool keep_labelled, struct found *found)
{
	const bool is_unfinished = streq(object->label, creation->temporary);

	if (found->is_unfinished ||
	    (!is_unfinished && !has_final_label(creation, object, name, keep_labelled)))
		return;
	found->has_container = true;
	found->is_unfinished = is_unfinished;
	found->container = *name;
}

static int find(struct making *making, struct creation *creation, bool keep_labelled,
		struct found *found)
{
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	size_t n_objects;
	int r = making_list(making, making->parent, &objects, &n_objects);

	for (size_t i = 0; i < n_objects && r >= 0; i++) {
		const struct mc_descriptor *object = &objects[i];
		struct name name;

		if (name_make(object->type, object->id, &name) < 0)
			continue;
		if (name_is_dprc(&name))
			look_at_container(creation, object, &name, keep_labelled, found);
		else
			look_at_host_object(creation, object, &name, making->transaction->has_begun,
					    found);
	}
	if (found->has_container)
		creation->made.name = found->container;
	return r;
}

/* Whoever bound it meanwhile may be using it. */
static int check_unbound(struct making *making, uint32_t container)
{
	_cleanup_free_ char *path = xasprintf("bus/fsl-mc/devices/dprc.%u/driver", container);

	if (!sysfs_exists(making->transaction->sysfs->fd, path))
		return 0;
	return fail_aloud(
		making->speak, -ERROR_FAILED, making->what,
		"dprc.%u is unfinished, but bound to a driver; once nothing uses it, run: "
		"echo dprc.%u > /sys/bus/fsl-mc/devices/dprc.%u/driver/unbind; then "
		"'fslmc-vfio recover'",
		container, container, container);
}

static int fail_unproven(const struct making *making, const struct names_list *unproven)
{
	int r = 0;

	for (size_t i = 0; i < unproven->n_names; i++)
		r = fail_aloud(making->speak, -ERROR_FAILED, name_text(&unproven->names[i]).text,
			       "created in dprc.%u while %s was being made, and has no label: it "
			       "may belong to %s or to somebody else; destroy it or label it",
			       making->parent, making->what, making->what);
	return r;
}

/* That it is gone goes on record at once, for the rest may take until a later recovery. */
static int destroy_container(struct making *making, struct creation *creation)
{
	const struct transaction *transaction = making->transaction;
	int r = making_destroy_container(making, creation->made.name.id);

	if (r < 0)
		return r;
	creation->is_gone = true;
	journal_note_gone(transaction, (size_t)(creation - transaction->creations));
	return 0;
}

static int take_back(struct making *making, struct creation *creation, const struct found *found)
{
	int r = found->has_container ? check_unbound(making, creation->made.name.id) : 0, back;

	if (r < 0)
		return r;
	if (found->has_container)
		r = destroy_container(making, creation);
	if (r >= 0)
		r = making_destroy_host_objects(making, &found->host_objects);
	if (r == -ERROR_TIMED_OUT)
		return r;
	/* A container that cannot be destroyed may have been disconnected from the port. */
	back = making_reconnect(making, &creation->made);
	if (r >= 0 || back == -ERROR_TIMED_OUT)
		r = back;
	mc_release(&making->transaction->mc);
	if (r >= 0)
		r = making_catch_up(making);
	return r < 0 ? r : fail_unproven(making, &found->unproven);
}

/* *ret_stays: it has its label, and keep_labelled. */
static int take_back_once(struct making *making, struct creation *creation, bool keep_labelled,
			  bool *ret_stays)
{
	struct found found = { 0 };
	int r = making_begin(making);

	if (r >= 0)
		r = making_quiet(making);
	if (r >= 0)
		r = find(making, creation, keep_labelled, &found);
	*ret_stays = r >= 0 && keep_labelled && found.has_container && !found.is_unfinished;
	if (r >= 0 && !*ret_stays)
		r = take_back(making, creation, &found);
	names_list_done(&found.host_objects);
	names_list_done(&found.unproven);
	mc_release(&making->transaction->mc);
	return making_end_quiet(making, r);
}

/* What failed on the way there may fail on the way back for a while; the last try says why. */
static int creation_take_back(struct transaction *transaction, struct creation *creation,
			      bool keep_labelled, bool *ret_stays)
{
	struct making making = { .transaction = transaction,
				 .parent = creation->made.parent.id,
				 .what = creation->made.label };
	unsigned int pause_ms = FIRST_PAUSE_MS;

	for (int try = 1;; try++, pause_ms *= 2) {
		int r;

		making.speak = try == TRIES;
		making.deadline = clock_now_ms() + BUSY_MS / TRIES;
		r = take_back_once(&making, creation, keep_labelled, ret_stays);
		if (r >= 0 && !*ret_stays)
			made_forget(transaction, creation->made.label, &creation->containers);
		if (r != -ERROR_FAILED || making.speak)
			return r;
		clock_sleep_ms(pause_ms);
	}
}

int creations_take_back(struct transaction *transaction, bool keep_labelled, bool *ret_as_asked)
{
	bool as_asked = true;
	int result = 0;

	/* The last first: what it cut may be of one before. */
	for (size_t i = transaction->n_creations; i--;) {
		struct creation *creation = &transaction->creations[i];
		bool stays = false;
		int r = creation_take_back(transaction, creation, keep_labelled, &stays);

		if (r == -ERROR_TIMED_OUT)
			return r;
		if (r < 0)
			result = fail(-ERROR_RESIDUE, creation->made.label,
				      "not all that was made could be taken back; run 'fslmc-vfio "
				      "recover' to retry, or 'fslmc-vfio recover --abandon %s' to "
				      "leave it as it is",
				      creation->made.label);
		as_asked &= stays;
	}
	*ret_as_asked = as_asked;
	return result;
}

static int take_back_and_end(struct transaction *transaction, bool keep_labelled,
			     bool *ret_as_asked)
{
	int r = creations_take_back(transaction, keep_labelled, ret_as_asked);

	return r < 0 ? r : making_end_journal(transaction);
}

int creations_settle(struct transaction *transaction, bool *ret_as_asked)
{
	return take_back_and_end(transaction, true, ret_as_asked);
}

int creations_undo(struct transaction *transaction)
{
	bool as_asked;
	int r = take_back_and_end(transaction, false, &as_asked);

	return r < 0 ? r : -ERROR_FAILED;
}
