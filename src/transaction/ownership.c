/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose the device nodes of a DPRC on VFIO are. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/account.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/vfio_nodes.h"
#include "transaction/change.h"
#include "transaction/ownership.h"
#include "transaction/record.h"

static struct node_ownership node_take(const struct bus *bus, const struct vfio_node *node)
{
	_cleanup_close_ int handle = devnode_open(bus->sysfs, node->path, node->dev_attribute);
	struct node_ownership taken = { .object = node->object->name, .is_group = node->is_group };

	taken.is_known = handle >= 0 && devnode_get_owner(handle, &taken.owner) == 0;
	return taken;
}

void ownership_take(const struct bus *bus, const struct dprc *dprc, struct ownership *ret_ownership)
{
	_cleanup_vfio_nodes_ struct vfio_nodes nodes = { 0 };
	struct ownership ownership = { 0 };

	vfio_nodes_load(bus, dprc, &nodes);
	ownership.nodes = xcalloc(nodes.n_nodes, sizeof(*ownership.nodes));
	ownership.n_nodes = nodes.n_nodes;
	for (size_t i = 0; i < nodes.n_nodes; i++)
		ownership.nodes[i] = node_take(bus, &nodes.nodes[i]);
	*ret_ownership = ownership;
}

void ownership_copy(const struct ownership *ownership, struct ownership *ret_ownership)
{
	*ret_ownership = *ownership;
	ret_ownership->nodes = xcalloc(ownership->n_nodes, sizeof(*ownership->nodes));
	for (size_t i = 0; i < ownership->n_nodes; i++)
		ret_ownership->nodes[i] = ownership->nodes[i];
}

void ownership_done(struct ownership *ownership)
{
	free(ownership->nodes);
	*ownership = (struct ownership){ 0 };
}

static struct devnode_owner owner_from_account(const struct account *account,
					       const struct devnode_owner *now)
{
	const bool has_group = account->gid != ACCOUNT_KEEP;

	return (struct devnode_owner){
		.uid = account->uid,
		.gid = has_group ? account->gid : now->gid,
		.mode = has_group ? 0660 : 0600,
	};
}

void ownership_from_account(const struct account *account, const struct ownership *now,
			    struct ownership *ret_ownership)
{
	static const struct devnode_owner kernels = { .uid = 0, .gid = 0, .mode = 0600 };
	struct ownership ownership;

	ownership_copy(now, &ownership);
	for (size_t i = 0; i < ownership.n_nodes; i++) {
		struct node_ownership *node = &ownership.nodes[i];

		node->owner = owner_from_account(account, node->is_known ? &node->owner : &kernels);
		node->is_known = true;
	}
	ownership.has_others = true;
	ownership.others = owner_from_account(account, &kernels);
	*ret_ownership = ownership;
}

const struct devnode_owner *ownership_of(const struct ownership *ownership,
					 const struct name *object, bool is_group)
{
	const struct devnode_owner *owner = ownership->has_others ? &ownership->others : NULL;

	for (size_t i = ownership->n_nodes; i--;) {
		const struct node_ownership *node = &ownership->nodes[i];

		if (node->is_group != is_group)
			continue;
		owner = node->is_known ? &node->owner : NULL;
		if (name_equal(&node->object, object))
			break;
	}
	return owner;
}

bool ownership_gives(const struct change *change, const struct name *object, bool is_group)
{
	const struct devnode_owner *before = ownership_of(&change->owner_before, object, is_group);
	const struct devnode_owner *after = ownership_of(&change->owner_after, object, is_group);

	return after && (!before || !devnode_owner_equal(before, after));
}

bool ownership_changes(const struct change *change)
{
	for (size_t i = 0; i < change->owner_before.n_nodes; i++) {
		const struct node_ownership *node = &change->owner_before.nodes[i];

		if (ownership_gives(change, &node->object, node->is_group))
			return true;
	}
	return false;
}

static void add_owner(struct json_object *json, const struct devnode_owner *owner)
{
	json_object_object_add(json, "uid", json_object_new_int64(owner->uid));
	json_object_object_add(json, "gid", json_object_new_int64(owner->gid));
	json_object_object_add(json, "mode", json_object_new_int64(owner->mode));
}

static struct json_object *node_to_json(const struct node_ownership *node)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "object",
			       json_object_new_string(name_text(&node->object).text));
	json_object_object_add(json, "is_group", json_object_new_boolean(node->is_group));
	if (node->is_known)
		add_owner(json, &node->owner);
	return json;
}

struct json_object *ownership_to_json(const struct ownership *ownership)
{
	struct json_object *json = json_object_new_object(), *nodes = json_object_new_array();

	for (size_t i = 0; i < ownership->n_nodes; i++)
		json_object_array_add(nodes, node_to_json(&ownership->nodes[i]));
	json_object_object_add(json, "nodes", nodes);
	if (ownership->has_others)
		add_owner(json, &ownership->others);
	return json;
}

/* 1: *ret_owner is filled; 0: there is none; -EBADMSG. */
static int get_owner(struct json_object *json, struct devnode_owner *ret_owner)
{
	int64_t uid, gid, mode;

	if (!json_object_object_get_ex(json, "uid", NULL))
		return 0;
	if (record_read_number(json, "uid", 0, UINT32_MAX, &uid) < 0 ||
	    record_read_number(json, "gid", 0, UINT32_MAX, &gid) < 0 ||
	    record_read_number(json, "mode", 0, DEVNODE_PERMISSIONS, &mode) < 0)
		return -EBADMSG;
	*ret_owner = (struct devnode_owner){ (uid_t)uid, (gid_t)gid, (mode_t)mode };
	return 1;
}

static int node_from_json(struct json_object *json, struct node_ownership *ret_node)
{
	struct json_object *is_group = json_object_object_get(json, "is_group");
	const char *object = record_text(json, "object");
	struct node_ownership node = { .is_group = json_object_get_boolean(is_group) };
	int r;

	if (!object || name_parse(object, &node.object) < 0 ||
	    !json_object_is_type(is_group, json_type_boolean))
		return -EBADMSG;
	r = get_owner(json, &node.owner);
	if (r < 0)
		return r;
	node.is_known = r;
	*ret_node = node;
	return 0;
}

int ownership_from_json(struct json_object *json, struct ownership *ret_ownership)
{
	struct json_object *nodes = json_object_object_get(json, "nodes");
	_cleanup_ownership_ struct ownership ownership = { 0 };
	int r = get_owner(json, &ownership.others);

	if (r < 0 || !json_object_is_type(nodes, json_type_array))
		return -EBADMSG;
	ownership.has_others = r;
	ownership.n_nodes = json_object_array_length(nodes);
	ownership.nodes = xcalloc(ownership.n_nodes, sizeof(*ownership.nodes));
	for (size_t i = 0; i < ownership.n_nodes; i++) {
		r = node_from_json(json_object_array_get_idx(nodes, i), &ownership.nodes[i]);
		if (r < 0)
			return r;
	}
	*ret_ownership = ownership;
	ownership = (struct ownership){ 0 };
	return 0;
}
