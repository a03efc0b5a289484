/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list for one line of a message: "a, b, c, ..." - counted in full, spelled out for a few. */
#ifndef BASE_LISTING_H
#define BASE_LISTING_H

#include <stddef.h>

struct listing {
	char *text; /* owned; NULL: nothing added */
	size_t n;   /* all that was added, also what is not spelled out */
};

void listing_add(struct listing *listing, const char *item);
void listing_take(struct listing *listing, char *item);

#endif
