/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What uses a DPRC, as records: network interfaces, processes, its IOMMU group. */
#include <json-c/json.h>

#include "base/util.h"
#include "kernel/procfs.h"
#include "model/iommu_group.h"
#include "model/netdev.h"
#include "model/object.h"
#include "report/view.h"

const struct column netdev_columns[] = {
	{ "NETDEV", "name", COLUMN_TEXT, true, "name of the network interface" },
	{ "OBJECT", "object", COLUMN_TEXT, true, "object that carries it" },
	{ "IFINDEX", "ifindex", COLUMN_NUMBER, false, "its number" },
	{ "UP", "is_up", COLUMN_TEXT, true, "whether it is set up" },
	{ "CARRIER", "has_carrier", COLUMN_TEXT, true, "whether its link is up" },
	{ "ADDRESSES", "address_count", COLUMN_NUMBER, true, "addresses, but link-local ones" },
	{ "MASTER", "master", COLUMN_TEXT, true, "bridge, bond or VRF it belongs to" },
};
const size_t n_netdev_columns = ARRAY_SIZE(netdev_columns);

const struct column holder_columns[] = {
	{ "PID", "pid", COLUMN_NUMBER, true, "process" },
	{ "COMMAND", "command", COLUMN_TEXT, true, "its name" },
	{ "FILE", "file", COLUMN_TEXT, true, "what it has open" },
	{ "SURE", "is_sure", COLUMN_TEXT, true, "whether it is certainly a device of this DPRC" },
	{ "MAPPING", "is_mapping", COLUMN_TEXT, true, "yes: mapped, and closed already" },
};
const size_t n_holder_columns = ARRAY_SIZE(holder_columns);

const struct column iommu_group_columns[] = {
	{ "GROUP", "number", COLUMN_NUMBER, true, "number of the IOMMU group" },
	{ "DOMAIN", "type", COLUMN_TEXT, true, "its default domain; identity does not translate" },
	{ "NOIOMMU", "is_noiommu", COLUMN_TEXT, true, "made up by VFIO, isolates nothing" },
	{ "DEVICES", "devices", COLUMN_TEXT, true, "its members, also of other buses" },
};
const size_t n_iommu_group_columns = ARRAY_SIZE(iommu_group_columns);

static void add_if_known(struct json_object *record, const char *key, int number)
{
	view_add(record, key, number < 0 ? NULL : json_object_new_int(number));
}

struct json_object *view_netdev(const struct object *object, const struct netdev *netdev)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", netdev->name);
	view_add(record, "object", view_name(object));
	add_if_known(record, "ifindex", netdev->ifindex);
	view_add_bool(record, "is_up", netdev->is_up);
	view_add(record, "has_carrier",
		 netdev->has_carrier < 0 ? NULL : json_object_new_boolean(netdev->has_carrier));
	add_if_known(record, "address_count", netdev->n_addresses);
	view_add_text(record, "master", netdev->master);
	return record;
}

struct json_object *view_holder(const struct holder *holder)
{
	struct json_object *record = json_object_new_object();

	view_add_number(record, "pid", holder->pid);
	view_add_text(record, "command", holder->command);
	view_add_text(record, "file", holder->file);
	view_add_bool(record, "is_sure", holder->is_sure);
	view_add_bool(record, "is_mapping", holder->is_mapping);
	return record;
}

struct json_object *view_iommu_group(const struct iommu_group *group)
{
	struct json_object *record = json_object_new_object();

	view_add_number(record, "number", group->number);
	view_add(record, "type", group->type ? view_text(group->type) : NULL);
	view_add_bool(record, "is_noiommu", group->is_noiommu);
	view_add(record, "devices", view_texts(&group->devices));
	return record;
}
