/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What says how a container is to be made. */
#include "verbs/layout_options.h"

#include "base/util.h"
#include "layout/request_text.h"
#include "verbs/usage.h"
#include "verbs/workload.h"

enum { KEY_LABEL = 0xa00, KEY_PORT, KEY_LOOPBACK, KEY_CRYPTO, KEY_ADD, KEY_OPTIONS };

static void refuse_if(const struct argp_state *state, const char *option, char *wrong)
{
	_cleanup_free_ char *text = wrong;

	if (text)
		usage_error(state, "--%s %s", option, text);
}

static void parse_extra(struct layout_request *request, const struct argp_state *state,
			const char *arg)
{
	_cleanup_free_ char *copy = xstrdup(arg);
	char *number = copy;
	const char *type = strsep(&number, ":");

	if (!number)
		usage_error(state, "--add takes TYPE:N, such as dpbp:2, not '%.64s'", arg);
	refuse_if(state, "add", request_add_extra(request, type, number));
}

static void parse_options(struct layout_request *request, const struct argp_state *state,
			  const char *arg)
{
	_cleanup_free_ char *copy = xstrdup(arg);
	char *rest = copy, *name;

	request->options = 0;
	while ((name = strsep(&rest, ",")))
		refuse_if(state, "options", request_parse_option(name, &request->options));
}

static error_t parse_layout_options(int key, char *arg, struct argp_state *state)
{
	struct layout_request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->workload;
		request->options = LAYOUT_OPTIONS;
		return 0;
	case KEY_LABEL:
		refuse_if(state, "label", request_check_label(arg));
		request->label = arg;
		return 0;
	case KEY_PORT:
		refuse_if(state, "port", request_parse_port(request, arg));
		return 0;
	case KEY_LOOPBACK:
		refuse_if(state, "loopback",
			  request_parse_count(arg, LAYOUT_COUNT_MAX, &request->n_loopbacks));
		return 0;
	case KEY_CRYPTO:
		refuse_if(state, "crypto",
			  request_parse_count(arg, LAYOUT_COUNT_MAX, &request->n_crypto));
		return 0;
	case KEY_ADD:
		parse_extra(request, state, arg);
		return 0;
	case KEY_OPTIONS:
		parse_options(request, state, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "label", KEY_LABEL, "LABEL", 0, "label of the new DPRC, at most 15 characters", 0 },
	{ "port", KEY_PORT, "PEER[,SETTING=VALUE...]", 0,
	  "a DPNI connected to PEER: dpmac.N, kernel or none; settings: queues, tcs, fs, qos, "
	  "vlans, options, mac",
	  0 },
	{ "loopback", KEY_LOOPBACK, "N", 0, "N pairs of DPNIs that are connected to each other",
	  0 },
	{ "crypto", KEY_CRYPTO, "N", 0, "N crypto queues, in as few DPSECIs as hold them", 0 },
	{ "add", KEY_ADD, "TYPE:N", 0, "N objects of TYPE more than needed", 0 },
	{ "options", KEY_OPTIONS, "OPTION[,OPTION...]", 0,
	  "options of the DPRC (default: ALLOC_ALLOWED,IRQ_CFG_ALLOWED)", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &workload_argp, 0, NULL, 0 },
	{ 0 },
};

const struct argp layout_argp = { .options = options,
				  .parser = parse_layout_options,
				  .children = children };
