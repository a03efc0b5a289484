/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio list: the DPRCs, or every object; the inventory as JSON. */
#include "verbs/list.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "report/view.h"
#include "rules/mc_trouble.h"
#include "verbs/asked.h"
#include "verbs/command.h"
#include "verbs/facts.h"
#include "verbs/list_hardware.h"
#include "verbs/reading.h"
#include "verbs/usage.h"

static const struct argp_option options[] = {
	{ "objects", 'O', NULL, 0, "list all objects, not only DPRCs", 0 },
	{ "type", OPTION_TYPE, "TYPE[,TYPE...]", 0, "list all objects of these types, such as dpni",
	  0 },
	{ "tree", 'T', NULL, 0, "show containment as a tree", 0 },
	{ "ports", OPTION_PORTS, NULL, 0,
	  "list the ports of the board and what they are connected to", 0 },
	{ "pools", OPTION_POOLS, NULL, 0, "list what the MC has left for new objects", 0 },
	{ 0 },
};

static void add_types(struct list *list, const char *arg, struct argp_state *state)
{
	_cleanup_free_ char *copy = xstrdup(arg);
	char *rest = copy, *type;

	while ((type = strsep(&rest, ","))) {
		struct name name;

		if (name_make(type, 0, &name) < 0)
			usage_error(state, "'%.64s' is not a type of objects; types look like dpni",
				    type);
		strings_add(&list->types, type);
	}
	list->objects = true;
}

