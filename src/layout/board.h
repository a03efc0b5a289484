/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a board has for a new container: the facts that layout_make() decides by. */
#ifndef LAYOUT_BOARD_H
#define LAYOUT_BOARD_H

#include <stdbool.h>

#include "model/pool.h"
#include "model/port.h"
#include "model/soc.h"

struct bus;
struct carried_netdevs;
struct mc;

struct board {
	const struct bus *bus; /* with bus->mc, of MC_ENDPOINTS */
	enum soc soc;
	struct ports ports;
	struct pools pools;
	/* Network interfaces of the ports, and of what these are connected to. */
	struct carried_netdevs *carriers;
	size_t n_carriers;
	bool may_create; /* this process has CAP_NET_ADMIN */
};

/* bus->mc has to be there, loaded over mc.  Errors of pools_load(). */
int board_load(const struct bus *bus, struct mc *mc, struct board *ret_board);
void board_done(struct board *board);
#define _cleanup_board_ __attribute__((cleanup(board_done)))

const struct port *board_port(const struct board *board, uint32_t dpmac);

#endif
