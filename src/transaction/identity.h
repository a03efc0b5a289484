/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tells a DPRC from another one that got its number: the MC reuses ids at once. */
#ifndef TRANSACTION_IDENTITY_H
#define TRANSACTION_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

struct dprc;

#define IDENTITY_UNKNOWN (-1)

struct identity {
	int64_t icid;
	int64_t portal_id;
	char *label; /* NULL: unknown */
};

/* What the MC reports about a DPRC; all unknown where it says nothing. */
void identity_take(const struct dprc *dprc, struct identity *ret_identity);

/* Whether two identities can be of one DPRC: what is unknown of either does not tell. */
bool identity_matches(const struct identity *a, const struct identity *b);

#endif
