/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a user can open VFIO's device nodes. */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>

#include "base/account.h"
#include "base/util.h"
#include "kernel/devnode.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/node_access.h"
#include "model/vfio_nodes.h"

/* What has been found out so far. */
struct access {
	const struct bus *bus;
	const struct passwd *user; /* NULL: whoever runs this */
	struct strings *denied;
	int error; /* the first that kept it from being found out */
};

/* A node that is not there is no matter of access. */
static void judge(struct access *access, const char *path, const char *dev_attribute,
		  const struct object *object)
{
	const struct sysfs *sysfs = access->bus->sysfs;
	_cleanup_close_ int handle = devnode_open(sysfs, path, dev_attribute);
	_cleanup_free_ char *whose = NULL, *text = NULL;
	struct devnode_owner owner;
	known_bool may;

	if (handle < 0 || devnode_get_owner(handle, &owner) < 0)
		return;
	may = devnode_is_accessible(sysfs, path, access->user);
	if (may < 0 && !access->error)
		access->error = may;
	if (may)
		return;
	whose = account_text(&(struct account){ owner.uid, owner.gid });
	text = xasprintf("%s%s%s (%s %03o)", path, object ? " of " : "",
			 object ? name_text(&object->name).text : "", whose, owner.mode);
	strings_add(access->denied, text);
}

static void judge_dprc(struct access *access, const struct dprc *dprc, bool has_vfio_node)
{
	_cleanup_vfio_nodes_ struct vfio_nodes nodes = { 0 };

	vfio_nodes_load_own(access->bus, dprc, &nodes);
	for (size_t i = 0; i < nodes.n_nodes; i++)
		if (nodes.nodes[i].is_group == has_vfio_node)
			judge(access, nodes.nodes[i].path, nodes.nodes[i].dev_attribute,
			      dprc->object);
}

int node_access_load(const struct bus *bus, const char *user, struct strings *ret_denied)
{
	const bool has_vfio_node = sysfs_exists(bus->sysfs->root_fd, "dev/vfio/vfio");
	struct access access = { .bus = bus, .denied = ret_denied };

	access.user = user ? getpwnam(user) : NULL;
	if (!bus->sysfs->is_live || (user && !access.user))
		return -ENOENT;
	if (has_vfio_node)
		judge(&access, "/dev/vfio/vfio", "class/misc/vfio/dev", NULL);
	else
		judge(&access, "/dev/iommu", "class/misc/iommu/dev", NULL);
	for (size_t i = 0; i < bus->n_dprcs; i++)
		if (str_same(bus->dprcs[i].object->driver, VFIO_DRIVER))
			judge_dprc(&access, &bus->dprcs[i], has_vfio_node);
	return access.error;
}
