/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --timeout and --wait, of every verb that writes. */
#include <stdlib.h>

#include "assign/transaction.h"
#include "verbs/waiting.h"

enum { KEY_TIMEOUT = 0x500, KEY_WAIT };

#define LONGEST_S 86400

static unsigned int parse_seconds(const char *arg, struct argp_state *state, const char *option)
{
	char *end;
	unsigned long seconds = strtoul(arg, &end, 10);

	if (*arg < '0' || *arg > '9' || *end || seconds > LONGEST_S)
		argp_error(state, "%s takes whole seconds from 0 to %d, not '%.64s'", option,
			   LONGEST_S, arg);
	return (unsigned int)seconds;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct transaction_options *transaction = state->input;

	switch (key) {
	case KEY_TIMEOUT:
		transaction->timeout_s = parse_seconds(arg, state, "--timeout");
		return 0;
	case KEY_WAIT:
		transaction->wait_s = parse_seconds(arg, state, "--wait");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "timeout", KEY_TIMEOUT, "SECONDS", 0,
	  "Give up waiting for the kernel after this long (default 120; 0: never)", 0 },
	{ "wait", KEY_WAIT, "SECONDS", 0, "Wait this long for another fslmc-vfio (default 0)", 0 },
	{ 0 },
};

const struct argp waiting_argp = { .options = options, .parser = parse };
