/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans a container: the objects to create for a request, or why that is refused.  Decides only. */
#ifndef LAYOUT_LAYOUT_MAKE_H
#define LAYOUT_LAYOUT_MAKE_H

#include <stddef.h>

#include "layout/board.h"
#include "layout/layout.h"
#include "layout/refusal.h"
#include "layout/request.h"

/* Both have to be freed, whatever became of it; with refusals the layout is not to be made. */
void layout_make(const struct layout_request *request, const struct board *board,
		 struct layout *ret_layout, struct refusals *ret_refusals);

/* For layout_make(): adds what speaks against it. */
void layout_refuse(const struct layout_request *request, const struct board *board,
		   const struct layout *layout, struct refusals *refusals);

/* How many DPSECIs hold so many queues, at least: firmware before MC 10.7 needs more. */
size_t layout_crypto_objects(unsigned int n_queues);

/* For the next layout: what this one will take is not there any more. */
void board_take(struct board *board, const struct layout *layout);

#endif
