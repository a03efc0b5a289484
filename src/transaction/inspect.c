/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking at the bus before and after a transaction's writes. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/mc_inventory.h"
#include "rules/policy.h"
#include "rules/verify.h"
#include "transaction/change.h"
#include "transaction/inspect.h"
#include "transaction/switches.h"

int inspect_load(const struct transaction *transaction, struct bus **ret_bus)
{
	int r = bus_load(transaction->sysfs, ret_bus);

	return r < 0 ? fail(-ERROR_FAILED, NULL, "cannot read the fsl-mc bus: %s", error_text(r))
		     : 0;
}

/* An MC that is busy now may tell a moment later. */
#define ASK_TRIES 5
#define ASK_FIRST_PAUSE_MS 20

/* What the MC does not tell is compared by what Linux tells; *ret_mc is why. */
static int load(struct transaction *transaction, struct bus **ret_bus, int *ret_mc)
{
	int r = inspect_load(transaction, ret_bus);

	if (r >= 0)
		*ret_mc = mc_inventory_load(*ret_bus, MC_OBJECTS, &transaction->mc);
	mc_release(&transaction->mc);
	return r;
}

static bool is_the_same(const struct bus *bus, const struct change *change)
{
	const struct dprc *dprc = bus_find_dprc(bus, &change->name);
	struct identity identity;
	bool is_same;

	if (!dprc)
		return false;
	identity_take(dprc, &identity);
	is_same = identity_matches(&identity, &change->identity);
	free(identity.label);
	return is_same;
}

static int compare_identity(struct transaction *transaction, const struct bus *bus,
			    const struct change *change)
{
	const struct dprc *dprc = bus_find_dprc(bus, &change->name);
	struct mc_dprc_attributes attributes;
	unsigned int pause_ms = ASK_FIRST_PAUSE_MS;
	char label[MC_LABEL_SIZE];
	int r;

	/* What the MC did not tell then it need not tell now. */
	if (!dprc || !dprc->object->mc || !dprc->mc || dprc->mc->error)
		return 0;
	for (int try = 1;; try++, pause_ms *= 2) {
		r = mc_inventory_ask_again(bus, dprc->object->mc, &transaction->mc, &attributes,
					   label);
		if (r >= 0 || r == -ETIMEDOUT || r == -ENOENT || try == ASK_TRIES)
			break;
		/* What was open may be another one's by now. */
		mc_release(&transaction->mc);
		clock_sleep_ms(pause_ms);
	}
	if (r < 0)
		return r;
	return identity_matches(&change->identity,
				&(struct identity){ attributes.icid, attributes.portal_id, label })
		       ? 0
		       : -ENOENT;
}

int inspect_identity(struct transaction *transaction, const struct bus *bus)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];
		int r = change_check_device(transaction, change);

		if (r >= 0)
			r = compare_identity(transaction, bus, change);
		if (r == -ETIMEDOUT)
			return fail(-ERROR_FAILED, NULL,
				    "the MC does not answer; nothing was written");
		if (r == -ESTALE || r == -ENOENT)
			return fail(-ERROR_FAILED, name_text(&change->name).text,
				    "it is not the DPRC it was when it was looked at; nothing was "
				    "written");
		if (r < 0)
			return fail(-ERROR_FAILED, name_text(&change->name).text,
				    "it cannot be seen whether it is the DPRC it was when it was "
				    "looked at: %s; nothing was written",
				    error_text(r));
	}
	return 0;
}

static int check_attribute(const struct transaction *transaction, char *path)
{
	_cleanup_free_ char *owned = path;
	struct stat status;

	if (sysfs_stat(transaction->sysfs->fd, path, &status) != -EXDEV)
		return 0;
	return fail(-ERROR_REFUSED, NULL,
		    "/sys/%s: another file is mounted there; nothing was written", owned);
}

static int check_driver(const struct transaction *transaction, const char *driver)
{
	int r = 0;

	if (driver)
		r = check_attribute(transaction, xasprintf("bus/fsl-mc/drivers/%s/bind", driver));
	if (driver && r >= 0)
		r = check_attribute(transaction, xasprintf("bus/fsl-mc/drivers/%s/unbind", driver));
	return r;
}

int inspect_attributes(const struct transaction *transaction)
{
	static const char *const of_bus[] = { "autorescan", "rescan", "drivers_probe",
					      "drivers_autoprobe" };
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(of_bus) && r >= 0; i++)
		r = check_attribute(transaction, xasprintf("bus/fsl-mc/%s", of_bus[i]));
	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		const struct change *change = &transaction->changes[i];

		r = check_attribute(transaction, xasprintf("%s/driver_override", change->path));
		if (r >= 0)
			r = check_driver(transaction, change->before.driver);
		if (r >= 0)
			r = check_driver(transaction, change->after.driver);
	}
	return r;
}

