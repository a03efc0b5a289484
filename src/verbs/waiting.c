/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --timeout and --wait, of every verb that writes. */
#include "verbs/waiting.h"
#include "transaction/transaction.h"
#include "verbs/command.h"
#include "verbs/usage.h"

enum { KEY_TIMEOUT = 0x500, KEY_WAIT };

#define LONGEST_S 86400

static error_t parse_waiting(int key, char *arg, struct argp_state *state)
{
	struct transaction_options *transaction = state->input;

	switch (key) {
	case KEY_TIMEOUT:
		transaction->timeout_s = usage_number(state, "timeout", arg, 0, LONGEST_S);
		return 0;
	case KEY_WAIT:
		transaction->wait_s = usage_number(state, "wait", arg, 0, LONGEST_S);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "timeout", KEY_TIMEOUT, "SECONDS", 0,
	  "timeout for kernel operations (default: 120, 0 = none)", 0 },
	{ "wait", KEY_WAIT, "SECONDS", 0,
	  "wait up to SECONDS for the lock of another run (default: 0); for a DPRC see the verb "
	  "wait",
	  0 },
	{ 0 },
};

const struct argp waiting_argp = { .options = options, .parser = parse_waiting };

const struct argp_child waiting_children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ &table_argp, 0, NULL, 0 },
	{ &waiting_argp, 0, NULL, 0 },
	{ 0 },
};
