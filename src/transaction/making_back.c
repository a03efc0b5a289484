/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What making and unmaking a container have in common: the steps back. */
#include <errno.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/mc_make.h"
#include "kernel/sysfs.h"
#include "transaction/change.h"
#include "transaction/made.h"
#include "transaction/making.h"

static bool has_endpoint(const char *type) { return streq(type, "dpni") || streq(type, "dpci"); }

/*
 * An edge to a dpdmux cannot be cut (invalid state); it goes with the object, if the MC lets that
 * go.
 */
bool making_disconnects(const char *type, const char *peer_type)
{
	return has_endpoint(type) && !streq(peer_type, "dpdmux");
}

static int disconnect_all(struct making *making, const struct mc_descriptor *objects,
			  size_t n_objects)
{
	int r = 0;

	for (size_t i = 0; i < n_objects && r >= 0; i++) {
		struct mc_end end = { .id = objects[i].id }, peer;

		if (!has_endpoint(objects[i].type))
			continue;
		memcpy(end.type, objects[i].type, sizeof(end.type));
		r = making_peer(making, &end, &peer);
		if (r < 0)
			return making_fail(making, r, "cannot query the connection of %s.%u",
					   end.type, end.id);
		if (r > 0 && making_disconnects(end.type, peer.type))
			r = making_disconnect(making, &end);
	}
	return r;
}

static int unplug_all(struct making *making, uint32_t dprc)
{
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	size_t n_objects;
	uint16_t token;
	int r = making_list(making, dprc, &objects, &n_objects);

	if (r >= 0)
		r = making_open(making, dprc, &token);
	for (size_t i = 0; i < n_objects && r >= 0; i++) {
		if (objects[i].state & MC_OBJ_PLUGGED)
			r = making_plug(making, token, dprc, objects[i].type, objects[i].id, false);
	}
	return r;
}

/* What is open cannot be destroyed: our own tokens go first. */
static int destroy_container(struct making *making, uint32_t id)
{
	struct mc *mc = &making->transaction->mc;
	uint16_t token;
	int r;

	mc_release(mc);
	r = making_open(making, making->parent, &token);
	if (r < 0)
		return r;
	return making_retry(making, mc_dprc_destroy_child(mc, token, id));
}

int making_disconnect_container(struct making *making, uint32_t id)
{
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	size_t n_objects;
	int r = making_list(making, id, &objects, &n_objects);

	return r < 0 ? r : disconnect_all(making, objects, n_objects);
}

int making_destroy_container(struct making *making, uint32_t id)
{
	int r = making_disconnect_container(making, id);

	if (r < 0)
		return r;
	r = destroy_container(making, id);
	/* There is firmware that does not take plugged objects along (MC changelog, 10.20). */
	if (r == -ENODEV) {
		r = unplug_all(making, id);
		if (r >= 0)
			r = destroy_container(making, id);
	}
	return r < 0 && r > -ERROR_BASE ? making_fail(making, r, "cannot destroy dprc.%u", id) : r;
}

/* Its driver has it open until the next scan. */
static int unplug_host_objects(struct making *making, const struct names_list *objects)
{
	bool must_scan = false;
	uint16_t token;
	int r = making_open(making, making->parent, &token);

	for (size_t i = 0; i < objects->n_names && r >= 0; i++) {
		const struct name *name = &objects->names[i];

		must_scan |= making_is_on_bus(making, name);
		r = making_plug(making, token, making->parent, name->type, name->id, false);
	}
	return r >= 0 && must_scan ? making_rescan(making) : r;
}

int making_destroy_host_objects(struct making *making, const struct names_list *objects)
{
	struct mc *mc = &making->transaction->mc;
	uint16_t token;
	int r = objects->n_names ? unplug_host_objects(making, objects) : 0;

	for (size_t i = 0; i < objects->n_names && r >= 0; i++) {
		const struct name *name = &objects->names[i];
		const struct mc_end end = making_end(name);
		struct mc_end peer;

		if (streq(name->type, "dpni") && making_peer(making, &end, &peer) > 0)
			r = making_disconnect(making, &end);
		if (r >= 0)
			r = making_open(making, making->parent, &token);
		if (r < 0)
			return r;
		r = making_retry(making, mc_destroy(mc, token, name->type, name->id));
		if (r < 0)
			return making_fail(making, r, "cannot destroy %s", name_text(name).text);
	}
	return r;
}

static bool is_same_end(const struct mc_end *a, const struct mc_end *b)
{
	return streq(a->type, b->type) && a->id == b->id && a->interface == b->interface;
}

/* An object of that name elsewhere is another one, which got its number. */
static int reconnect(struct making *making, const struct cut *cut,
		     const struct mc_descriptor *objects, size_t n_objects)
{
	_cleanup_free_ char *port = made_end_text(&cut->port), *before = made_end_text(&cut->peer);
	struct mc_end peer;
	int r = making_peer(making, &cut->port, &peer);

	if (r < 0)
		return making_fail(making, r, "cannot query a connection");
	if (r > 0 && is_same_end(&peer, &cut->peer))
		return 0;
	if (r > 0) {
		_cleanup_free_ char *now = made_end_text(&peer);

		return fail_aloud(making->speak, -ERROR_FAILED, making->what,
				  "%s is connected to %s now; it was connected to %s", port, now,
				  before);
	}
	if (!making_find(objects, n_objects, cut->peer.type, cut->peer.id))
		return fail_aloud(making->speak, -ERROR_FAILED, making->what,
				  "%s is not connected; it was connected to %s, which is not in "
				  "dprc.%u any more",
				  port, before, making->parent);
	return making_connect(making, &cut->peer, &cut->port);
}

int making_reconnect(struct making *making, const struct made *made)
{
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	size_t n_objects;
	int result = made->n_cuts ? making_list(making, making->parent, &objects, &n_objects) : 0;

	if (result < 0 || !made->n_cuts)
		return result;
	for (size_t i = 0; i < made->n_cuts; i++) {
		int r = reconnect(making, &made->cuts[i], objects, n_objects);

		if (r == -ERROR_TIMED_OUT)
			return r;
		result = r < 0 ? r : result;
	}
	return result;
}
