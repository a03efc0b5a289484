/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device node by which a program opens a DPRC through VFIO. */
#ifndef MODEL_NODE_H
#define MODEL_NODE_H

struct bus;
struct dprc;

struct node {
	char *path;  /* "/dev/vfio/5", or where there are no groups "/dev/vfio/devices/vfio0" */
	char *owner; /* "user:group" */
};

/* Both are NULL if it is not bound to vfio-fsl-mc.  -ENOENT: there is none, or it cannot be seen.
 */
int node_load(const struct bus *bus, const struct dprc *dprc, struct node *ret_node);
void node_done(struct node *node);

#endif
