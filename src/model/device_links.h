/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device links of an object: who stops working without it (consumers), and without whom it would
 * (suppliers).  Only those on the fsl-mc bus; they may be in other containers.
 */
#ifndef MODEL_DEVICE_LINKS_H
#define MODEL_DEVICE_LINKS_H

#include <stddef.h>

#include "base/strings.h"
#include "model/name.h"

struct bus;
struct object;

struct device_links {
	struct strings consumers, suppliers; /* names of objects */
};

int device_links_load(const struct bus *bus, const struct object *object,
		      struct device_links *ret_links);
void device_links_done(struct device_links *links);
#define _cleanup_device_links_ __attribute__((cleanup(device_links_done)))

struct device_link {
	struct name supplier, consumer;
};

/*
 * Every link between objects of the bus, from class/devlink at once; the caller frees the array.
 * -ENOENT: Linux before 5.9 has no such class.
 */
int device_links_load_all(const struct bus *bus, struct device_link **ret_links,
			  size_t *ret_n_links);

#endif
