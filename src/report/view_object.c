/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An object as a record. */
#include <stdio.h>

#include <json-c/json.h>

#include "base/util.h"
#include "model/device_links.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/netdev.h"
#include "model/object.h"
#include "report/view.h"

const struct column object_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "name of the object" },
	{ "CONTAINER", "container", COLUMN_TEXT, true, "DPRC it is in; the root DPRC is in none", 0,
	  "place" },
	{ "TYPE", "type", COLUMN_TEXT, false, "its type" },
	{ "ID", "id", COLUMN_NUMBER, false, "its number" },
	{ "DRIVER", "driver", COLUMN_TEXT, true, "driver it is bound to" },
	{ "GROUP", "iommu_group", COLUMN_NUMBER, true, "number of its IOMMU group" },
	{ "LABEL", "label", COLUMN_TEXT, false, "its label", NEEDS_MC },
	{ "PLUGGED", "is_plugged", COLUMN_TEXT, false, "whether Linux may bind it by itself",
	  NEEDS_MC },
	{ "OPEN", "is_open", COLUMN_TEXT, false, "whether some software has it open in the MC",
	  NEEDS_MC },
	{ "REGIONS", "region_count", COLUMN_NUMBER, false, "regions it has", NEEDS_MC },
	{ "IRQS", "irq_count", COLUMN_NUMBER, false, "interrupts it has", NEEDS_MC },
	{ "VERSION", "version", COLUMN_TEXT, false, "version of its interface", NEEDS_MC },
	{ "VENDOR", "vendor", COLUMN_HEX, false, "vendor; 0x1957 is NXP", NEEDS_MC },
	{ "FLAGS", "flags", COLUMN_HEX, false, "1: its memory is not shareable", NEEDS_MC },
	{ "ENDPOINT", "endpoint", COLUMN_TEXT, false, "what it is connected to",
	  NEEDS_MC | NEEDS_ENDPOINTS },
	{ "LINK", "link", COLUMN_TEXT, false, "state of that connection: up or down",
	  NEEDS_MC | NEEDS_ENDPOINTS },
	{ "NETDEVS", "netdevs", COLUMN_TEXT, false, "network interfaces it carries",
	  NEEDS_NETDEVS },
	{ "CONSUMERS", "consumers", COLUMN_TEXT, false, "objects whose drivers need it",
	  NEEDS_LINKS },
	{ "SUPPLIERS", "suppliers", COLUMN_TEXT, false, "objects its driver needs", NEEDS_LINKS },
	{ "LINUX", "in_linux", COLUMN_TEXT, false, "whether Linux knows it", NEEDS_MC },
	{ "MCCONTAINER", "mc_container", COLUMN_TEXT, false, "parent DPRC according to the MC",
	  NEEDS_MC },
};
const size_t n_object_columns = ARRAY_SIZE(object_columns);

char *view_endpoint_text(const struct mc_endpoint *endpoint)
{
	const struct name_text name = name_text(&endpoint->name);

	return streq(endpoint->name.type, "dpsw") || streq(endpoint->name.type, "dpdmux")
		       ? xasprintf("%s.%u", name.text, endpoint->interface)
		       : xstrdup(name.text);
}

static struct json_object *view_endpoint(const struct mc_endpoint *endpoint)
{
	_cleanup_free_ char *text = NULL;

	switch (endpoint->knowledge) {
	case ENDPOINT_UNKNOWN:
		return NULL;
	case ENDPOINT_NONE:
		return json_object_new_string("");
	default:
		break;
	}
	text = view_endpoint_text(endpoint);
	return json_object_new_string(text);
}

static struct json_object *view_link(const struct mc_endpoint *endpoint)
{
	if (endpoint->knowledge == ENDPOINT_UNKNOWN)
		return NULL;
	if (endpoint->knowledge == ENDPOINT_NONE)
		return json_object_new_string("");
	return json_object_new_string(endpoint->link ? "up" : "down");
}

static struct json_object *view_version(const struct mc_object *mc)
{
	char text[16];

	snprintf(text, sizeof(text), "%u.%u", mc->ver_major, mc->ver_minor);
	return json_object_new_string(text);
}

static void add_descriptor(struct json_object *record, const struct mc_object *mc)
{
	view_add_text(record, "label", mc->label);
	view_add_bool(record, "is_plugged", mc->state & MC_OBJ_PLUGGED);
	view_add_bool(record, "is_open", mc->state & MC_OBJ_OPEN);
	view_add_number(record, "region_count", mc->n_regions);
	view_add_number(record, "irq_count", mc->n_irqs);
	view_add(record, "version", view_version(mc));
	view_add_number(record, "vendor", mc->vendor);
	view_add_number(record, "flags", mc->flags);
	view_add_endpoint(record, &mc->endpoint);
}

void view_add_endpoint(struct json_object *record, const struct mc_endpoint *endpoint)
{
	view_add(record, "endpoint", view_endpoint(endpoint));
	view_add(record, "link", view_link(endpoint));
}

/* Known to be in none only if the MC reported all contents of the container. */
static struct json_object *view_mc_container(const struct object *object)
{
	if (object->mc)
		return json_object_new_string(name_text(&object->mc->container->name).text);
	if (object->container && object->container->mc && object->container->mc->is_complete)
		return json_object_new_string("");
	return NULL;
}

static void add_netdevs(struct json_object *record, const struct netdevs *netdevs)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < netdevs->n_netdevs; i++)
		json_object_array_add(array, view_text(netdevs->netdevs[i].name));
	view_add(record, "netdevs", array);
}

/* place is the container that a table shows: the one in the MC, if Linux does not have the object.
 */
static void add_identity(struct json_object *record, const struct name *name,
			 const struct name *container, const struct name *place)
{
	view_add(record, "name", json_object_new_string(name_text(name).text));
	view_add_text(record, "container", container ? name_text(container).text : NULL);
	view_add_text(record, "place", place ? name_text(place).text : NULL);
	view_add_text(record, "type", name->type);
	view_add_number(record, "id", name->id);
}

struct json_object *view_object(const struct object *object, const struct netdevs *netdevs,
				const struct device_links *links)
{
	const struct name *container = object->container ? &object->container->object->name : NULL;
	struct json_object *record = json_object_new_object(), *mc_container;

	add_identity(record, &object->name, container, container);
	view_add_text(record, "driver", object->driver);
	view_add_number(record, "iommu_group", object->group);
	if (object->mc)
		add_descriptor(record, object->mc);
	if (netdevs)
		add_netdevs(record, netdevs);
	if (links) {
		view_add(record, "consumers", view_texts(&links->consumers));
		view_add(record, "suppliers", view_texts(&links->suppliers));
	}
	view_add_bool(record, "in_linux", true);
	mc_container = view_mc_container(object);
	if (mc_container)
		view_add(record, "mc_container", mc_container);
	return record;
}

struct json_object *view_mc_object(const struct mc_object *object)
{
	struct json_object *record = json_object_new_object();

	add_identity(record, &object->name, NULL, &object->container->name);
	view_add_text(record, "driver", NULL);
	view_add_number(record, "iommu_group", GROUP_NONE);
	add_descriptor(record, object);
	view_add(record, "netdevs", json_object_new_array());
	view_add(record, "consumers", json_object_new_array());
	view_add(record, "suppliers", json_object_new_array());
	view_add_bool(record, "in_linux", false);
	view_add_text(record, "mc_container", name_text(&object->container->name).text);
	return record;
}
