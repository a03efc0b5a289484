/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making a container: the way there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "kernel/mc_make.h"
#include "kernel/sysfs.h"
#include "layout/layout.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/mc_inventory.h"
#include "model/object.h"
#include "transaction/change.h"
#include "transaction/creation.h"
#include "transaction/creation_parts.h"
#include "transaction/making.h"
#include "transaction/switches.h"
#include "transaction/transaction.h"
#include "transaction/transaction_parts.h"

#define BUSY_MS 5000 /* that an MC may be busy for, on the way there */

static int stop_if_signalled(const struct creation_run *run)
{
	const char *signal = signals_pending();

	return signal ? fail(-ERROR_FAILED, run->making.what, "stopped by %s", signal) : 0;
}

/* Without an IOMMU its DMA would go wherever its user wants. */
static int check_icid(struct creation_run *run, uint32_t icid)
{
	const struct dprc *root = bus_root(run->bus);
	const known_bool covers = host_iommu_covers(run->bus, root, icid);

	run->creation->made.icid = icid;
	if (covers != 0 && covers != -ENXIO)
		return 0;
	return fail(-ERROR_FAILED, run->making.what,
		    "the MC gave it ICID %u, which no IOMMU covers by %s; %s", icid,
		    host_terms(run->bus, root)->iommu_map, host_terms(run->bus, root)->map_icid);
}

/* As the root DPRC of a guest: its software may make none (config_err). */
static bool lacks_spawn(const struct creation_run *run)
{
	const struct mc_container *parent =
		mc_inventory_find(run->bus->mc, &run->creation->made.parent);

	return parent && !parent->error && !(parent->options & MC_DPRC_SPAWN);
}

static int make_container(struct creation_run *run)
{
	struct mc *mc = &run->making.transaction->mc;
	struct made *made = &run->creation->made;
	struct mc_dprc_look look;
	uint16_t token;
	uint32_t id;
	int r = making_open(&run->making, run->making.parent, &token);

	if (r < 0)
		return r;
	r = making_retry(&run->making,
			 mc_dprc_create_child(mc, token, creation_api_of(run, "dprc"),
					      run->layout->options, run->creation->temporary, &id));
	if (r == -ENXIO && lacks_spawn(run))
		return fail(
			-ERROR_FAILED, run->making.what,
			"cannot create the dprc: MC status config_err; %s has no option "
			"SPAWN_ALLOWED; give it that where it is made, or create the DPRC there",
			name_text(&made->parent).text);
	if (r < 0)
		return creation_fail_create(&run->making, r, "dprc", 1, 1);
	name_make("dprc", id, &made->name);
	r = mc_dprc_look(mc, id, true, &look);
	if (r < 0)
		return making_fail(&run->making, r, "cannot open dprc.%u in the MC", id);
	run->token = look.token;
	made->portal_id = look.attributes.portal_id;
	return check_icid(run, look.attributes.icid);
}

/* By its label an undo finds what was made in the parent. */
static int label_host_object(struct creation_run *run, uint16_t token, const struct name *object)
{
	int r;

	r = making_retry(&run->making,
			 mc_dprc_set_label(&run->making.transaction->mc, token, object->type,
					   object->id, run->creation->made.label));
	return r < 0 ? making_fail(&run->making, r, "cannot label %s", name_text(object).text) : 0;
}

static size_t count_of(const struct layout *layout, size_t n_objects, const char *type)
{
	size_t n = 0;

	for (size_t i = 0; i < n_objects; i++)
		n += streq(layout->objects[i].type, type);
	return n;
}

/*
 * Before MC 10.20 this option is what lets a DPRC create objects.  That it does not matter to its
 * parent is measured of newer firmware only.
 */
static bool may_need_option(const struct creation_run *run, const struct layout_object *object)
{
	return !object->in_parent && !(run->layout->options & MC_DPRC_OBJ_CREATE) &&
	       !mc_decides_by_lock(run->bus->mc);
}

static int create(struct creation_run *run, size_t i, uint16_t token, struct name *ret_name)
{
	const struct layout_object *object = &run->layout->objects[i];
	const struct mc_creation what = { object->type, &object->dpni, &object->dpseci };
	uint32_t id;
	int r;

	r = making_retry(&run->making, mc_create(&run->making.transaction->mc, token, &what,
						 creation_api_of(run, object->type), &id));
	run->creation->knows_all &= !mc_is_lost(r);
	if (r == -EPERM && may_need_option(run, object))
		return fail(-ERROR_FAILED, run->making.what,
			    "cannot create a %s: MC status no_privilege; firmware before MC 10.20 "
			    "may require OBJ_CREATE_ALLOWED for that; add it to the options of the "
			    "DPRC",
			    object->type);
	if (r < 0)
		return creation_fail_create(&run->making, r, object->type,
					    count_of(run->layout, i + 1, object->type),
					    count_of(run->layout, run->layout->n_objects,
						     object->type));
	return name_make(object->type, id, ret_name) < 0
		       ? making_fail(&run->making, -EBADMSG, "cannot create a %s", object->type)
		       : 0;
}

/* The tokens that are kept open are few, and this asks for those of two DPRCs only. */
static int make_object(struct creation_run *run, size_t i)
{
	struct made *made = &run->creation->made;
	struct name *name = &run->creation->objects[i];
	const bool in_parent = run->layout->objects[i].in_parent;
	uint16_t token = run->token;
	int r = stop_if_signalled(run);

	if (r >= 0 && in_parent)
		r = making_open(&run->making, run->making.parent, &token);
	if (r >= 0)
		r = create(run, i, token, name);
	if (r < 0)
		return r;
	names_list_add(in_parent ? &made->host_objects : &made->objects, name);
	return in_parent ? label_host_object(run, token, name)
			 : making_plug(&run->making, token, made->name.id, name->type, name->id,
				       true);
}

