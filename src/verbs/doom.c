/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether DPRCs may be destroyed. */
#include "verbs/doom.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/listing.h"
#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/device_links.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/netdev.h"
#include "rules/candidate.h"
#include "rules/evidence.h"
#include "rules/hints.h"
#include "rules/policy.h"
#include "transaction/change.h"
#include "transaction/destruction.h"
#include "verbs/command.h"
#include "verbs/facts.h"

/* What decides before anything else is worth looking at. */
static int refuse_kind(const struct dprc *dprc)
{
	const struct name_text name = name_text(&dprc->object->name);

	if (dprc->is_root)
		return fail(-ERROR_REFUSED, name.text,
			    "Linux manages the MC through the root DPRC; it is never destroyed");
	if (!dprc->parent || !dprc->parent->is_root)
		return fail(-ERROR_REFUSED, name.text,
			    "it is in %s; only DPRCs directly in the root can be destroyed",
			    dprc->parent ? name_text(&dprc->parent->object->name).text
					 : "a DPRC that Linux does not have");
	if (str_same(dprc->object->driver, VFIO_DRIVER))
		return fail(-ERROR_REFUSED, name.text,
			    "bound to vfio-fsl-mc; run 'fslmc-vfio unbind %s' first", name.text);
	if (!dprc->mc || dprc->mc->error || !dprc->mc->is_complete)
		return fail(-ERROR_REFUSED, name.text,
			    "what is in it is not known, for the MC did not tell; try again");
	for (size_t i = 0; i < dprc->mc->n_objects; i++)
		if (name_is_dprc(&dprc->mc->objects[i].name))
			return fail(-ERROR_REFUSED, name.text,
				    "%s is in it; destroy that one first, with 'restool dprc "
				    "destroy'",
				    name_text(&dprc->mc->objects[i].name).text);
	return 0;
}

static int refuse_in_use(const struct bus *bus, const struct host *host, const struct dprc *dprc)
{
	_cleanup_candidate_ struct candidate candidate = { 0 };

	candidate_load(bus, host, dprc->object, &candidate);
	/* What is lost for good yields to nothing. */
	return policy_refuse(&(struct policy){ .permission = BY_NOTHING }, &candidate,
			     RULES_OF_DESTROY);
}

/* An interface of the host that create made for this container. */
static int refuse_host_netdevs(const struct bus *bus, const struct object *object)
{
	const struct name_text name = name_text(&object->name);
	_cleanup_netdevs_ struct netdevs netdevs = { 0 };
	int r = 0;

	if (!facts_load_netdevs(bus, object, &netdevs))
		return fail(-ERROR_REFUSED, name.text,
			    "it would be destroyed, and which interfaces it carries cannot be "
			    "read; see the kernel log");
	if (!netdevs.n_netdevs && str_same(object->driver, "fsl_dpaa2_eth"))
		return fail(-ERROR_REFUSED, name.text,
			    "it would be destroyed, and its interface is in another network "
			    "namespace; bring it back first");
	for (size_t i = 0; i < netdevs.n_netdevs; i++) {
		_cleanup_free_ char *uses = evidence_of_netdev(&netdevs.netdevs[i]),
				    *remedy = hint_release_netdev(&netdevs.netdevs[i]);

		if (uses)
			r = fail(-ERROR_REFUSED, name.text,
				 "it would be destroyed, and its interface is in use: %s; run `%s`",
				 uses, remedy);
	}
	return r;
}

/* What Linux took of what create made for the container's own interfaces. */
static int refuse_consumers(const struct bus *bus, const struct object *object,
			    const struct names_list *ours)
{
	_cleanup_device_links_ struct device_links links = { 0 };
	int r = device_links_load(bus, object, &links);

	if (r < 0)
		return fail(-ERROR_REFUSED, name_text(&object->name).text,
			    "it would be destroyed, and who depends on it cannot be read: %s",
			    error_text(r));
	for (size_t i = 0; i < links.consumers.n_texts; i++) {
		struct name consumer;

		if (name_parse(links.consumers.texts[i], &consumer) == 0 &&
		    !names_list_has(ours, &consumer))
			return fail(-ERROR_REFUSED, name_text(&object->name).text,
				    "it would be destroyed, and %s depends on it; unbind that one "
				    "first",
				    links.consumers.texts[i]);
	}
	return 0;
}

static int refuse_host_objects(const struct bus *bus, const struct made *made)
{
	int result = 0;

	for (size_t i = 0; i < made->host_objects.n_names; i++) {
		const struct object *object = bus_find(bus, &made->host_objects.names[i]);
		int r = object ? refuse_host_netdevs(bus, object) : 0;

		if (r >= 0 && object)
			r = refuse_consumers(bus, object, &made->host_objects);
		result = r < 0 ? r : result;
	}
	return result;
}