int inspect_drop_replaced(struct transaction *transaction)
{
	_cleanup_bus_ struct bus *bus = NULL;
	int mc;
	int r = load(transaction, &bus, &mc);

	if (r < 0)
		return r;
	/* Whether a change was completed is unknown then, and each write could wait for the MC. */
	if (mc == -ETIMEDOUT)
		return fail(-ERROR_FAILED, NULL,
			    "the MC does not answer; nothing was written; run 'fslmc-vfio "
			    "recover' again when it does");
	for (size_t i = transaction->n_changes; i--;) {
		const struct name_text name = name_text(&transaction->changes[i].name);

		if (is_the_same(bus, &transaction->changes[i])) {
			transaction->changes[i].is_unplugged = dprc_is_unplugged(
				bus_find_dprc(bus, &transaction->changes[i].name));
			continue;
		}
		warn(name.text, "it is another DPRC now; nothing to restore");
		transaction_drop(transaction, i);
	}
	return 0;
}

/* The bus at the goal, and what the MC reports about the DPRCs that were changed. */
static int load_goal(struct transaction *transaction, int *ret_mc)
{
	_cleanup_free_ struct name *names = xcalloc(transaction->n_changes, sizeof(*names));
	int r = inspect_load(transaction, &transaction->after);

	for (size_t i = 0; i < transaction->n_changes; i++)
		names[i] = transaction->changes[i].name;
	if (r >= 0)
		*ret_mc = mc_inventory_load_some(transaction->after, names, transaction->n_changes,
						 &transaction->mc);
	mc_release(&transaction->mc);
	return r;
}

static int check_binding(const struct transaction *transaction, const struct change *change,
			 const struct binding *goal, bool speak)
{
	_cleanup_(binding_done) struct binding now = { 0 };
	int r = change_read_binding(transaction, change, &now);

	if (r >= 0 && binding_equal(&now, goal))
		return 0;
	if (r < 0)
		return fail_aloud(speak, -ERROR_FAILED, name_text(&change->name).text,
				  "cannot read its driver: %s", error_text(r));
	return fail_aloud(speak, -ERROR_FAILED, name_text(&change->name).text,
			  "its driver is %s and its driver_override %s; %s and %s should be",
			  or_none(now.driver), or_none(now.driver_override), or_none(goal->driver),
			  or_none(goal->driver_override));
}

/* Of what the MC knew before the writes it has to tell after them, too, or nothing is verified. */
static int check_told(const struct dprc *dprc, const struct change *change, bool speak)
{
	const int error = dprc->mc ? dprc->mc->error : -ENODATA;

	if (change->identity.icid == IDENTITY_UNKNOWN || !error)
		return 0;
	return fail_aloud(speak, -ERROR_FAILED, name_text(&change->name).text,
			  "the MC does not tell any more what is in it: %s",
			  mc_status_name(error) ? mc_status_name(error) : error_text(error));
}

static int check_objects(const struct bus *bus, const struct change *change, bool speak)
{
	_cleanup_verdict_ struct verdict verdict = { 0 };
	const struct dprc *dprc = bus_find_dprc(bus, &change->name);
	int r;

	if (!dprc)
		return fail_aloud(speak, -ERROR_FAILED, name_text(&change->name).text,
				  "device disappeared");
	r = check_told(dprc, change, speak);
	if (r < 0)
		return r;
	verify_assigned(bus, dprc, &verdict);
	if (!verdict.faults.n)
		return 0;
	return fail_aloud(speak, -ERROR_FAILED, name_text(&change->name).text,
			  "%zu of %zu objects were not bound to " VFIO_DRIVER
			  ", or are not isolated: %s",
			  verdict.faults.n, verdict.n_objects, verdict.faults.text);
}

static int check_after(const struct transaction *transaction, const struct change *change,
		       const struct bus *bus, bool speak)
{
	int r = check_binding(transaction, change, &change->after, speak);

	if (r >= 0 && str_same(change->after.driver, VFIO_DRIVER))
		r = check_objects(bus, change, speak);
	return r;
}

/* The kernel does not report what the MC answered to a write to autorescan (autorescan_store()). */
int inspect_switches(const struct transaction *transaction, bool speak)
{
	const struct switches now = switches_load(transaction->sysfs);
	const bool lacks_autorescan = transaction->autorescan && !now.autorescan;
	const bool lacks_autoprobe = transaction->autoprobe && !now.autoprobe;

	if (speak && lacks_autorescan)
		fail(-ERROR_FAILED, NULL,
		     "autorescan is off and was on; run: echo 1 > /sys/bus/fsl-mc/autorescan");
	if (speak && lacks_autoprobe)
		fail(-ERROR_FAILED, NULL,
		     "drivers_autoprobe is off and was on; run: "
		     "echo 1 > /sys/bus/fsl-mc/drivers_autoprobe");
	return lacks_autorescan || lacks_autoprobe ? -ERROR_FAILED : 0;
}

int inspect_goal(struct transaction *transaction, enum direction direction, bool speak)
{
	int mc = 0, r = 0, result = 0;

	bus_free(take_pointer(transaction->after));
	if (direction == FORWARD)
		r = load_goal(transaction, &mc);
	if (r < 0)
		return r;
	if (mc == -ETIMEDOUT)
		return fail_aloud(speak, -ERROR_FAILED, NULL, "the MC does not answer any more");
	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];

		r = direction == ROLLBACK
			    ? check_binding(transaction, change, &change->before, speak)
			    : check_after(transaction, change, transaction->after, speak);
		if (r < 0)
			result = r;
	}
	return result;
}
