/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verbs/layouts.h"
#include <errno.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "layout/layout_make.h"
#include "model/bus.h"
#include "rules/mc_trouble.h"
#include "settings/definition.h"

int layouts_load_board(const struct bus *bus, struct mc *mc, struct board *ret_board)
{
	int r;

	if (!bus->mc)
		return fail(bus->mc_error == -EACCES ? -ERROR_PERMISSION : -ERROR_FAILED, NULL,
			    "cannot create a DPRC: the MC cannot be queried%s",
			    bus->mc_error == -EACCES ? "; run as root" : "");
	r = board_load(bus, mc, ret_board);
	return r < 0 ? fail(-ERROR_FAILED, NULL, "cannot query the pools of the MC: %s",
			    mc_error_text(r))
		     : 0;
}

int layouts_decide(const struct layout_request *request, const struct board *board,
		   struct layout *ret_layout)
{
	_cleanup_refusals_ struct refusals refusals = { 0 };

	layout_make(request, board, ret_layout, &refusals);
	for (size_t i = 0; i < refusals.n_refusals; i++)
		fail(-refusals.refusals[i].error, refusals.refusals[i].object, "%s",
		     refusals.refusals[i].text);
	return refusals_error(&refusals);
}

/* Neither of two would say so: each is decided by what the board has now. */
static int refuse_shared_ports(struct definition *const *definitions, size_t n_definitions)
{
	for (size_t i = 0; i < n_definitions; i++)
		for (size_t n = 0; n < i; n++) {
			const struct layout_port *port =
				layout_shared_port(&definitions[i]->layout,
						   &definitions[n]->layout);
			_cleanup_free_ char *name = port ? layout_port_text(port) : NULL;

			if (port)
				return fail(-ERROR_REFUSED, name,
					    "two definitions ask for it: '%s', '%s'; change one of "
					    "them",
					    definitions[n]->name, definitions[i]->name);
			if (streq(definitions[i]->label, definitions[n]->label))
				return fail(-ERROR_REFUSED, definitions[i]->label,
					    "two definitions create a DPRC with this label: '%s', "
					    "'%s'; change one of them",
					    definitions[n]->name, definitions[i]->name);
		}
	return 0;
}

static struct layout_request request_of(const struct definition *definition)
{
	struct layout_request request = definition->layout;

	request.label = definition->label;
	request.workload = definition->workload;
	request.is_defined = true;
	request.force = strings_has(&definition->allow, "netdev-in-use");
	return request;
}

int layouts_decide_all(struct definition *const *definitions, size_t n_definitions,
		       const struct bus *bus, struct mc *mc, struct layout **ret_layouts)
{
	_cleanup_board_ struct board board = { 0 };
	struct layout *layouts;
	int r = refuse_shared_ports(definitions, n_definitions);

	if (r >= 0)
		r = layouts_load_board(bus, mc, &board);
	if (r < 0)
		return r;
	layouts = xcalloc(n_definitions, sizeof(*layouts));
	for (size_t i = 0; i < n_definitions; i++) {
		const struct layout_request request = request_of(definitions[i]);
		const int decided = layouts_decide(&request, &board, &layouts[i]);

		r = r < 0 ? r : decided;
		board_take(&board, &layouts[i]);
	}
	*ret_layouts = layouts;
	return r;
}

void layouts_free(struct layout *layouts, size_t n_layouts)
{
	for (size_t i = 0; layouts && i < n_layouts; i++)
		layout_done(&layouts[i]);
	free(layouts);
}
