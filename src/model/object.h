/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An object of the fsl-mc bus: what Linux knows of it, and, when it was asked, what the MC knows.
 * Small on purpose: an inventory keeps one of these per object and nothing else.
 */
#ifndef MODEL_OBJECT_H
#define MODEL_OBJECT_H

#include "model/name.h"

#define GROUP_NONE (-1)

struct dprc;
struct mc_object;

/* The drivers a DPRC can have. */
#define VFIO_DRIVER "vfio-fsl-mc"
#define DPRC_DRIVER "fsl_mc_dprc"

struct object {
	struct name name;
	int group;	    /* IOMMU group number, or GROUP_NONE */
	const char *driver; /* interned in the bus; NULL: bound to none */
	const struct dprc
		*container; /* the DPRC it is in; NULL: the root DPRC, or vanished meanwhile */
	const struct mc_object *mc; /* the MC's descriptor; NULL: not known */
};

/* Whether Linux makes devices of a type: fsl_mc_get_device_type() in fsl-mc-bus.c. */
bool object_type_is_known(const char *type);

/* Types that others need to be probed, and that a scan adds first (dprc_add_new_devices()). */
bool object_type_is_allocatable(const char *type);

/* The driver that Linux has for a type, if it was built; NULL: it has none. */
const char *object_host_driver(const char *type);

#endif