static int make_objects(struct creation_run *run)
{
	const size_t n_objects = run->layout->n_objects;
	int r = 0;

	run->creation->objects = xcalloc(n_objects + 1, sizeof(*run->creation->objects));
	for (size_t i = 0; i < n_objects && r >= 0; i++) {
		log_progress("creating %s: %zu of %zu objects", run->making.what, i, n_objects);
		r = make_object(run, i);
	}
	log_progress_end();
	return r;
}

static int connect_objects(struct creation_run *run)
{
	const struct layout *layout = run->layout;
	int r = 0;

	for (size_t i = 0; i < layout->n_connections && r >= 0; i++) {
		const struct layout_connection *connection = &layout->connections[i];
		const struct name *objects = run->creation->objects;
		struct mc_end end = making_end(&objects[connection->object]);
		struct mc_end peer = connection->peer == PEER_DPMAC
					     ? creation_port_of(connection)
					     : making_end(&objects[connection->other]);

		r = stop_if_signalled(run);
		if (r >= 0 && connection->peer == PEER_DPMAC && connection->cuts)
			r = making_disconnect(&run->making, &peer);
		if (r >= 0)
			r = making_connect(&run->making, &end, &peer);
	}
	return r;
}

/* After the connections: a DPNI takes over the address of its port. */
static int set_addresses(struct creation_run *run)
{
	const struct layout *layout = run->layout;
	int r = 0;

	for (size_t i = 0; i < layout->n_addresses && r >= 0; i++) {
		const struct layout_address *address = &layout->addresses[i];
		const struct name *dpni = &run->creation->objects[address->object];

		r = making_retry(&run->making, mc_dpni_set_address(&run->making.transaction->mc,
								   dpni->id, address->bytes));
		if (r < 0)
			r = making_fail(&run->making, r, "cannot set the MAC address of %s",
					name_text(dpni).text);
	}
	return r;
}

static int plug_host_objects(struct creation_run *run)
{
	const struct names_list *objects = &run->creation->made.host_objects;
	uint16_t token;
	int r = making_open(&run->making, run->making.parent, &token);

	for (size_t i = 0; i < objects->n_names && r >= 0; i++)
		r = making_plug(&run->making, token, run->making.parent, objects->names[i].type,
				objects->names[i].id, true);
	return r;
}

/* fsl_mc_bus_rescan() keeps to itself that the MC was busy. */
static int scan(struct creation_run *run)
{
	const struct name *name = &run->creation->made.name;
	int r;

	do {
		r = making_rescan(&run->making);
		if (r < 0 || making_is_on_bus(&run->making, name))
			return r;
	} while (making_again(&run->making, -EBUSY));
	return fail(-ERROR_FAILED, name_text(name).text, "Linux did not find it when it scanned");
}

static int creation_make(struct creation_run *run)
{
	int r = making_quiet(&run->making);

	if (r >= 0)
		r = make_container(run);
	if (r >= 0)
		r = make_objects(run);
	if (r >= 0)
		r = connect_objects(run);
	if (r >= 0)
		r = set_addresses(run);
	if (r >= 0)
		r = plug_host_objects(run);
	mc_release(&run->making.transaction->mc);
	if (r >= 0)
		r = stop_if_signalled(run);
	return r < 0 ? r : scan(run);
}

static struct creation_run begin(struct transaction *transaction, const struct bus *bus,
				 const struct layout *layout)
{
	struct creation *creation = &transaction->creations[transaction->n_creations++];

	creation->knows_all = true;
	creation->made.parent = layout->parent;
	memcpy(creation->made.label, layout->label, sizeof(creation->made.label));
	return (struct creation_run){
		.making = { .transaction = transaction,
			    .parent = layout->parent.id,
			    .what = layout->label,
			    .deadline = clock_now_ms() + BUSY_MS,
			    .speak = true },
		.bus = bus,
		.layout = layout,
		.creation = creation,
	};
}

static int make_all(struct creation_run *runs, size_t n_runs, struct transaction *transaction)
{
	int r = 0;

	for (size_t i = 0; i < n_runs && r >= 0; i++) {
		runs[i].making.deadline = clock_now_ms() + BUSY_MS;
		r = creation_make(&runs[i]);
	}
	/* The bus gets its events again while the kernel is waiting for the MC. */
	if (r == -ERROR_TIMED_OUT)
		switches_restore(transaction);
	if (r >= 0)
		r = switches_restore(transaction);
	/* The scan may have taken long, and where nothing is bound afterwards nobody else looks. */
	return r < 0 ? r : stop_if_signalled(&runs[n_runs - 1]);
}

int transaction_create(struct transaction *transaction, const struct bus *bus,
		       const struct layout *layouts, size_t n_layouts)
{
	_cleanup_free_ struct creation_run *runs = xcalloc(n_layouts, sizeof(*runs));
	int r = 0;

	signals_hold();
	transaction->creations = xcalloc(n_layouts, sizeof(*transaction->creations));
	for (size_t i = 0; i < n_layouts && r >= 0; i++) {
		runs[i] = begin(transaction, bus, &layouts[i]);
		r = creation_look(&runs[i]);
	}
	if (r >= 0)
		r = transaction_put_on_record(transaction);
	if (r < 0)
		return r;
	transaction_expect_no_memory();
	r = make_all(runs, n_layouts, transaction);
	if (r >= 0 || r == -ERROR_TIMED_OUT)
		return r;
	for (size_t i = 0; i < n_layouts; i++)
		made_note_portals(&transaction->creations[i].made);
	return creations_undo(transaction);
}
