/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of creation.h share among themselves. */
#ifndef TRANSACTION_CREATION_PARTS_H
#define TRANSACTION_CREATION_PARTS_H

#include <stddef.h>

#include "kernel/mc_make.h"
#include "transaction/making.h"

struct bus;
struct creation;
struct layout;
struct layout_connection;

#define N_TYPES 9 /* that can be created, and the DPRC */

/* What a run has in hand. */
struct creation_run {
	struct making making;
	const struct bus *bus;
	const struct layout *layout;
	struct creation *creation;
	struct {
		const char *type;
		struct mc_api api;
	} apis[N_TYPES];
	size_t n_apis;
	uint16_t token; /* of the container */
};

/*
 * Asks for versions, and notes what there is: what the parent has, and what will be cut.  Fills in
 * run->creation.
 */
int creation_look(struct creation_run *run);

struct mc_api creation_api_of(const struct creation_run *run, const char *type);
struct mc_end creation_port_of(const struct layout_connection *connection);

/*
 * The nth of total objects of a type could not be created.  If there is no resource, says what it
 * takes, and what is left of that: which of them it was the MC does not tell.
 */
int creation_fail_create(const struct making *making, int r, const char *type, size_t nth,
			 size_t total);

#endif
