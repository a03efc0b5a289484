/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/node.h"
#include <errno.h>
#include <stdlib.h>

#include "base/account.h"
#include "base/util.h"
#include "kernel/devnode.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/vfio_nodes.h"

int node_load(const struct bus *bus, const struct dprc *dprc, struct node *ret_node)
{
	_cleanup_vfio_nodes_ struct vfio_nodes nodes = { 0 };

	*ret_node = (struct node){ 0 };
	if (!str_same(dprc->object->driver, VFIO_DRIVER))
		return 0;
	vfio_nodes_load_own(bus, dprc, &nodes);
	for (size_t i = 0; i < nodes.n_nodes; i++) {
		const struct vfio_node *node = &nodes.nodes[i];
		_cleanup_close_ int handle =
			devnode_open(bus->sysfs, node->path, node->dev_attribute);
		struct devnode_owner owner;

		if (handle < 0 || devnode_get_owner(handle, &owner) < 0)
			continue;
		*ret_node = (struct node){
			.path = xstrdup(node->path),
			.owner = account_text(&(struct account){ owner.uid, owner.gid }),
		};
		return 0;
	}
	return -ENOENT;
}

void node_done(struct node *node)
{
	free(node->path);
	free(node->owner);
	*node = (struct node){ 0 };
}
