/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio show: everything about one DPRC, or object. */
#include <json-c/json.h>

#include "base/log.h"
#include "base/util.h"
#include "model/device_links.h"
#include "model/dprc.h"
#include "model/iommu_group.h"
#include "model/mc_inventory.h"
#include "model/netdev.h"
#include "model/node.h"
#include "model/vfio_use.h"
#include "report/view.h"
#include "transaction/lock.h"
#include "verbs/asked.h"
#include "verbs/command.h"
#include "verbs/facts.h"
#include "verbs/reading.h"
#include "verbs/usage.h"

struct show {
	struct common *common;
	const char *name;

	const struct sysfs *sysfs;
	struct bus *bus;
	struct asked asked;
	struct dprc *dprc; /* of asked */
	struct render *render;
	struct selection objects, netdevs, holders;
	const struct selection *begun; /* the list that records go to */
};

static error_t parse_show(int key, char *arg, struct argp_state *state)
{
	struct show *show = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = show->common;
		break;
	case ARGP_KEY_ARG:
		if (show->name)
			usage_error(state, "more than one name");
		show->name = arg;
		break;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "no name given");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.parser = parse_show,
	.args_doc = "DPRC|OBJECT|LABEL=LABEL|INTERFACE|DEFINITION",
	.doc = "Show everything about one DPRC: its attributes, its objects and what they are "
	       "connected "
	       "to, its network interfaces, its IOMMU group, and who uses it. Of another object, "
	       "a port "
	       "or a network interface say what is connected to what, and who has it.",
	.children = plain_children,
};

/* What is the same in every line of one DPRC's objects is left out of the text. */
#define TEXT_OBJECTS "NAME,DRIVER,PLUGGED,OPEN,REGIONS,IRQS,LABEL,ENDPOINT,LINK,NETDEVS,CONSUMERS"

static void show_dprc(const struct show *show, const struct holders *holders)
{
	_cleanup_(binding_done) struct binding binding = { 0 };
	_cleanup_(selection_done) struct selection selection = { 0 };
	_cleanup_(node_done) struct node node = { 0 };
	bool has_binding = facts_load_binding(show->bus, show->dprc, &binding);
	bool has_node = node_load(show->bus, show->dprc, &node) == 0;

	selection_all(dprc_columns, n_dprc_columns, 0, &selection);
	render_fields(show->render, "dprc", &selection,
		      view_dprc(show->dprc, has_binding ? &binding : NULL,
				lock_is_on_record(show->bus->sysfs, show->dprc), holders,
				has_node ? &node : NULL));
}

/* In text a list without records does not show, in JSON it is an empty one. */
static void begin_list(struct show *show, const char *key, const struct selection *selection)
{
	if (show->begun != selection)
		render_list(show->render, key, selection);
	show->begun = selection;
}

static void show_object(struct show *show, const struct object *object)
{
	_cleanup_netdevs_ struct netdevs netdevs = { 0 };
	_cleanup_device_links_ struct device_links links = { 0 };
	bool has_netdevs = facts_load_netdevs(show->bus, object, &netdevs);
	bool has_links = device_links_load(show->bus, object, &links) == 0;

	begin_list(show, "objects", &show->objects);
	render_record(show->render, NULL,
		      view_object(object, has_netdevs ? &netdevs : NULL,
				  has_links ? &links : NULL));
}

static void show_objects(struct show *show)
{
	const struct mc_container *mc = show->dprc->mc;

	if (show->common->style.json)
		begin_list(show, "objects", &show->objects);
	for (size_t i = 0; i < show->bus->n_objects; i++)
		if (show->bus->objects[i].container == show->dprc)
			show_object(show, &show->bus->objects[i]);
	for (size_t i = 0; mc && i < mc->n_objects; i++) {
		if (bus_find(show->bus, &mc->objects[i].name))
			continue;
		begin_list(show, "objects", &show->objects);
		render_record(show->render, NULL, view_mc_object(&mc->objects[i]));
	}
}

static void show_netdevs(struct show *show)
{
	if (show->common->style.json)
		begin_list(show, "netdevs", &show->netdevs);
	for (size_t i = 0; i < show->bus->n_objects; i++) {
		_cleanup_netdevs_ struct netdevs netdevs = { 0 };
		const struct object *object = &show->bus->objects[i];

		if (object->container != show->dprc ||
		    !facts_load_netdevs(show->bus, object, &netdevs))
			continue;
		for (size_t n = 0; n < netdevs.n_netdevs; n++) {
			begin_list(show, "netdevs", &show->netdevs);
			render_record(show->render, NULL, view_netdev(object, &netdevs.netdevs[n]));
		}
	}
}

