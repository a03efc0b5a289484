/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device links of an object: who stops working without it (consumers), and without whom it would
 * (suppliers).  Only those on the fsl-mc bus; they may be in other containers.
 */
#ifndef MODEL_DEVICE_LINKS_H
#define MODEL_DEVICE_LINKS_H

#include "base/strings.h"

struct bus;
struct object;

struct device_links {
	struct strings consumers, suppliers; /* names of objects */
};

int device_links_load(const struct bus *bus, const struct object *object,
		      struct device_links *ret_links);
void device_links_done(struct device_links *links);
#define _cleanup_device_links_ __attribute__((cleanup(device_links_done)))

#endif
