/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What says how a container is to be made. */
#include "verbs/layout_options.h"
#include <ctype.h>
#include <stdio.h>

#include "base/util.h"
#include "layout/dpni_limits.h"
#include "layout/request.h"
#include "model/dprc_option.h"
#include "verbs/usage.h"
#include "verbs/workload.h"

enum { KEY_LABEL = 0xa00, KEY_PORT, KEY_LOOPBACK, KEY_CRYPTO, KEY_ADD, KEY_OPTIONS };

static void parse_label(struct layout_request *request, const struct argp_state *state,
			const char *arg)
{
	for (const char *at = arg; *at; at++)
		if (!isgraph((unsigned char)*at))
			usage_error(state,
				    "--label takes letters, digits and punctuation, not "
				    "'%.64s'",
				    arg);
	if (!*arg || strlen(arg) > LAYOUT_LABEL_MAX)
		usage_error(state, "--label takes 1 to %d characters, not '%.64s'",
			    LAYOUT_LABEL_MAX, arg);
	request->label = arg;
}

static uint32_t parse_dpni_option(const struct argp_state *state, const char *name)
{
	for (size_t i = 0; i < n_dpni_options; i++)
		if (streq(dpni_options[i].name, name))
			return dpni_options[i].bit;
	usage_error(state, "'%.64s' is not an option of a DPNI; fslmc-vfio(8) lists them", name);
	return 0;
}

/* The commas are between the settings of the port, so there is a plus between options. */
static void parse_dpni_options(struct layout_port *port, const struct argp_state *state, char *list)
{
	char *name;

	port->settings.options = 0;
	port->has_options = true;
	while (!streq(list ? list : "none", "none") && (name = strsep(&list, "+")))
		port->settings.options |= parse_dpni_option(state, name);
}

/* One of a station, not of a group, and not that of nobody. */
static void parse_address(struct layout_port *port, const struct argp_state *state,
			  const char *text)
{
	uint8_t any = 0;
	bool is_good = strlen(text) == 3 * MC_ADDRESS_SIZE - 1;

	for (size_t i = 0; is_good && i < MC_ADDRESS_SIZE; i++) {
		unsigned int byte = 0;

		is_good = isxdigit((unsigned char)text[3 * i]) &&
			  isxdigit((unsigned char)text[3 * i + 1]) &&
			  (i == MC_ADDRESS_SIZE - 1 || text[3 * i + 2] == ':') &&
			  sscanf(text + 3 * i, "%2x", &byte) == 1;
		port->address[i] = (uint8_t)byte;
		any |= port->address[i];
	}
	if (!is_good || !any || port->address[0] & 1)
		usage_error(state,
			    "--port mac= takes the MAC address of one station, such as "
			    "02:00:00:00:00:01, not '%.64s'",
			    text);
	port->has_address = true;
}

static unsigned int parse_count(const struct argp_state *state, const char *key, const char *text,
				unsigned int most)
{
	_cleanup_free_ char *option = xasprintf("port %s=", key);

	return usage_number(state, option, text, 1, most);
}

static void parse_setting(struct layout_port *port, const struct argp_state *state, char *setting)
{
	const char *key = strsep(&setting, "=");
	struct dpni_settings *settings = &port->settings;

	if (!setting)
		usage_error(state, "--port: '%.64s' has no value", key);
	else if (streq(key, "queues"))
		settings->queues = (uint8_t)parse_count(state, key, setting, DPNI_QUEUES_MAX);
	else if (streq(key, "tcs"))
		settings->tcs = (uint8_t)parse_count(state, key, setting, DPNI_TCS_MAX);
	else if (streq(key, "fs"))
		settings->fs_entries = (uint16_t)parse_count(state, key, setting, DPNI_FS_MAX);
	else if (streq(key, "qos"))
		settings->qos_entries = (uint8_t)parse_count(state, key, setting, DPNI_QOS_MAX);
	else if (streq(key, "vlans"))
		settings->vlan_entries = (uint8_t)parse_count(state, key, setting, DPNI_VLANS_MAX);
	else if (streq(key, "options"))
		parse_dpni_options(port, state, setting);
	else if (streq(key, "mac"))
		parse_address(port, state, setting);
	else
		usage_error(state,
			    "--port has no '%.64s='; it takes queues, tcs, fs, qos, vlans, "
			    "options and mac",
			    key);
}

