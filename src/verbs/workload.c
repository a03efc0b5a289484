/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --for, --lcores and --processes. */
#include "verbs/workload.h"
#include "assign/needs.h"
#include "verbs/usage.h"

enum { KEY_FOR = 0x800, KEY_LCORES, KEY_PROCESSES };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct workload *workload = state->input;

	switch (key) {
	case KEY_FOR:
		workload->consumer = consumer_from_name(arg);
		if (!workload->consumer)
			usage_error(state, "--for takes dpdk, vpp or qemu, not '%.64s'", arg);
		return 0;
	case KEY_LCORES:
		workload->lcores = usage_number(state, "lcores", arg, 1, WORKLOAD_MAX);
		return 0;
	case KEY_PROCESSES:
		workload->processes = usage_number(state, "processes", arg, 1, WORKLOAD_MAX);
		return 0;
	case ARGP_KEY_END:
		if (workload->processes && workload->consumer != CONSUMER_DPDK)
			usage_error(state, "--processes goes with --for dpdk");
		if (workload->lcores && !workload->consumer)
			usage_error(state, "--lcores goes with --for");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "for", KEY_FOR, "PROGRAM", 0, "Also whether it has enough for dpdk, vpp or qemu", 0 },
	{ "lcores", KEY_LCORES, "N", 0,
	  "With --for: threads of a process that move packets, the main one included; of a guest, "
	  "CPUs (default 1)",
	  0 },
	{ "processes", KEY_PROCESSES, "N", 0,
	  "With --for dpdk: processes that share the container (default 1)", 0 },
	{ 0 },
};

const struct argp workload_argp = { .options = options, .parser = parse };
