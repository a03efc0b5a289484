/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a user can open VFIO's device nodes. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/account.h"
#include "base/util.h"
#include "kernel/devnode.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/node_access.h"
#include "model/vfio_nodes.h"

#define READ_WRITE 06

struct user {
	uid_t uid;
	gid_t *groups;
	int n_groups;
};

static void user_done(struct user *user) { free(user->groups); }

/* Those of this process, which may differ from those of the user's next login. */
static int load_self(struct user *user)
{
	const int n = getgroups(0, NULL);

	if (n < 0)
		return -errno;
	*user = (struct user){ getuid(), xcalloc((size_t)n + 1, sizeof(gid_t)), 0 };
	user->n_groups = getgroups(n, user->groups);
	if (user->n_groups < 0)
		return -errno;
	user->groups[user->n_groups++] = getgid();
	return 0;
}

static int load_user(const char *name, struct user *user)
{
	const struct passwd *entry;
	int n = 32;

	if (!name)
		return load_self(user);
	entry = getpwnam(name);
	if (!entry)
		return -ENOENT;
	user->uid = entry->pw_uid;
	do {
		user->groups = xrealloc(user->groups, (size_t)n, sizeof(gid_t));
		user->n_groups = n;
	} while (getgrouplist(name, entry->pw_gid, user->groups, &n) < 0 && n > user->n_groups);
	user->n_groups = n;
	return 0;
}

static bool is_in(const struct user *user, gid_t group)
{
	for (int i = 0; i < user->n_groups; i++)
		if (user->groups[i] == group)
			return true;
	return false;
}

/* The first class that fits decides, as in acl_permission_check(). */
static bool may_open(const struct user *user, const struct devnode_owner *owner)
{
	mode_t mode = owner->mode;

	if (user->uid == 0)
		return true;
	if (user->uid == owner->uid)
		mode >>= 6;
	else if (is_in(user, owner->gid))
		mode >>= 3;
	return (mode & READ_WRITE) == READ_WRITE;
}

/* A node that is not there is no matter of access. */
static void judge(const struct bus *bus, const struct user *user, const char *path,
		  const char *dev_attribute, const struct object *object, struct strings *denied)
{
	_cleanup_close_ int handle = devnode_open(bus->sysfs, path, dev_attribute);
	_cleanup_free_ char *whose = NULL, *text = NULL;
	struct devnode_owner owner;

	if (handle < 0 || devnode_get_owner(handle, &owner) < 0 || may_open(user, &owner))
		return;
	whose = account_text(&(struct account){ owner.uid, owner.gid });
	text = xasprintf("%s%s%s (%s %03o)", path, object ? " of " : "",
			 object ? name_text(&object->name).text : "", whose, owner.mode);
	strings_add(denied, text);
}

static void judge_dprc(const struct bus *bus, const struct user *user, const struct dprc *dprc,
		       bool has_vfio_node, struct strings *denied)
{
	_cleanup_vfio_nodes_ struct vfio_nodes nodes = { 0 };

	vfio_nodes_load(bus, dprc, &nodes);
	for (size_t i = 0; i < nodes.n_nodes; i++)
		if (nodes.nodes[i].is_group == has_vfio_node &&
		    nodes.nodes[i].object == dprc->object)
			judge(bus, user, nodes.nodes[i].path, nodes.nodes[i].dev_attribute,
			      dprc->object, denied);
}

int node_access_load(const struct bus *bus, const char *user_name, struct strings *ret_denied)
{
	const bool has_vfio_node = sysfs_exists(bus->sysfs->root_fd, "dev/vfio/vfio");
	_cleanup_(user_done) struct user user = { 0 };
	int r = bus->sysfs->is_live ? load_user(user_name, &user) : -ENOENT;

	if (r < 0)
		return r;
	if (has_vfio_node)
		judge(bus, &user, "/dev/vfio/vfio", "class/misc/vfio/dev", NULL, ret_denied);
	else
		judge(bus, &user, "/dev/iommu", "class/misc/iommu/dev", NULL, ret_denied);
	for (size_t i = 0; i < bus->n_dprcs; i++)
		if (str_same(bus->dprcs[i].object->driver, VFIO_DRIVER))
			judge_dprc(bus, &user, &bus->dprcs[i], has_vfio_node, ret_denied);
	return 0;
}
