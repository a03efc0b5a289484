/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What making and unmaking a container have in common: looking at the MC, and the steps back, each
 * of which may have been made before.  They speak of their failures if making->speak, and return 0
 * or one of the errors of base/exit_status.h: -ERROR_FAILED, or -ERROR_TIMED_OUT: a command or a
 * write is still in the kernel.
 */
#ifndef TRANSACTION_MAKING_H
#define TRANSACTION_MAKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/util.h"
#include "kernel/mc.h"
#include "model/name.h"

struct journal;
struct made;
struct name;
struct names_list;
struct transaction;

struct making {
	struct transaction *transaction;
	uint32_t parent;  /* the root DPRC, which commands are sent to, and containers made in */
	const char *what; /* that is made or unmade, for messages */
	int64_t deadline; /* for an MC that is busy */
	bool speak;
};

/* Opens the MC for changes: the kernel lets no other run write while one of them is in it. */
int making_begin(struct making *making);

/* autorescan off, if it is on: the scan of a list that changes can delete live devices. */
int making_quiet(struct making *making);

/*
 * Restores the switches of the bus after a step back, whatever its result r is.  Returns r if that
 * is an error.
 */
int making_end_quiet(struct making *making, int r);

int making_rescan(struct making *making);

bool making_is_on_bus(const struct making *making, const struct name *object);

/*
 * Scans if Linux has other objects in the parent than the MC.  -ERROR_FAILED: it still has one that
 * the MC does not have.
 */
int making_catch_up(struct making *making);

/* Whether to send a command again that was answered r; waits before. */
bool making_again(const struct making *making, int r);

/* The result of a command, which is sent again as long as that is worth while. */
#define making_retry(making, command)                                                              \
	({                                                                                         \
		int r_;                                                                            \
		do                                                                                 \
			r_ = (command);                                                            \
		while (making_again(making, r_));                                                  \
		r_;                                                                                \
	})

/* Of a command that failed: speaks, format and arguments being what failed, and returns the error.
 */
int making_fail(const struct making *making, int r, const char *format, ...) _printf_(3, 4);

/* What a DPRC has, in a new array. */
int making_list(struct making *making, uint32_t dprc, struct mc_descriptor **ret_objects,
		size_t *ret_n_objects);

/* The one of that type and number; NULL: not among them. */
const struct mc_descriptor *making_find(const struct mc_descriptor *objects, size_t n_objects,
					const char *type, uint32_t id);

/* The token of a DPRC, which stays open. */
int making_open(struct making *making, uint32_t dprc, uint16_t *ret_token);

/* 1: *ret_peer is what end is connected to; 0: nothing; else negative, silent, as the MC answers.
 */
int making_peer(struct making *making, const struct mc_end *end, struct mc_end *ret_peer);

int making_connect(struct making *making, const struct mc_end *a, const struct mc_end *b);
int making_disconnect(struct making *making, const struct mc_end *end);

/* Of an object in a DPRC: whether Linux may bind it by itself.  token: of that DPRC. */
int making_plug(struct making *making, uint16_t token, uint32_t dprc, const char *type, uint32_t id,
		bool plugged);

/* Whether what is connected so is disconnected before its container is destroyed. */
bool making_disconnects(const char *type, const char *peer_type);

/* Disconnects what is in it. */
int making_disconnect_container(struct making *making, uint32_t id);

/*
 * Takes away a container: disconnects what is in it, and destroys it.  Objects that others created
 * go to its parent.
 */
int making_destroy_container(struct making *making, uint32_t id);

/* Takes away objects of the parent; a driver of the host that has one loses it. */
int making_destroy_host_objects(struct making *making, const struct names_list *objects);

/* Connects again what was cut, if the peer is still in the parent. */
int making_reconnect(struct making *making, const struct made *made);

/* Removes the journal, when all is made or taken back: 0, or -ERROR_RESIDUE. */
int making_end_journal(const struct transaction *transaction);

/* Leaves what was interrupted as it is, and removes its journal. */
int making_abandon(struct transaction *transaction, const struct journal *journal);

/* Says what is left of it. */
void making_warn_abandoned(const char *names);

/* The end that is an object without interfaces of its own. */
struct mc_end making_end(const struct name *object);

#endif
