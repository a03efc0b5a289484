/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A DPRC: a container of objects, the unit of isolation, and an object itself.
 * bus_load() fills in what the sets tell; the dprc_load_...() functions add what costs more.
 */
#ifndef MODEL_DPRC_H
#define MODEL_DPRC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/name.h"

struct bus;
struct mc_container;
struct object;

/* What a bind changes of a DPRC, and so all that has to be restored. */
struct binding {
	char *driver;	       /* NULL: none */
	char *driver_override; /* NULL: unset */
};

struct dprc {
	struct object *object;	   /* itself */
	const struct dprc *parent; /* NULL: its parent is not on the fsl-mc bus */
	bool is_root;	  /* so Linux manages the MC through it, see fsl_mc_is_root_dprc() */
	char *path;	  /* of its device directory, below sys/ */
	size_t n_objects; /* direct children, DPRCs among them */
	const struct mc_container *mc; /* what the MC reports about it; NULL: not known */
};

/* Whether the MC reports that it is unplugged; false also where it does not say. */
bool dprc_is_unplugged(const struct dprc *dprc);

/* Whether the MC has it no more: Linux keeps the device until it scans the container around it. */
bool dprc_is_gone(const struct dprc *dprc);

/* Whether object is in dprc, or in a DPRC in it, however deep. */
bool dprc_contains(const struct dprc *dprc, const struct object *object);

/* Whether a device of any bus, by its name, is the DPRC or in it. */
bool dprc_has_device(const struct bus *bus, const struct dprc *dprc, const char *device);

/* Whether no driver has looked what is in it yet, so that Linux shows nothing. */
bool dprc_is_unscanned(const struct dprc *dprc);

/*
 * Whether what is seen of an object says that it is not isolated with the DPRC it is in: it has
 * another group, or a driver of the host probed it and it got none.  DPRCs have groups of their
 * own.
 */
bool dprc_is_split_off(const struct object *object);

/* The root DPRC around it, or itself; NULL: not known, as when the bus changed while it was read.
 */
const struct dprc *dprc_root(const struct dprc *dprc);

/*
 * The path below sys/ of a file of the platform device that the DPRC's root is below, which is the
 * MC; a new string.  NULL: the root is not known.
 */
char *dprc_mc_path(const struct dprc *dprc, const char *name);

/*
 * Reads a DPRC's driver and driver_override, in its directory, as they are now.  -ENOENT: it is
 * gone.  -EINPROGRESS: not to be had until deadline, see sysfs_read_timeout().
 */
int binding_load(int dir, int64_t deadline, struct binding *ret_binding);
void binding_done(struct binding *binding);
bool binding_equal(const struct binding *a, const struct binding *b);

/*
 * The text of a driver_override attribute as a driver's name: NULL when unset, which the kernel
 * shows as "(null)" (driver_override_show()) or, where the driver core does, as an empty line.
 */
const char *driver_override_parse(const char *text);

/* Whether text can be the name of a driver: of a directory in sysfs, which no path leads out of. */
bool driver_name_is_valid(const char *text);

#endif
