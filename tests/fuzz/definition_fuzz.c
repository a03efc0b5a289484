/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Definitions: what is accepted is written as it was read, and can be looked for on a bus. */
#include <stdlib.h>

#include <json-c/json.h>

#include "base/log.h"
#include "base/util.h"
#include "fuzz.h"
#include "kernel/sysfs.h"
#include "layout/board.h"
#include "layout/layout_make.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "settings/definition.h"
#include "settings/text.h"

static struct sysfs sysfs;
static struct bus *bus;
static struct board board;

int LLVMFuzzerInitialize(int *argc _unused_, char ***argv _unused_)
{
	_cleanup_mc_ struct mc mc = MC_CLOSED;

	log_forget();
	fuzz_machine("shipped", &sysfs);
	if (bus_load(&sysfs, &bus) < 0 || mc_inventory_load(bus, MC_ENDPOINTS, &mc) < 0 ||
	    board_load(bus, &mc, &board) < 0)
		abort();
	return 0;
}

static void parse_again(const struct definition *definition)
{
	struct json_object *json = definition_to_json(definition), *again = NULL;
	_cleanup_free_ char *wrong = text_parse(json_object_to_json_string(json), &again);
	struct definition same;

	FUZZ_ASSERT(!wrong);
	wrong = definition_parse("same", again, &same);
	FUZZ_ASSERT(!wrong);
	json_object_put(again);
	again = definition_to_json(&same);
	FUZZ_ASSERT(json_object_equal(json, again));
	json_object_put(again);
	json_object_put(json);
	definition_done(&same);
}

static void look_for(const struct definition *definition)
{
	_cleanup_free_ char *text = definition_describe(definition);
	struct definition_match match = { 0 };

	FUZZ_ASSERT(text);
	definition_match(definition, bus, &match);
	definition_match_done(&match);
	definition_find_unseen(definition, bus);
	for (size_t i = 0; i < bus->n_dprcs; i++) {
		definition_is_about(definition, bus, &bus->dprcs[i]);
		free(definition_difference(definition, bus, &bus->dprcs[i]));
	}
}

static void make_layout(const struct definition *definition)
{
	struct layout_request request = definition->layout;
	_cleanup_refusals_ struct refusals refusals = { 0 };
	_cleanup_layout_ struct layout layout = { 0 };

	request.label = definition->label;
	request.workload = definition->workload;
	layout_make(&request, &board, &layout, &refusals);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct input input = { bytes, n };
	_cleanup_free_ char *text = input_text(&input), *wrong = NULL;
	struct json_object *json = NULL;
	struct definition definition;

	wrong = text_parse(text, &json);
	if (!wrong)
		wrong = definition_parse("fuzzed", json, &definition);
	json_object_put(json);
	if (wrong)
		return 0;
	parse_again(&definition);
	look_for(&definition);
	if (definition.has_layout)
		make_layout(&definition);
	definition_done(&definition);
	return 0;
}
