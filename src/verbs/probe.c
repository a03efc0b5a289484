/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fslmc-vfio probe: open a DPRC through VFIO, as a program would, and show what it has. */
#include <errno.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "model/dprc.h"
#include "probe/probe.h"
#include "probe/summary.h"
#include "report/view_probe.h"
#include "rules/candidate.h"
#include "rules/evidence.h"
#include "verbs/command.h"
#include "verbs/facts.h"
#include "verbs/label.h"
#include "verbs/usage.h"

#define DEFAULT_TIMEOUT_S 120
#define MAX_SECONDS 86400

enum { KEY_ALL = 0x200, KEY_INTERFACE, KEY_TIMEOUT, KEY_OBJECTS, KEY_TEST };

struct probe_command {
	struct common *common;
	const char *name;
	bool objects, quiet;
	struct probe_options probe;
};

static const struct argp_option options[] = {
	{ "interface", KEY_INTERFACE, "HOW", 0,
	  "VFIO interface: 'group', 'cdev' (iommufd) or 'auto' (default)", 0 },
	{ "timeout", KEY_TIMEOUT, "SECONDS", 0,
	  "timeout for kernel operations (default: 120, 0 = none)", 0 },
	{ "objects", KEY_OBJECTS, NULL, 0, "list every object, region, interrupt and test", 0 },
	{ "quiet", 'q', NULL, 0, "print errors only; the exit status is the answer", 0 },
	{ NULL, 0, NULL, 0, "Tests, none by default:", 2 },
	{ "mmap", KEY_TEST + PROBE_MMAP, NULL, 0, "map and unmap every region", 2 },
	{ "dma", KEY_TEST + PROBE_DMA, NULL, 0, "map and unmap a page for DMA", 2 },
	{ "command", KEY_TEST + PROBE_COMMAND, NULL, 0,
	  "ask the MC for its version through every DPMCP", 2 },
	{ "irq", KEY_TEST + PROBE_IRQ, NULL, 0, "trigger every interrupt by loopback", 2 },
	{ "reset", KEY_TEST + PROBE_RESET, NULL, 0, "reset every object, the DPRC last", 2 },
	{ "all", KEY_ALL, NULL, 0, "all tests but --irq-watch", 2 },
	{ "irq-watch", KEY_TEST + PROBE_IRQ_WATCH, "SECONDS", 0,
	  "enable every interrupt and report which come", 2 },
	{ 0 },
};

static enum probe_interface parse_interface(const char *text, struct argp_state *state)
{
	for (enum probe_interface i = PROBE_INTERFACE_AUTO; i <= PROBE_INTERFACE_CDEV; i++)
		if (streq(text, probe_interface_names[i]))
			return i;
	usage_error(state, "'%.64s' is not 'auto', 'group' or 'cdev'", text);
	return PROBE_INTERFACE_AUTO;
}

static void select_test(struct probe_command *command, enum probe_test test, const char *arg,
			struct argp_state *state)
{
	command->probe.tests[test] = true;
	if (test == PROBE_IRQ_WATCH)
		command->probe.watch_s = usage_number(state, "irq-watch", arg, 1, MAX_SECONDS);
}

static error_t parse_probe(int key, char *arg, struct argp_state *state)
{
	struct probe_command *command = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = command->common;
		return 0;
	case KEY_INTERFACE:
		command->probe.interface = parse_interface(arg, state);
		return 0;
	case KEY_TIMEOUT:
		command->probe.timeout_s = usage_number(state, "timeout", arg, 0, MAX_SECONDS);
		return 0;
	case KEY_OBJECTS:
		command->objects = true;
		return 0;
	case 'q':
		command->quiet = true;
		return 0;
	case KEY_ALL:
		for (enum probe_test test = 0; test < PROBE_IRQ_WATCH; test++)
			command->probe.tests[test] = true;
		return 0;
	case KEY_TEST ... KEY_TEST + N_PROBE_TESTS - 1:
		select_test(command, (enum probe_test)(key - KEY_TEST), arg, state);
		return 0;
	case ARGP_KEY_ARG:
		if (command->name)
			usage_error(state, "one DPRC at a time");
		command->name = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "no DPRC given");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_probe,
	.args_doc = "DPRC",
	.doc = "Open a DPRC that is bound to vfio-fsl-mc, and every object in it, as DPDK or QEMU "
	       "would, and count their regions and interrupts. Closing it resets the container and "
	       "all its objects, as VFIO always does; a container in use is refused.",
	.children = plain_children,
};

static size_t count_iova_ranges(const struct probe *probe) { return probe->iommu.n_ranges; }
static size_t count_objects(const struct probe *probe) { return probe->n_objects; }
static size_t count_regions(const struct probe *probe) { return probe->n_regions; }
static size_t count_irqs(const struct probe *probe) { return probe->n_irqs; }
static size_t count_tests(const struct probe *probe) { return probe->n_outcomes; }

static const struct section {
	const char *key;
	const struct column *columns;
	const size_t *n_columns;
	size_t (*count)(const struct probe *probe);
	struct json_object *(*view)(const struct probe *probe, size_t index);
} sections[] = {
	{ "iova_ranges", iova_range_columns, &n_iova_range_columns, count_iova_ranges,
	  view_iova_range },
	{ "objects", probe_object_columns, &n_probe_object_columns, count_objects,
	  view_probe_object },
	{ "regions", region_columns, &n_region_columns, count_regions, view_region },
	{ "irqs", irq_columns, &n_irq_columns, count_irqs, view_irq },
	{ "tests", test_columns, &n_test_columns, count_tests, view_test },
};

