/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --for, --lcores and --processes. */
#include <errno.h>
#include <stdlib.h>

#include "assign/needs.h"
#include "verbs/workload.h"

#define MAX_COUNT 1024 /* of lcores and processes: more than any board has room for */

enum { KEY_FOR = 0x800, KEY_LCORES, KEY_PROCESSES };

static unsigned int parse_count(const struct argp_state *state, const char *option, const char *arg)
{
	char *end;
	unsigned long count;

	errno = 0;
	count = strtoul(arg, &end, 10);
	if (errno || *end || *arg < '0' || *arg > '9' || !count || count > MAX_COUNT)
		argp_error(state, "--%s takes a number from 1 to %d, not '%.64s'", option,
			   MAX_COUNT, arg);
	return (unsigned int)count;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct workload *workload = state->input;

	switch (key) {
	case KEY_FOR:
		workload->consumer = consumer_from_name(arg);
		if (!workload->consumer)
			argp_error(state, "--for takes dpdk, vpp or qemu, not '%.64s'", arg);
		return 0;
	case KEY_LCORES:
		workload->lcores = parse_count(state, "lcores", arg);
		return 0;
	case KEY_PROCESSES:
		workload->processes = parse_count(state, "processes", arg);
		return 0;
	case ARGP_KEY_END:
		if (workload->processes && workload->consumer != CONSUMER_DPDK)
			argp_error(state, "--processes goes with --for dpdk");
		if (workload->lcores && !workload->consumer)
			argp_error(state, "--lcores goes with --for");
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
