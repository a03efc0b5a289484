/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the MC firmware has: every DPRC with its attributes, every object in it, and what it is
 * connected to.  Attached to the bus, so that a dprc and an object lead to it.  Costs one
 * command an object, one more an object that can be connected (if asked for), and at most six
 * a DPRC.
 */
#ifndef MODEL_MC_INVENTORY_H
#define MODEL_MC_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/mc.h"
#include "model/name.h"

struct bus;

#define MC_DEADLINE_MS 60000 /* for all commands together */

enum mc_endpoint_knowledge { ENDPOINT_UNKNOWN, ENDPOINT_NONE, ENDPOINT_CONNECTED };

struct mc_endpoint {
	enum mc_endpoint_knowledge knowledge; /* NONE also for types that have no endpoint */
	struct name name;
	uint16_t interface;
	int link; /* 1 up, 0 down */
};

struct mc_object {
	struct name name;
	const struct mc_container *container;
	uint32_t index;		   /* in it, as the MC counts */
	char label[MC_LABEL_SIZE]; /* untrusted; "": none */
	uint32_t state;		   /* of enum mc_obj_state */
	uint16_t vendor, ver_major, ver_minor, flags;
	uint8_t n_irqs, n_regions;
	struct mc_endpoint endpoint; /* of its interface 0 */
};

struct mc_container {
	struct name name;
	const struct mc_container *parent; /* NULL: the root; the DPRCs are a tree of these */
	uint32_t icid;
	uint32_t options; /* of enum mc_dprc_option */
	uint32_t portal_id;
	struct mc_object *objects; /* direct children, by name; also those Linux lacks */
	size_t n_objects;
	int error;	  /* 0; else a negative errno: opening it or its attributes failed, so the
			   * members from icid on mean nothing (the MC's status, see mc_status_name()) */
	bool is_complete; /* every object the MC counts was got, so one not there is not there */
	size_t above;	  /* while they are loaded: the place of its parent among them */
};

enum mc_detail {
	MC_OBJECTS,
	MC_ENDPOINTS, /* and what they are connected to */
};

struct mc_inventory {
	enum mc_detail detail; /* what was asked for */
	struct mc_version version;
	struct mc_container *containers; /* by name */
	size_t n_containers;
	size_t n_objects;  /* in all of them */
	size_t n_commands; /* what it took */
};

/*
 * Loads the inventory and sets object->mc, dprc->mc and bus->mc, which owns it, in place of an
 * earlier one.  What of it could not be had is left NULL, that is unknown.  mc is opened if it is
 * not open, and stays so.  Errors as mc_open() and mc_get_version(), with bus->mc NULL; -ETIMEDOUT
 * also if the MC fell silent over one of the DPRCs.
 */
int mc_inventory_load(struct bus *bus, enum mc_detail detail, struct mc *mc);

/* The same of these DPRCs and of those inside them, and of nothing else; without the version. */
int mc_inventory_load_some(struct bus *bus, const struct name *dprcs, size_t n_dprcs,
			   struct mc *mc);
void mc_inventory_free(struct mc_inventory *inventory);

/*
 * Asks the MC once more about a DPRC of bus->mc other than the root: its attributes and its label,
 * at the price of two commands, and two more if it was released.  -ENOENT: it is not where it was.
 */
int mc_inventory_ask_again(const struct bus *bus, const struct mc_object *dprc, struct mc *mc,
			   struct mc_dprc_attributes *ret_attributes,
			   char ret_label[MC_LABEL_SIZE]);

const struct mc_container *mc_inventory_find(const struct mc_inventory *inventory,
					     const struct name *name);

bool mc_version_is_unknown(const struct mc_inventory *inventory);

/*
 * Since MC 10.20 a lock, and no longer the option OBJ_CREATE, keeps software in a DPRC from
 * creating objects.  False also where the version is not known.
 */
bool mc_decides_by_lock(const struct mc_inventory *inventory);

/* Whether it is that DPRC, or inside it, however deep. */
bool mc_container_is_in(const struct mc_container *container, const struct mc_container *outer);

#endif
