/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bus's own switches: as they were found again. */
#include <errno.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/object.h"
#include "transaction/inspect.h"
#include "transaction/plan.h"
#include "transaction/switches.h"

/* The MC answers at once, or will be silent for longer than anybody wants to wait. */
#define PATIENCE_MS 1000

#define TRIES 5
#define FIRST_PAUSE_MS 20

static bool add_missing(const struct transaction *transaction, struct plan *plan)
{
	const struct switches now = switches_load(transaction->sysfs);

	if (transaction->autoprobe && !now.autoprobe)
		plan_add_switch(plan, WRITE_AUTOPROBE, true);
	if (transaction->autorescan && !now.autorescan)
		plan_add_switch(plan, WRITE_AUTORESCAN, true);
	return plan->n_writes > 0;
}

int switches_restore(struct transaction *transaction)
{
	unsigned int pause_ms = FIRST_PAUSE_MS;
	int r = 0;

	for (int try = 0; try < TRIES; try++, pause_ms *= 2) {
		_cleanup_(plan_done) struct plan plan = { 0 };

		if (!add_missing(transaction, &plan))
			return 0;
		if (try)
			clock_sleep_ms(pause_ms);
		r = plan_run(&plan, transaction,
			     &(struct run_options){ .timeout_ms = PATIENCE_MS, .quiet = true });
		if (r != -ERROR_FAILED)
			return r;
	}
	return r;
}

/* Linux makes no devices of those (fsl_mc_device_add()), so no scan brings them. */
static uint32_t count_unknown(struct mc *mc, const struct mc_dprc_look *look)
{
	const uint32_t n = look->n_objects < MC_OBJECTS_MAX ? look->n_objects : MC_OBJECTS_MAX;
	_cleanup_free_ struct mc_answered *answered = xcalloc(n + 1, sizeof(*answered));
	const uint32_t n_answered = mc_dprc_get_objs(mc, look->token, n, answered);
	uint32_t n_unknown = 0;

	for (uint32_t i = 0; i < n_answered; i++)
		n_unknown +=
			!answered[i].result && !object_type_is_known(answered[i].descriptor.type);
	return n_unknown;
}

/* Of types that Linux knows.  -ENOENT: nobody on this machine can create anything, nor ask. */
static int count_in_mc(struct transaction *transaction, const struct dprc *root,
		       uint32_t *ret_count)
{
	struct mc_dprc_look look;
	int r;

	if (!mc_has_node(transaction->sysfs, root->object->name.id))
		return -ENOENT;
	r = mc_open(transaction->sysfs, root->object->name.id, PATIENCE_MS, &transaction->mc);
	if (r >= 0)
		r = mc_dprc_look(&transaction->mc, root->object->name.id, false, &look);
	if (r >= 0 && look.n_objects != root->n_objects)
		look.n_objects -= count_unknown(&transaction->mc, &look);
	mc_release(&transaction->mc);
	if (r >= 0)
		*ret_count = look.n_objects;
	return r;
}

static bool is_behind(struct transaction *transaction)
{
	_cleanup_bus_ struct bus *bus = NULL;
	const struct dprc *root;
	uint32_t count;
	int r;

	if (!transaction->autorescan || inspect_load(transaction, &bus) < 0)
		return false;
	root = bus_root(bus);
	r = root ? count_in_mc(transaction, root, &count) : -ENOENT;
	if (r >= 0)
		return count != root->n_objects;
	if (r != -ENOENT)
		warn(name_text(&root->object->name).text,
		     "cannot tell whether objects were created in it meanwhile: %s; if so, "
		     "run: echo 1 > /sys/bus/fsl-mc/rescan",
		     error_text(r));
	return false;
}

/* Of a scan that failed because the MC was busy the kernel says nothing, hence another look. */
int switches_catch_up(struct transaction *transaction)
{
	unsigned int pause_ms = FIRST_PAUSE_MS;
	int try = 0;

	for (; is_behind(transaction) && try < TRIES; try++, pause_ms *= 2) {
		_cleanup_(plan_done) struct plan plan = { 0 };

		if (try)
			clock_sleep_ms(pause_ms);
		plan_add_rescan(&plan);
		if (plan_run(&plan, transaction,
			     &(struct run_options){ .timeout_ms = transaction->timeout_s * 1000,
						    .quiet = true }) == -ERROR_TIMED_OUT)
			return -ERROR_TIMED_OUT;
	}
	if (!try)
		return 0;
	if (try == TRIES)
		warn(NULL, "the MC counts other objects in the root DPRC than Linux has; run: "
			   "echo 1 > /sys/bus/fsl-mc/rescan");
	bus_free(take_pointer(transaction->after));
	return inspect_load(transaction, &transaction->after);
}
