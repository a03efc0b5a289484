/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making a container: what is looked at before the first command. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "layout/layout.h"
#include "model/bus.h"
#include "model/mc_inventory.h"
#include "transaction/change.h"
#include "transaction/creation.h"
#include "transaction/creation_parts.h"

static int load_api(struct creation_run *run, const char *type)
{
	int r;

	for (size_t i = 0; i < run->n_apis; i++)
		if (streq(run->apis[i].type, type))
			return 0;
	if (run->n_apis == ARRAY_SIZE(run->apis))
		return fail(-ERROR_FAILED, run->making.what, "too many types of objects");
	r = mc_get_api_version(&run->making.transaction->mc, type, &run->apis[run->n_apis].api);
	if (r < 0)
		return making_fail(&run->making, r, "cannot query the version of %s commands",
				   type);
	run->apis[run->n_apis++].type = type;
	return 0;
}

struct mc_api creation_api_of(const struct creation_run *run, const char *type)
{
	size_t i = 0;

	while (!streq(run->apis[i].type, type))
		i++;
	return run->apis[i].api;
}

static int load_apis(struct creation_run *run)
{
	int r = load_api(run, "dprc");

	for (size_t i = 0; i < run->layout->n_objects && r >= 0; i++)
		r = load_api(run, run->layout->objects[i].type);
	return r;
}

/* Nobody else's: of those that a killed run left, too, there may be one. */
static void choose_temporary(struct creation_run *run, const struct mc_container *parent)
{
	char *label = run->creation->temporary;
	unsigned int number = (unsigned int)clock_now_us() ^ (unsigned int)getpid() << 8;
	bool is_taken;

	do {
		snprintf(label, sizeof(run->creation->temporary), "making-%08x", number++);
		is_taken = false;
		for (size_t i = 0; i < parent->n_objects; i++)
			is_taken |= streq(parent->objects[i].label, label);
	} while (is_taken);
}

/* As the inventory has it, which was loaded under the lock. */
static int note_parent(struct creation_run *run)
{
	const struct mc_inventory *mc = run->bus->mc;
	struct creation *creation = run->creation;
	const struct mc_container *parent = mc_inventory_find(mc, &creation->made.parent);

	if (!parent || parent->error || !parent->is_complete)
		return fail(-ERROR_FAILED, run->making.what,
			    "the MC did not tell all that %s has; nothing was changed",
			    name_text(&creation->made.parent).text);
	for (size_t i = 0; i < parent->n_objects; i++)
		names_list_add(&creation->before, &parent->objects[i].name);
	for (size_t i = 0; i < mc->n_containers; i++)
		names_list_add(&creation->containers, &mc->containers[i].name);
	for (size_t i = 0; i < run->layout->n_objects; i++)
		if (run->layout->objects[i].in_parent &&
		    !strings_has(&creation->host_types, run->layout->objects[i].type))
			strings_add(&creation->host_types, run->layout->objects[i].type);
	choose_temporary(run, parent);
	return 0;
}

struct mc_end creation_port_of(const struct layout_connection *connection)
{
	return (struct mc_end){ .type = "dpmac", .id = connection->dpmac };
}

/* A port must be connected to what the layout thinks that it cuts off, and to nothing else. */
static int note_port(struct creation_run *run, const struct layout_connection *connection)
{
	const struct mc_end port = creation_port_of(connection);
	struct mc_end peer;
	int r = making_peer(&run->making, &port, &peer);

	if (r < 0)
		return making_fail(&run->making, r, "cannot query the connection of dpmac.%u",
				   port.id);
	if (r != connection->cuts || (r && (peer.id != connection->cut_off.id ||
					    !streq(peer.type, connection->cut_off.type))))
		return fail(-ERROR_FAILED, run->making.what,
			    "dpmac.%u was connected to something else meanwhile; nothing was "
			    "changed",
			    port.id);
	if (r)
		made_add_cut(&run->creation->made, &port, &peer);
	return 0;
}

int creation_look(struct creation_run *run)
{
	const struct layout *layout = run->layout;
	int r = making_begin(&run->making);

	if (r >= 0)
		r = load_apis(run);
	if (r >= 0)
		r = note_parent(run);
	for (size_t i = 0; i < layout->n_connections && r >= 0; i++)
		if (layout->connections[i].peer == PEER_DPMAC)
			r = note_port(run, &layout->connections[i]);
	return r;
}
