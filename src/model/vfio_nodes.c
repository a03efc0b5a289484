/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device nodes of a DPRC that is bound to VFIO. */
#include <stdlib.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "kernel/vfio.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/vfio_dev.h"
#include "model/vfio_nodes.h"

static void add(struct vfio_nodes *nodes, struct vfio_node node)
{
	nodes->nodes = xrealloc(nodes->nodes, nodes->n_nodes + 1, sizeof(node));
	nodes->nodes[nodes->n_nodes++] = node;
}

static void add_group(struct vfio_nodes *nodes, const struct bus *bus, const struct object *object)
{
	if (object->group == GROUP_NONE || !vfio_has_groups(bus->sysfs))
		return;
	add(nodes, (struct vfio_node){
			   .path = xasprintf("/dev/vfio/%d", object->group),
			   .dev_attribute = xasprintf("class/vfio/%d/dev", object->group),
			   .object = object,
			   .is_group = true,
		   });
}

/* False: this kernel makes no such nodes, so no other object needs to be read. */
static bool add_device(struct vfio_nodes *nodes, const struct bus *bus, const struct object *object)
{
	_cleanup_free_ char *path =
		xasprintf("bus/fsl-mc/devices/%s", name_text(&object->name).text);
	bool has_node;
	_cleanup_free_ char *name = vfio_dev_find(bus->sysfs, path, &has_node);

	if (!name)
		return true;
	if (has_node)
		add(nodes, (struct vfio_node){
				   .path = xasprintf("/dev/vfio/devices/%s", name),
				   .dev_attribute = xasprintf("%s/vfio-dev/%s/dev", path, name),
				   .object = object,
			   });
	return has_node;
}

void vfio_nodes_load_own(const struct bus *bus, const struct dprc *dprc,
			 struct vfio_nodes *ret_nodes)
{
	struct vfio_nodes nodes = { 0 };

	add_group(&nodes, bus, dprc->object);
	add_device(&nodes, bus, dprc->object);
	*ret_nodes = nodes;
}

void vfio_nodes_load(const struct bus *bus, const struct dprc *dprc, struct vfio_nodes *ret_nodes)
{
	struct vfio_nodes nodes = { 0 };
	bool has_device_nodes;

	add_group(&nodes, bus, dprc->object);
	for (size_t i = 0; i < bus->n_dprcs; i++)
		if (dprc_contains(dprc, bus->dprcs[i].object))
			add_group(&nodes, bus, bus->dprcs[i].object);
	has_device_nodes = add_device(&nodes, bus, dprc->object);
	for (size_t i = 0; has_device_nodes && i < bus->n_objects; i++)
		if (dprc_contains(dprc, &bus->objects[i]))
			has_device_nodes = add_device(&nodes, bus, &bus->objects[i]);
	*ret_nodes = nodes;
}

void vfio_nodes_done(struct vfio_nodes *nodes)
{
	for (size_t i = 0; i < nodes->n_nodes; i++) {
		free(nodes->nodes[i].path);
		free(nodes->nodes[i].dev_attribute);
	}
	free(nodes->nodes);
	*nodes = (struct vfio_nodes){ 0 };
}