static error_t parse_list(int key, char *arg, struct argp_state *state)
{
	struct list *list = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = list->common;
		state->child_inputs[2] = &list->table;
		break;
	case 'O':
		list->objects = true;
		break;
	case 'T':
		list->tree = true;
		break;
	case OPTION_TYPE:
		add_types(list, arg, state);
		break;
	case OPTION_PORTS:
		list->ports = true;
		break;
	case OPTION_POOLS:
		list->pools = true;
		break;
	case ARGP_KEY_ARG:
		strings_add(&list->names, arg);
		break;
	case ARGP_KEY_END:
		if (list->ports + list->pools + (list->objects || list->tree) > 1)
			usage_error(state, "--ports, --pools and --objects exclude each other");
		if (list->tree && list->types.n_texts)
			usage_error(state, "--tree and --type exclude each other");
		if ((list->ports || list->pools) && list->names.n_texts)
			usage_error(state, "--ports and --pools are about the whole board");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct column_table tables[] = {
	{ dprc_columns, &n_dprc_columns, NULL },
	{ object_columns, &n_object_columns, "with --objects or --type" },
	{ port_columns, &n_port_columns, "with --ports" },
	{ pool_columns, &n_pool_columns, "with --pools" },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse_list,
	.args_doc = "[DPRC|OBJECT|LABEL=LABEL|INTERFACE|DEFINITION...]",
	.doc = "List the DPRCs of the fsl-mc bus, every object on it, the ports of the board, or "
	       "what its "
	       "MC has left for new objects.",
	.children = table_children,
};

static void list_dprcs(const struct list *list)
{
	render_list(list->render, "dprcs", &list->dprcs);
	render_none(list->render, "no DPRC on the fsl-mc bus");
	for (size_t i = 0; i < list->bus->n_dprcs; i++)
		if (list_wants(list, &list->bus->dprcs[i]))
			list_show_dprc(list, NULL, &list->bus->dprcs[i]);
}

static bool wants_object(const struct list *list, const struct dprc *container,
			 const struct name *name)
{
	return (list_wants(list, container) ||
		strings_has(&list->of_objects, name_text(name).text)) &&
	       (!list->types.n_texts || strings_has(&list->types, name->type));
}

/* What the MC has and Linux has not comes last. */
static void list_mc_objects(const struct list *list)
{
	const struct mc_inventory *mc = list->bus->mc;

	for (size_t i = 0; mc && i < mc->n_containers; i++) {
		const struct mc_container *container = &mc->containers[i];
		const struct dprc *dprc = bus_find_dprc(list->bus, &container->name);

		for (size_t n = 0; n < container->n_objects; n++)
			if (wants_object(list, dprc, &container->objects[n].name) &&
			    !bus_find(list->bus, &container->objects[n].name))
				render_record(list->render, NULL,
					      view_mc_object(&container->objects[n]));
	}
}

static void list_objects(const struct list *list)
{
	render_list(list->render, "objects", &list->selection);
	render_none(list->render, list->types.n_texts	? "no object of this type"
				  : list->names.n_texts ? "no object in the DPRCs given"
							: "no object on the fsl-mc bus");
	for (size_t i = 0; i < list->bus->n_objects; i++)
		if (wants_object(list, list->bus->objects[i].container,
				 &list->bus->objects[i].name))
			list_show_object(list, NULL, &list->bus->objects[i]);
	list_mc_objects(list);
}

/*
 * -o speaks of the table that is shown.  JSON has both lists, the other one whole; what could
 * block, or costs a directory per object, is in it only if asked for.
 */
static int select_columns(struct list *list)
{
	const bool whole = list->common->style.json;
	const char *output = list->table.output;
	const char *of_dprcs = list->objects || list->ports || list->pools ? NULL : output;
	const char *of_objects = list->objects ? output : NULL;
	int r = command_select(port_columns, n_port_columns, list->ports ? output : NULL,
			       &list->of_ports);

	if (r >= 0)
		r = command_select(pool_columns, n_pool_columns, list->pools ? output : NULL,
				   &list->of_pools);
	if (r < 0)
		return r;

	if (whole && !of_dprcs)
		selection_all(dprc_columns, n_dprc_columns, NEEDS_OVERRIDE, &list->dprcs);
	else
		r = command_select(dprc_columns, n_dprc_columns, of_dprcs, &list->dprcs);
	if (r < 0)
		return r;
	if (whole && !of_objects)
		selection_all(object_columns, n_object_columns, NEEDS_LINKS, &list->selection);
	else
		r = command_select(object_columns, n_object_columns, of_objects, &list->selection);
	list->dprc_needs = selection_needs(&list->dprcs);
	list->object_needs = selection_needs(&list->selection);
	return r;
}

/* The inventory has all tables; with -o it is the one that was asked for that matters. */
static bool shows_ports(const struct list *list)
{
	return list->ports || (list->common->style.json && !list->table.output && !list->pools);
}

static bool shows_pools(const struct list *list)
{
	return list->pools || (list->common->style.json && !list->table.output && !list->ports);
}

/* No driver has looked what is in it, so only the MC knows. */
static bool has_unscanned(const struct list *list)
{
	for (size_t i = 0; i < list->bus->n_dprcs; i++)
		if (list_wants(list, &list->bus->dprcs[i]) &&
		    dprc_is_unscanned(&list->bus->dprcs[i]))
			return true;
	return false;
}

/*
 * Asks the MC for what is going to be shown.  Objects that only the MC has are rows whatever the
 * columns are; whoever may not ask it sees what Linux has.
 */
static void load_mc(struct list *list, struct mc *mc)
{
	const bool json = list->common->style.json;
	const unsigned int of_dprcs = json || !list->objects ? list->dprc_needs : 0;
	const unsigned int of_objects = json || list->objects ? list->object_needs : 0;

	if (of_objects & NEEDS_ENDPOINTS || shows_ports(list))
		facts_load_mc_over(list->bus, MC_ENDPOINTS, mc);
	else if ((of_objects | of_dprcs) & NEEDS_MC || shows_pools(list) || has_unscanned(list))
		facts_load_mc_over(list->bus, MC_OBJECTS, mc);
	else if (list->objects)
		mc_inventory_load(list->bus, MC_OBJECTS, mc);
}

static void show_machine(const struct list *list)
{
	_cleanup_free_ char *release = NULL;
	const struct mc_inventory *mc = list->bus->mc;
	bool is_known =
		sysfs_read(list->bus->sysfs->root_fd, "proc/sys/kernel/osrelease", &release) == 0;

	render_member(list->render, "kernel", is_known ? view_text(release) : NULL);
	render_member(list->render, "mc_firmware", view_mc_version(mc ? &mc->version : NULL));
}

static int resolve(struct list *list, const char *text)
{
	struct asked asked;
	int r = asked_find(list->bus, text, &asked);

	if (r < 0)
		return r;
	strings_add(asked.dprc ? &list->of_dprcs : &list->of_objects,
		    name_text(asked.object ? &asked.object->name : &asked.mc_object->name).text);
	return 0;
}

static int look(void *data)
{
	struct list *list = data;
	int r;

	bus_free(take_pointer(list->bus));
	strings_done(&list->of_dprcs);
	strings_done(&list->of_objects);
	r = command_read_bus(list->sysfs, &list->bus);
	for (size_t i = 0; i < list->names.n_texts && r >= 0; i++)
		r = resolve(list, list->names.texts[i]);
	return r;
}

/* An object among the names makes it the table of objects, in which a DPRC that is named is a row.
 */
static int choose_table(struct list *list)
{
	if (!list->of_objects.n_texts || (list->objects && !list->tree))
		return 0;
	if (list->tree)
		return fail(
			-ERROR_USAGE, list->of_objects.texts[0],
			"it is not a DPRC; --tree shows DPRCs, or with --objects what is in them");
	list->objects = true;
	if (list->common->style.json)
		return 0;
	for (size_t i = 0; i < list->of_dprcs.n_texts; i++)
		strings_add(&list->of_objects, list->of_dprcs.texts[i]);
	strings_done(&list->of_dprcs);
	return 0;
}

/* What only the MC knows is no table without it. */
static int show_pools(const struct list *list, struct mc *mc)
{
	int r = list_pools(list->bus, mc, list->render, &list->of_pools);

	if (r >= 0 || !list->pools)
		return 0;
	return fail(-ERROR_FAILED, NULL, "cannot query the pools of the MC: %s", mc_error_text(r));
}

static int show_tables(const struct list *list, struct mc *mc)
{
	const bool json = list->common->style.json;
	int r = 0;

	if (json) {
		list_dprcs(list);
		list_objects(list);
	} else if (list->tree) {
		list_tree(list);
	} else if (list->objects) {
		list_objects(list);
	} else if (!list->ports && !list->pools) {
		list_dprcs(list);
	}
	if (shows_ports(list))
		list_ports(list->bus, mc, list->render, &list->of_ports);
	if (shows_pools(list))
		r = show_pools(list, mc);
	return r;
}

static int show_list(struct list *list)
{
	_cleanup_reading_ struct reading reading = { 0 };
	_cleanup_mc_ struct mc mc = MC_CLOSED;
	int r = reading_begin(&reading, list->sysfs, look, list);

	if (r >= 0)
		r = choose_table(list);
	if (r >= 0)
		r = select_columns(list);
	if (r < 0)
		return r;
	command_warn_of_root(list->bus);
	load_mc(list, &mc);
	list->render = render_begin(&list->common->style);
	show_machine(list);
	r = show_tables(list, &mc);
	render_member(list->render, "in_progress", reading_end(&reading));
	return render_end(list->render, r);
}

static int run_list(const struct command *command, struct common *common, int argc, char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	struct list list = { .common = common, .table.style = &common->style, .sysfs = &sysfs };
	int r;

	command_parse(command, argc, argv, &list);
	r = command_open(common, &sysfs);
	if (r >= 0)
		r = show_list(&list);
	bus_free(list.bus);
	selection_done(&list.dprcs);
	selection_done(&list.selection);
	selection_done(&list.of_ports);
	selection_done(&list.of_pools);
	strings_done(&list.names);
	strings_done(&list.of_dprcs);
	strings_done(&list.of_objects);
	strings_done(&list.types);
	return r;
}

const struct command command_list = { "list", "list DPRCs or all objects", &argp, run_list,
				      tables };
