/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device nodes through which a program uses a DPRC that is bound to VFIO: that of its group on
 * kernels with CONFIG_VFIO_GROUP, those of the DPRC and each of its objects on kernels with
 * CONFIG_VFIO_DEVICE_CDEV.  DPRCs
 * inside have groups of their own, which go with it.
 */
#ifndef MODEL_VFIO_NODES_H
#define MODEL_VFIO_NODES_H

#include <stdbool.h>
#include <stddef.h>

struct bus;
struct dprc;
struct object;

struct vfio_node {
	char *path;		     /* "/dev/vfio/5" */
	char *dev_attribute;	     /* below sys/: its number, for devnode_open() */
	const struct object *object; /* the DPRC whose group it is, or the object */
	bool is_group;
};

struct vfio_nodes {
	struct vfio_node *nodes; /* groups first */
	size_t n_nodes;
};

/* The nodes that sysfs names; devnode_open() finds out whether they are in /dev. */
void vfio_nodes_load(const struct bus *bus, const struct dprc *dprc, struct vfio_nodes *ret_nodes);

/* Only those of the DPRC itself. */
void vfio_nodes_load_own(const struct bus *bus, const struct dprc *dprc,
			 struct vfio_nodes *ret_nodes);

void vfio_nodes_done(struct vfio_nodes *nodes);
#define _cleanup_vfio_nodes_ __attribute__((cleanup(vfio_nodes_done)))

#endif
