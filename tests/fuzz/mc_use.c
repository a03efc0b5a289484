/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include <json-c/json.h>

#include "base/util.h"
#include "fuzz.h"
#include "kernel/mc.h"
#include "kernel/mc_make.h"
#include "layout/board.h"
#include "layout/layout_make.h"
#include "layout/layout_match.h"
#include "layout/request_text.h"
#include "mc_use.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/mc_inventory.h"
#include "report/view.h"
#include "rules/candidate.h"
#include "rules/policy.h"

#define DEADLINE_MS 5000

static void make_layouts(const struct bus *bus, struct mc *mc)
{
	_cleanup_board_ struct board board = { 0 };
	_cleanup_refusals_ struct refusals refusals = { 0 };
	_cleanup_layout_ struct layout layout = { 0 };
	struct layout_request request = { .label = "fast", .options = LAYOUT_OPTIONS };

	if (board_load(bus, mc, &board) < 0)
		return;
	free(request_parse_port(&request, "dpmac.3"));
	free(request_parse_port(&request, "kernel"));
	request.n_loopbacks = request.n_crypto = 1;
	layout_make(&request, &board, &layout, &refusals);
	board_take(&board, &layout);
	for (size_t i = 0; i < bus->mc->n_containers; i++)
		free(layout_difference(&request, &bus->mc->containers[i]));
	for (size_t i = 0; i < board.pools.n_pools; i++)
		json_object_put(view_pool(&board.pools.pools[i]));
	layout_request_done(&request);
}

static void judge(const struct bus *bus)
{
	static struct host host;
	static bool has_host;

	if (!has_host)
		host_load(bus, &host);
	has_host = true;
	for (size_t i = 0; i < bus->n_dprcs; i++) {
		_cleanup_candidate_ struct candidate candidate = { 0 };

		candidate_load(bus, &host, bus->dprcs[i].object, &candidate);
		policy_refuse(&(struct policy){ .strict = true }, &candidate, RULES_OF_CONTAINER);
		json_object_put(view_dprc(&bus->dprcs[i], NULL, false, NULL, NULL));
	}
	for (size_t i = 0; i < bus->n_objects; i++)
		json_object_put(view_object(&bus->objects[i], NULL, NULL));
}

static void look_again(const struct bus *bus, struct mc *mc)
{
	struct mc_dprc_attributes attributes;
	char label[MC_LABEL_SIZE];

	for (size_t i = 0; i < bus->n_dprcs; i++)
		if (bus->dprcs[i].object->mc)
			mc_inventory_ask_again(bus, bus->dprcs[i].object->mc, mc, &attributes,
					       label);
}

void mc_use(struct bus *bus)
{
	_cleanup_mc_ struct mc mc = MC_CLOSED;

	mc_inventory_load(bus, MC_ENDPOINTS, &mc);
	if (!bus->mc)
		return;
	for (size_t i = 0; i < bus->mc->n_containers; i++)
		for (size_t at = 0; at < bus->mc->containers[i].n_objects; at++)
			json_object_put(view_mc_object(&bus->mc->containers[i].objects[at]));
	judge(bus);
	look_again(bus, &mc);
	make_layouts(bus, &mc);
}

void mc_use_create(const struct sysfs *sysfs)
{
	static const char *const types[] = { "dpni", "dpio", "dpbp", "dpmcp", "dpcon", "dpseci" };
	static const struct dpni_settings dpni = { .queues = 4, .tcs = 1 };
	static const struct dpseci_settings dpseci = { .queues = 4 };
	_cleanup_mc_ struct mc mc = MC_CLOSED;
	struct mc_api api;
	uint16_t token;
	uint32_t id;

	if (mc_open(sysfs, 1, DEADLINE_MS, &mc) < 0 || mc_dprc_open(&mc, 1, &token) < 0)
		return;
	if (mc_get_api_version(&mc, "dprc", &api) >= 0)
		mc_dprc_create_child(&mc, token, api, LAYOUT_OPTIONS, "fast", &id);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		const struct mc_creation creation = { types[i], &dpni, &dpseci };

		if (mc_get_api_version(&mc, types[i], &api) >= 0 &&
		    mc_create(&mc, token, &creation, api, &id) >= 0)
			mc_destroy(&mc, token, types[i], id);
	}
}