static void show_group(const struct show *show)
{
	_cleanup_(selection_done) struct selection selection = { 0 };
	_cleanup_iommu_group_ struct iommu_group group = { 0 };

	if (iommu_group_load(show->bus->sysfs, show->dprc->object->group, &group) < 0) {
		render_member(show->render, "iommu_group", NULL);
		return;
	}
	selection_all(iommu_group_columns, n_iommu_group_columns, 0, &selection);
	render_fields(show->render, "iommu_group", &selection, view_iommu_group(&group));
}

static void show_holders(struct show *show, const struct holders *holders)
{
	if (!holders) {
		render_member(show->render, "holders", NULL);
		return;
	}
	if (show->common->style.json)
		begin_list(show, "holders", &show->holders);
	for (size_t i = 0; i < holders->n_holders; i++) {
		begin_list(show, "holders", &show->holders);
		render_record(show->render, NULL, view_holder(&holders->holders[i]));
	}
	if (!holders->is_complete)
		warn(name_text(&show->dprc->object->name).text,
		     "there may be more holders: not every process can be seen and looked into");
}

static int select_columns(struct show *show)
{
	selection_all(netdev_columns, n_netdev_columns, 0, &show->netdevs);
	selection_all(holder_columns, n_holder_columns, 0, &show->holders);
	if (!show->common->style.json)
		return command_select(object_columns, n_object_columns, TEXT_OBJECTS,
				      &show->objects);
	selection_all(object_columns, n_object_columns, 0, &show->objects);
	return 0;
}

static int show_all(struct show *show, struct reading *reading)
{
	_cleanup_holders_ struct holders holders = { 0 };
	const bool has_holders = vfio_use_load(show->bus, show->dprc, &holders) == 0;
	int r = select_columns(show);

	show->render = render_begin(&show->common->style);
	show_holders(show, has_holders ? &holders : NULL);
	show_dprc(show, has_holders ? &holders : NULL);
	show_group(show);
	show_objects(show);
	show_netdevs(show);
	render_member(show->render, "in_progress", reading_end(reading));
	r = render_end(show->render, r);
	selection_done(&show->objects);
	selection_done(&show->netdevs);
	selection_done(&show->holders);
	return r;
}

/* Of what is no DPRC: a sentence, and all columns. */
static int show_one(struct show *show, struct reading *reading)
{
	_cleanup_free_ char *text = asked_describe(show->bus, &show->asked);
	const bool is_json = show->common->style.json;
	int r;

	selection_all(object_columns, n_object_columns, 0, &show->objects);
	show->render = render_begin(&show->common->style);
	render_member(show->render, "chain", json_object_new_string(text));
	if (!is_json)
		render_line(show->render, 0, 2, text);
	else if (show->asked.object)
		show_object(show, show->asked.object);
	else {
		begin_list(show, "objects", &show->objects);
		render_record(show->render, NULL, view_mc_object(show->asked.mc_object));
	}
	render_member(show->render, "in_progress", reading_end(reading));
	r = render_end(show->render, 0);
	selection_done(&show->objects);
	return r;
}

static int look(void *data)
{
	struct show *show = data;
	int r;

	bus_free(take_pointer(show->bus));
	r = command_read_bus(show->sysfs, &show->bus);
	if (r < 0)
		return r;
	facts_load_mc(show->bus, MC_ENDPOINTS);
	r = asked_find(show->bus, show->name, &show->asked);
	show->dprc = show->asked.dprc;
	return r;
}

static int run_show(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_reading_ struct reading reading = { 0 };
	struct show show = { .common = common, .sysfs = &sysfs };
	int r;

	command_parse(command, argc, argv, &show);
	common->style.skips_empty = true;
	r = command_open(common, &sysfs);
	if (r >= 0)
		r = reading_begin(&reading, &sysfs, look, &show);
	if (r >= 0)
		r = (show.dprc ? show_all : show_one)(&show, &reading);
	bus_free(show.bus);
	return r;
}

const struct command command_show = { "show", "show a DPRC, an object, a port or an interface",
				      &argp, run_show };