/* JSON has all lists and columns; for people empty tables are left out. */
static void show_section(struct render *render, const struct section *section, bool json,
			 const struct probe *probe, struct selection *selection)
{
	const size_t n = section->count(probe);

	if (json)
		selection_all(section->columns, *section->n_columns, 0, selection);
	else
		command_select(section->columns, *section->n_columns, NULL, selection);
	if (n || json)
		render_list(render, section->key, selection);
	for (size_t i = 0; i < n; i++)
		render_record(render, NULL, section->view(probe, i));
}

/* A message has told each failure; those of a list of tests are told beside it. */
static void show_reasons(struct render *render, const struct probe_summary *summary, bool all)
{
	for (size_t i = 0; i < summary->n_reasons; i++) {
		_cleanup_free_ char *text = view_probe_reasons(&summary->reasons[i]);

		if (all || summary->reasons[i].first->result != PROBE_FAILED)
			render_line(render, 0, 2, text);
	}
}

/* The selections have to stay until all is written. */
static int show_json(struct render *render, const struct probe *probe, int result)
{
	struct selection selections[ARRAY_SIZE(sections)] = { 0 }, fields = { 0 };

	selection_all(probe_columns, n_probe_columns, 0, &fields);
	render_fields(render, "probe", &fields, view_probe(probe));
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		show_section(render, &sections[i], true, probe, &selections[i]);
	result = render_end(render, result);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		selection_done(&selections[i]);
	selection_done(&fields);
	return result;
}

/* For people: numbers first, lists on request, the verdict last. */
static int show_text(struct render *render, const struct probe *probe, bool objects, int result)
{
	struct selection selections[ARRAY_SIZE(sections)] = { 0 };
	_cleanup_(selection_done) struct selection fields = { 0 }, types = { 0 };
	_cleanup_probe_summary_ struct probe_summary summary = { 0 };
	_cleanup_free_ char *verdict = probe_summary_verdict(probe);

	probe_summary_load(probe, &summary);
	command_select(probe_columns, n_probe_columns, NULL, &fields);
	render_fields(render, "probe", &fields, view_probe(probe));
	selection_all(probe_type_columns, n_probe_type_columns, 0, &types);
	render_list(render, "types", &types);
	for (size_t i = 0; i < summary.n_types; i++)
		render_record(render, NULL, view_probe_type(&summary.types[i]));
	for (size_t i = 0; objects && i < ARRAY_SIZE(sections); i++)
		show_section(render, &sections[i], false, probe, &selections[i]);
	render_line(render, 0, 0, "");
	show_reasons(render, &summary, objects);
	render_line(render, 0, 2, verdict);
	result = render_end(render, result);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		selection_done(&selections[i]);
	return result;
}

static int show_probe(const struct probe_command *command, const struct probe *probe, int result)
{
	struct render *render;

	if (command->quiet)
		return result;
	render = render_begin(&command->common->style);
	return command->common->style.json ? show_json(render, probe, result)
					   : show_text(render, probe, command->objects, result);
}

/* A reset disables what is inside, a switch among it, and so may take the link of its peers. */
static void note_peers(struct bus *bus, const struct dprc *dprc)
{
	_cleanup_candidate_ struct candidate candidate = { 0 };
	_cleanup_host_ struct host host = { 0 };
	_cleanup_free_ char *peers = NULL, *netdevs = NULL;
	const struct name_text name = name_text(&dprc->object->name);

	if (dprc->is_root || facts_load_mc(bus, MC_ENDPOINTS) < 0)
		return;
	host_load(bus, &host);
	candidate_load(bus, &host, dprc->object, &candidate);
	netdevs = evidence_outside_netdev(&candidate);
	peers = evidence_endpoint_outside(&candidate);
	if (netdevs)
		note(name.text, "interfaces of the host may lose their link by the reset: %s",
		     netdevs);
	if (peers)
		note(name.text, "peers outside may lose their link by the reset: %s", peers);
}

static int run_probe(const struct command *description, struct common *common, int argc,
		     char **argv)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	_cleanup_bus_ struct bus *bus = NULL;
	_cleanup_probe_ struct probe probe = { 0 };
	struct probe_command command = { .common = common, .probe.timeout_s = DEFAULT_TIMEOUT_S };
	struct dprc *dprc;
	bool is_known;
	int r;

	command_parse(description, argc, argv, &command);
	if (command.quiet && common->style.json)
		return fail(-ERROR_USAGE, NULL, "--quiet and --json cannot be combined");
	if (command.quiet)
		log_quiet();
	if (common->sysroot)
		return fail(-ERROR_USAGE, NULL,
			    "a captured machine (--sysroot) has no VFIO to probe");
	r = command_load_bus(common, &sysfs, &bus);
	if (r >= 0)
		r = label_find_dprc(bus, command.name, &dprc);
	if (r < 0)
		return r;
	if (command.probe.tests[PROBE_RESET])
		note_peers(bus, dprc);
	r = probe_run(bus, dprc, &command.probe, &probe);
	/* If neither the IOMMU nor the DPRC's own device answered, nothing is known. */
	is_known = probe.has_iommu || (probe.n_objects && probe.objects[0].is_loaded);
	return r < 0 && !is_known ? r : show_probe(&command, &probe, r);
}

const struct command command_probe = {
	"probe", "open a DPRC through VFIO and show its regions and interrupts", &argp, run_probe,
	.refuses_root = true
};
