/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a board has for a new container. */
#include "layout/board.h"
#include <stdlib.h>

#include "base/util.h"
#include "kernel/mc_make.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/netdev.h"
#include "model/object.h"
#include "rules/switch_ports.h"

/* Objects that Linux does not have, or that no driver has, carry nothing. */
static void add_carrier(struct board *board, const struct object *object)
{
	struct carried_netdevs *carrier;

	if (!object || !object->driver)
		return;
	board->carriers =
		xrealloc(board->carriers, board->n_carriers + 1, sizeof(*board->carriers));
	carrier = &board->carriers[board->n_carriers++];
	*carrier = (struct carried_netdevs){ .object = object };
	carrier->is_known = netdevs_load(board->bus, object, &carrier->netdevs) >= 0;
}

int board_load(const struct bus *bus, struct mc *mc, struct board *ret_board)
{
	struct board board = {
		.bus = bus,
		.soc = soc_load(bus->sysfs),
		.may_create = !bus->sysfs->is_live || mc_may_change(),
	};
	int r = pools_load(bus, mc, &board.pools);

	if (r < 0)
		return r;
	ports_load(bus, mc, &board.ports);
	for (size_t i = 0; i < board.ports.n_ports; i++) {
		add_carrier(&board, board.ports.ports[i].object);
		add_carrier(&board, board.ports.ports[i].peer);
	}
	*ret_board = board;
	return 0;
}

void board_done(struct board *board)
{
	for (size_t i = 0; i < board->n_carriers; i++)
		netdevs_done(&board->carriers[i].netdevs);
	free(board->carriers);
	ports_done(&board->ports);
	pools_done(&board->pools);
	*board = (struct board){ 0 };
}

const struct port *board_port(const struct board *board, uint32_t dpmac)
{
	for (size_t i = 0; i < board->ports.n_ports; i++)
		if (board->ports.ports[i].name.id == dpmac)
			return &board->ports.ports[i];
	return NULL;
}
