/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fsl-mc bus as Linux shows it: every object, every DPRC, who contains whom.
 *
 * Who contains whom is made a tree here: whoever walks it later comes to an end.  Where a DPRC is,
 * its own link tells.  All else is loaded by sets, which costs less than a question per object:
 * contents by the directories of the DPRCs, drivers and groups by drivers/X and
 * iommu_groups/N/devices.  An object in no such set has no driver, or no group; sets are read one
 * after the other, so an object in two of them has moved meanwhile and is looked at by itself, as
 * is one in the directory of no DPRC.
 */
#ifndef MODEL_BUS_H
#define MODEL_BUS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/object.h"

struct dprc;
struct mc_inventory;
struct sysfs;

struct bus {
	const struct sysfs *sysfs;
	int fd;			/* sys/bus/fsl-mc */
	struct object *objects; /* by name */
	size_t n_objects;
	struct dprc *dprcs; /* by name */
	size_t n_dprcs;
	char **drivers; /* registered on the bus; objects point here */
	size_t n_drivers;
	struct mc_inventory *mc; /* NULL: the MC was not asked, or did not answer */
	int mc_error;		 /* why it did not: by mc_open(), or once it was opened */
	bool mc_was_opened;
};

/*
 * -ENOENT: no fsl-mc bus here.  -EBADMSG: a link in bus/fsl-mc/devices that was read does not lead
 * to the device of its name.  Other errors as open(2) and getdents(2) give them.
 */
int bus_load(const struct sysfs *sysfs, struct bus **ret_bus);
void bus_free(struct bus *bus);
static inline void bus_freep(struct bus **bus) { bus_free(*bus); }
#define _cleanup_bus_ __attribute__((cleanup(bus_freep)))

/* NULL: no such object, no such DPRC. */
struct object *bus_find(const struct bus *bus, const struct name *name);
struct dprc *bus_find_dprc(const struct bus *bus, const struct name *name);
/* An object that the MC has, whether Linux has it or not; NULL: it has none, or was not queried. */
const struct mc_object *bus_find_mc(const struct bus *bus, const struct name *name);

/* The first root DPRC (a machine with several MCs would have several); NULL: none. */
struct dprc *bus_root(const struct bus *bus);

bool bus_has_driver(const struct bus *bus, const char *driver);

#endif
