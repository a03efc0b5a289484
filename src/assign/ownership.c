/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose the device nodes of a DPRC on VFIO are. */
#include <errno.h>

#include <json-c/json.h>

#include "assign/change.h"
#include "assign/ownership.h"
#include "assign/policy.h"
#include "base/account.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/vfio_nodes.h"

/* devtmpfsd makes a node within the bind; udev, where it makes them, soon after. */
#define PATIENCE_MS 2000
#define POLL_MS 20

void ownership_take(const struct bus *bus, const struct dprc *dprc, struct ownership *ret_ownership)
{
	_cleanup_vfio_nodes_ struct vfio_nodes nodes = { 0 };
	_cleanup_close_ int handle = -1;
	struct ownership ownership = { 0 };

	vfio_nodes_load(bus, dprc, &nodes);
	if (nodes.n_nodes)
		handle =
			devnode_open(bus->sysfs, nodes.nodes[0].path, nodes.nodes[0].dev_attribute);
	if (handle >= 0)
		ownership.is_known = devnode_get_owner(handle, &ownership.owner) == 0;
	*ret_ownership = ownership;
}

void ownership_from_account(const struct account *account, const struct ownership *now,
			    struct ownership *ret_ownership)
{
	const bool has_group = account->gid != ACCOUNT_KEEP;
	const gid_t gid_now = now->is_known ? now->owner.gid : 0;
	const mode_t mode_now = now->is_known ? now->owner.mode : 0600;

	*ret_ownership = (struct ownership){
		.is_known = true,
		.owner = {
			.uid = account->uid,
			.gid = has_group ? account->gid : gid_now,
			.mode = has_group ? 0660 : mode_now,
		},
	};
}

bool ownership_changes(const struct change *change)
{
	return change->owner_after.is_known &&
	       (!change->owner_before.is_known ||
		!devnode_owner_equal(&change->owner_before.owner, &change->owner_after.owner));
}

static int open_node(const struct bus *bus, const struct vfio_node *node)
{
	const int64_t deadline = clock_now_ms() + PATIENCE_MS;
	int handle = devnode_open(bus->sysfs, node->path, node->dev_attribute);

	while (handle == -ENOENT && deadline_left_ms(deadline) > 0) {
		clock_sleep_ms(POLL_MS);
		handle = devnode_open(bus->sysfs, node->path, node->dev_attribute);
	}
	return handle;
}

static int give_node(const struct bus *bus, const struct vfio_node *node,
		     const struct devnode_owner *owner)
{
	_cleanup_close_ int handle = open_node(bus, node);
	struct devnode_owner now;
	int r = handle;

	if (r >= 0)
		r = devnode_set_owner(handle, owner);
	if (r >= 0)
		r = devnode_get_owner(handle, &now);
	if (r < 0)
		return fail(-ERROR_FAILED, name_text(&node->object->name).text,
			    "cannot give %s to user %u: %s", node->path, owner->uid,
			    r == -EXDEV ? "it is not that device's node" : error_text(r));
	if (devnode_owner_equal(&now, owner))
		return 0;
	return fail(-ERROR_FAILED, name_text(&node->object->name).text,
		    "%s was given to user %u but belongs to %u; a udev rule may be at it",
		    node->path, owner->uid, now.uid);
}

/* What udevd does about a new node by its rules it does late; then it would have the last word. */
static void await_udev(const struct sysfs *sysfs)
{
	const int64_t deadline = clock_now_ms() + PATIENCE_MS;

	while (sysfs_exists(sysfs->root_fd, "run/udev/queue") && deadline_left_ms(deadline) > 0)
		clock_sleep_ms(POLL_MS);
}

static int give(const struct bus *bus, const struct change *change,
		const struct devnode_owner *owner)
{
	const struct dprc *dprc = bus_find_dprc(bus, &change->name);
	_cleanup_vfio_nodes_ struct vfio_nodes nodes = { 0 };
	int r = 0;

	if (!dprc)
		return fail(-ERROR_FAILED, name_text(&change->name).text, "it vanished");
	vfio_nodes_load(bus, dprc, &nodes);
	if (nodes.n_nodes)
		await_udev(bus->sysfs);
	for (size_t i = 0; i < nodes.n_nodes && r >= 0; i++)
		r = give_node(bus, &nodes.nodes[i], owner);
	return r;
}

int ownership_give(const struct transaction *transaction, enum direction direction)
{
	_cleanup_bus_ struct bus *bus = NULL;
	int r = 0;

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		const struct change *change = &transaction->changes[i];
		const bool is_after = direction == TOWARDS_AFTER;
		const struct binding *binding = is_after ? &change->after : &change->before;
		const struct ownership *ownership =
			is_after ? &change->owner_after : &change->owner_before;

		if (!ownership->is_known || !str_same(binding->driver, VFIO_DRIVER))
			continue;
		if (!bus && (r = bus_load(transaction->sysfs, &bus)) < 0)
			return fail(-ERROR_FAILED, NULL, "cannot read the fsl-mc bus: %s",
				    error_text(r));
		r = give(bus, change, &ownership->owner);
	}
	return r;
}

struct json_object *ownership_to_json(const struct ownership *ownership)
{
	struct json_object *json;

	if (!ownership->is_known)
		return NULL;
	json = json_object_new_object();
	json_object_object_add(json, "uid", json_object_new_int64(ownership->owner.uid));
	json_object_object_add(json, "gid", json_object_new_int64(ownership->owner.gid));
	json_object_object_add(json, "mode", json_object_new_int64(ownership->owner.mode));
	return json;
}

static unsigned int number_of(struct json_object *json, const char *key)
{
	return (unsigned int)json_object_get_int64(json_object_object_get(json, key));
}

void ownership_from_json(struct json_object *json, struct ownership *ret_ownership)
{
	*ret_ownership = (struct ownership){ 0 };
	if (!json_object_is_type(json, json_type_object))
		return;
	*ret_ownership = (struct ownership){
		.is_known = true,
		.owner = {
			.uid = number_of(json, "uid"),
			.gid = number_of(json, "gid"),
			.mode = number_of(json, "mode"),
		},
	};
}
