/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --for and --lcores. */
#include "verbs/workload.h"
#include "base/util.h"
#include "rules/needs.h"
#include "verbs/usage.h"

enum { KEY_FOR = 0x800, KEY_LCORES };

/* A number per process, separated by commas. */
static void parse_lcores(struct workload *workload, const struct argp_state *state, const char *arg)
{
	_cleanup_free_ char *copy = xstrdup(arg);
	char *rest = copy;

	workload->lcores = usage_number(state, "lcores", strsep(&rest, ","), 1, WORKLOAD_MAX);
	workload->n_others = 0;
	while (rest && workload->n_others < WORKLOAD_OTHERS_MAX)
		workload->others[workload->n_others++] =
			usage_number(state, "lcores", strsep(&rest, ","), 1, WORKLOAD_MAX);
	if (rest)
		usage_error(state, "--lcores takes at most %d processes", WORKLOAD_OTHERS_MAX + 1);
}

static error_t parse_workload(int key, char *arg, struct argp_state *state)
{
	struct workload *workload = state->input;

	switch (key) {
	case KEY_FOR:
		workload->consumer = consumer_from_name(arg);
		if (!workload->consumer)
			usage_error(state, "--for takes dpdk, vpp or qemu, not '%.64s'", arg);
		return 0;
	case KEY_LCORES:
		parse_lcores(workload, state, arg);
		return 0;
	case ARGP_KEY_END:
		if (workload->n_others && workload->consumer != CONSUMER_DPDK)
			usage_error(state, "--lcores takes several numbers with --for dpdk only");
		if (workload->lcores && !workload->consumer)
			usage_error(state, "--lcores goes with --for");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "for", KEY_FOR, "PROGRAM", 0, "program that is to use it: dpdk, vpp or qemu", 0 },
	{ "lcores", KEY_LCORES, "N[,N...]", 0,
	  "threads that move packets (dpdk: one number per process), or CPUs of the guest "
	  "(qemu); default: 1",
	  0 },
	{ 0 },
};

const struct argp workload_argp = { .options = options, .parser = parse_workload };