/* Another label does not make it another DPRC. */
static bool is_of(const struct made *made, const struct dprc *dprc)
{
	return made->icid == dprc->mc->icid && made->portal_id == dprc->mc->portal_id;
}

/* What the record says, of objects that there are, and what there is besides. */
static void compare(const struct dprc *dprc, const struct made *record, struct doomed *doomed)
{
	for (size_t i = 0; i < dprc->mc->n_objects; i++) {
		const struct name *name = &dprc->mc->objects[i].name;

		names_list_add(&doomed->made.objects, name);
		if (!doomed->is_recorded || !names_list_has(&record->objects, name))
			names_list_add(&doomed->foreign, name);
	}
}

static int fail_record(const struct name_text *name, int r)
{
	return fail(
		-ERROR_REFUSED, name->text,
		"the record of what create made, %s/created/%s.json, cannot be read: %s; "
		"nothing was changed; try again, or remove it and use --foreign, which makes no "
		"connections again",
		RUNDIR_PATH, name->text, error_text(r));
}

static int take_record(const struct transaction *transaction, const struct dprc *dprc,
		       struct doomed *doomed)
{
	_cleanup_made_ struct made record = { 0 };
	const struct name_text name = name_text(&dprc->object->name);
	const char *label = dprc->object->mc ? dprc->object->mc->label : "";
	int r = made_read(transaction, &dprc->object->name, &record);

	if (r < 0 && r != -ENOENT && r != -ESTALE)
		return fail_record(&name, r);

	doomed->made.name = dprc->object->name;
	doomed->made.parent = dprc->parent->object->name;
	doomed->made.icid = dprc->mc->icid;
	doomed->made.portal_id = dprc->mc->portal_id;
	memcpy(doomed->made.label, label, strlen(label) + 1);
	memcpy(doomed->label, label, strlen(label) + 1);
	doomed->is_recorded = r >= 0 && is_of(&record, dprc);
	compare(dprc, &record, doomed);
	if (!doomed->is_recorded)
		return 0;
	/* The host objects still have it, whatever label the DPRC has now. */
	memcpy(doomed->made.label, record.label, sizeof(record.label));
	doomed->made.host_objects = record.host_objects;
	doomed->made.cuts = record.cuts;
	doomed->made.n_cuts = record.n_cuts;
	record.host_objects = (struct names_list){ 0 };
	record.cuts = NULL;
	record.n_cuts = 0;
	return 0;
}

static char *list_names(const struct names_list *list)
{
	struct listing listing = { 0 };

	for (size_t i = 0; i < list->n_names; i++)
		listing_add(&listing, name_text(&list->names[i]).text);
	return listing.text;
}

static int refuse_foreign(const struct transaction *transaction, const struct doomed *doomed)
{
	const struct name_text name = name_text(&doomed->made.name);
	_cleanup_free_ char *foreign = list_names(&doomed->foreign);

	if (doomed->is_recorded && !doomed->foreign.n_names)
		return 0;
	if (doomed->is_recorded)
		return fail(
			-ERROR_REFUSED, name.text,
			"'fslmc-vfio create' did not make what is in it: %s; --foreign destroys "
			"it all the same",
			foreign);
	if (transaction->sysfs->is_live && geteuid() != 0)
		return fail(-ERROR_REFUSED, name.text, "only root can read who made it");
	return fail(-ERROR_REFUSED, name.text,
		    "there is no record that 'fslmc-vfio create' made it since the board booted; "
		    "--foreign destroys it all the same");
}

static int doom_one(const struct transaction *transaction, const struct bus *bus,
		    const struct host *host, const char *text, bool foreign,
		    struct destruction *destruction)
{
	struct doomed *doomed;
	struct dprc *dprc;
	int r = command_find_dprc(bus, text, &dprc), busy, host_busy;

	if (r >= 0)
		r = refuse_kind(dprc);
	if (r < 0)
		return r;
	doomed = destruction_add(destruction);
	r = take_record(transaction, dprc, doomed);
	if (r < 0)
		return r;
	busy = refuse_in_use(bus, host, dprc);
	host_busy = refuse_host_objects(bus, &doomed->made);
	r = foreign ? 0 : refuse_foreign(transaction, doomed);
	return busy < 0 ? busy : host_busy < 0 ? host_busy : r;
}

int doom_all(const struct transaction *transaction, const struct bus *bus,
	     const struct strings *names, bool foreign, struct destruction *destruction)
{
	_cleanup_host_ struct host host = { 0 };
	int result = 0;

	host_load(bus, &host);
	for (size_t i = 0; i < names->n_texts; i++) {
		int r = doom_one(transaction, bus, &host, names->texts[i], foreign, destruction);

		result = result < 0 ? result : r;
	}
	return result;
}