static bool is_dpmac(const char *text, uint32_t *ret_id)
{
	struct name name;

	if (name_parse(text, &name) < 0 || !streq(name.type, "dpmac"))
		return false;
	*ret_id = name.id;
	return true;
}

static void parse_port(struct layout_request *request, const struct argp_state *state,
		       const char *arg)
{
	_cleanup_free_ char *copy = xstrdup(arg);
	struct layout_port port = { .peer = PORT_DPMAC };
	char *rest = copy, *setting;
	const char *peer = strsep(&rest, ",");

	if (streq(peer, "kernel"))
		port.peer = PORT_KERNEL;
	else if (streq(peer, "none"))
		port.peer = PORT_NONE;
	else if (!is_dpmac(peer, &port.dpmac))
		usage_error(state, "--port takes dpmac.N, kernel or none, not '%.64s'", peer);
	while ((setting = strsep(&rest, ",")))
		parse_setting(&port, state, setting);
	if (request->n_ports == LAYOUT_COUNT_MAX)
		usage_error(state, "--port: there are more than %d", LAYOUT_COUNT_MAX);
	request->ports = xrealloc(request->ports, request->n_ports + 1, sizeof(port));
	request->ports[request->n_ports++] = port;
}

static const char *find_extra_type(const char *text, size_t n)
{
	for (size_t i = 0; i < n_layout_extra_types; i++)
		if (strlen(layout_extra_types[i]) == n &&
		    strncmp(layout_extra_types[i], text, n) == 0)
			return layout_extra_types[i];
	return NULL;
}

static void parse_extra(struct layout_request *request, const struct argp_state *state,
			const char *arg)
{
	const size_t n = strcspn(arg, ":");
	const struct layout_extra extra = { .type = find_extra_type(arg, n) };
	struct layout_extra *added;

	if (!extra.type || !arg[n])
		usage_error(state,
			    "--add takes TYPE:N, TYPE being dpio, dpbp, dpcon, dpmcp, dpci "
			    "or dpdmai, not '%.64s'",
			    arg);
	request->extras = xrealloc(request->extras, request->n_extras + 1, sizeof(extra));
	added = &request->extras[request->n_extras++];
	*added = extra;
	added->n = usage_number(state, "add", arg + n + 1, 1, LAYOUT_COUNT_MAX);
}

static void parse_options(struct layout_request *request, const struct argp_state *state,
			  const char *arg)
{
	_cleanup_free_ char *copy = xstrdup(arg);
	char *rest = copy, *name;

	request->options = 0;
	while ((name = strsep(&rest, ","))) {
		uint32_t bit = 0;

		for (size_t i = 0; i < n_dprc_options; i++)
			if (streq(dprc_options[i].name, name))
				bit = dprc_options[i].bit;
		if (!bit)
			usage_error(state,
				    "'%.64s' is not an option of a DPRC; fslmc-vfio(8) "
				    "lists them",
				    name);
		request->options |= bit;
	}
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
		parse_label(request, state, arg);
		return 0;
	case KEY_PORT:
		parse_port(request, state, arg);
		return 0;
	case KEY_LOOPBACK:
		request->n_loopbacks = usage_number(state, "loopback", arg, 1, LAYOUT_COUNT_MAX);
		return 0;
	case KEY_CRYPTO:
		request->n_crypto = usage_number(state, "crypto", arg, 1, LAYOUT_COUNT_MAX);
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
	{ "port", KEY_PORT, "PEER[,SETTING=N...]", 0,
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
	{ &layout_workload_argp, 0, NULL, 0 },
	{ 0 },
};

const struct argp layout_argp = { .options = options,
				  .parser = parse_layout_options,
				  .children = children };
