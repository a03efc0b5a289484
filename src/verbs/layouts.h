/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What create, apply and define want of a layout. */
#ifndef VERBS_LAYOUTS_H
#define VERBS_LAYOUTS_H

#include <stddef.h>

struct board;
struct bus;
struct definition;
struct layout;
struct layout_request;
struct mc;

/*
 * What the board has; bus has to be loaded with MC_ENDPOINTS over mc.  Without the MC nothing is
 * known of ports, labels and pools, and nothing could be made: an error of base/exit_status.h,
 * printed.
 */
int layouts_load_board(const struct bus *bus, struct mc *mc, struct board *ret_board);

/* As layout_make(), but prints all that speaks against it; ret_layout has to be freed in any case.
 */
int layouts_decide(const struct layout_request *request, const struct board *board,
		   struct layout *ret_layout);

/* What is made for each of these definitions, one after the other, in a new array. */
int layouts_decide_all(struct definition *const *definitions, size_t n_definitions,
		       const struct bus *bus, struct mc *mc, struct layout **ret_layouts);
void layouts_free(struct layout *layouts, size_t n_layouts);

#endif
