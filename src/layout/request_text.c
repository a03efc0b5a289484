/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layout/request_text.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/util.h"
#include "layout/dpni_limits.h"
#include "model/dprc_option.h"

char *request_check_label(const char *text)
{
	for (const char *at = text; *at; at++)
		if (!isgraph((unsigned char)*at))
			return xasprintf("takes letters, digits and punctuation, not '%.64s'",
					 text);
	return *text && strlen(text) <= LAYOUT_LABEL_MAX
		       ? NULL
		       : xasprintf("takes 1 to %d characters, not '%.64s'", LAYOUT_LABEL_MAX, text);
}

char *request_parse_count(const char *text, unsigned int most, unsigned int *ret_count)
{
	unsigned int count;

	if (!str_number(text, most, &count) || !count)
		return xasprintf("takes a number from 1 to %u, not '%.64s'", most, text);
	*ret_count = count;
	return NULL;
}

/* The commas are between the settings of the port, so there is a plus between options. */
static char *parse_dpni_options(struct layout_port *port, char *list)
{
	char *name;

	port->settings.options = 0;
	port->has_options = true;
	while (!streq(list ? list : "none", "none") && (name = strsep(&list, "+"))) {
		uint32_t bit = 0;

		for (size_t i = 0; i < n_dpni_options; i++)
			if (streq(dpni_options[i].name, name))
				bit = dpni_options[i].bit;
		if (!bit)
			return xasprintf("options=: '%.64s' is not an option of a DPNI; "
					 "fslmc-vfio(8) lists them",
					 name);
		port->settings.options |= bit;
	}
	return NULL;
}

/* One of a station, not of a group, and not that of nobody. */
static char *parse_address(struct layout_port *port, const char *text)
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
		return xasprintf("mac= takes the MAC address of one station, such as "
				 "02:00:00:00:00:01, not '%.64s'",
				 text);
	port->has_address = true;
	return NULL;
}

/* The numbers among the settings of a port; each fits into its field of struct dpni_settings. */
static const struct setting {
	const char *key;
	unsigned int most;
} settings[] = {
	{ "queues", DPNI_QUEUES_MAX }, { "tcs", DPNI_TCS_MAX },	    { "fs", DPNI_FS_MAX },
	{ "qos", DPNI_QOS_MAX },       { "vlans", DPNI_VLANS_MAX },
};

static unsigned int get_setting(const struct dpni_settings *dpni, size_t i)
{
	const unsigned int values[ARRAY_SIZE(settings)] = { dpni->queues, dpni->tcs,
							    dpni->fs_entries, dpni->qos_entries,
							    dpni->vlan_entries };

	return values[i];
}

static void set_setting(struct dpni_settings *dpni, size_t i, unsigned int value)
{
	switch (i) {
	case 0:
		dpni->queues = (uint8_t)value;
		break;
	case 1:
		dpni->tcs = (uint8_t)value;
		break;
	case 2:
		dpni->fs_entries = (uint16_t)value;
		break;
	case 3:
		dpni->qos_entries = (uint8_t)value;
		break;
	default:
		dpni->vlan_entries = (uint8_t)value;
	}
}

static char *parse_number(struct layout_port *port, size_t i, const char *text)
{
	unsigned int number = 0;
	_cleanup_free_ char *wrong = request_parse_count(text, settings[i].most, &number);

	if (wrong)
		return xasprintf("%s= %s", settings[i].key, wrong);
	set_setting(&port->settings, i, number);
	return NULL;
}

static char *parse_setting(struct layout_port *port, char *setting)
{
	const char *key = strsep(&setting, "=");

	if (!setting)
		return xasprintf("'%.64s' has no value", key);
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (streq(key, settings[i].key))
			return parse_number(port, i, setting);
	if (streq(key, "options"))
		return parse_dpni_options(port, setting);
	if (streq(key, "mac"))
		return parse_address(port, setting);
	return xasprintf("has no '%.64s='; it takes queues, tcs, fs, qos, vlans, options and mac",
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

char *request_parse_port(struct layout_request *request, const char *text)
{
	_cleanup_free_ char *copy = xstrdup(text);
	struct layout_port port = { .peer = PORT_DPMAC };
	char *rest = copy, *setting, *wrong = NULL;
	const char *peer = strsep(&rest, ",");

	if (streq(peer, "kernel"))
		port.peer = PORT_KERNEL;
	else if (streq(peer, "none"))
		port.peer = PORT_NONE;
	else if (!is_dpmac(peer, &port.dpmac))
		return xasprintf("takes dpmac.N, kernel or none, not '%.64s'", peer);
	while (!wrong && (setting = strsep(&rest, ",")))
		wrong = parse_setting(&port, setting);
	if (wrong)
		return wrong;
	if (request->n_ports == LAYOUT_COUNT_MAX)
		return xasprintf("there are more than %d", LAYOUT_COUNT_MAX);
	request->ports = xrealloc(request->ports, request->n_ports + 1, sizeof(port));
	request->ports[request->n_ports++] = port;
	return NULL;
}

static void print_dpni_options(FILE *text, uint32_t options)
{
	const char *before = "";

	fputs(",options=", text);
	for (size_t i = 0; i < n_dpni_options; i++)
		if (options & dpni_options[i].bit) {
			fprintf(text, "%s%s", before, dpni_options[i].name);
			before = "+";
		}
	if (!*before)
		fputs("none", text);
}

char *request_port_text(const struct layout_port *port)
{
	_cleanup_free_ char *peer = layout_port_text(port);
	size_t n_bytes;
	char *result;
	FILE *text = open_memstream(&result, &n_bytes);

	if (!text)
		abort();
	fputs(peer, text);
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (get_setting(&port->settings, i))
			fprintf(text, ",%s=%u", settings[i].key, get_setting(&port->settings, i));
	if (port->has_options)
		print_dpni_options(text, port->settings.options);
	for (size_t i = 0; port->has_address && i < MC_ADDRESS_SIZE; i++)
		fprintf(text, "%s%02x", i ? ":" : ",mac=", port->address[i]);
	if (fclose(text) != 0)
		abort();
	return result;
}

char *request_add_extra(struct layout_request *request, const char *type, const char *number)
{
	struct layout_extra extra = { 0 };
	char *wrong;

	for (size_t i = 0; i < n_layout_extra_types; i++)
		if (streq(layout_extra_types[i], type))
			extra.type = layout_extra_types[i];
	if (!extra.type)
		return xasprintf("takes dpio, dpbp, dpcon, dpmcp, dpci or dpdmai, not '%.64s'",
				 type);
	wrong = request_parse_count(number, LAYOUT_COUNT_MAX, &extra.n);
	if (wrong)
		return wrong;
	request->extras = xrealloc(request->extras, request->n_extras + 1, sizeof(extra));
	request->extras[request->n_extras++] = extra;
	return NULL;
}

char *request_parse_option(const char *text, uint32_t *options)
{
	for (size_t i = 0; i < n_dprc_options; i++)
		if (streq(dprc_options[i].name, text)) {
			*options |= dprc_options[i].bit;
			return NULL;
		}
	return xasprintf("'%.64s' is not an option of a DPRC; fslmc-vfio(8) lists them", text);
}
