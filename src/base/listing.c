/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list for one line of a message. */
#include <stdlib.h>

#include "base/listing.h"
#include "base/util.h"

#define SPELLED_OUT 8

void listing_add(struct listing *listing, const char *item)
{
	char *longer;

	if (listing->n++ > SPELLED_OUT)
		return;
	longer = xasprintf("%s%s%s", listing->text ? listing->text : "", listing->text ? ", " : "",
			   listing->n > SPELLED_OUT ? "..." : item);
	free(listing->text);
	listing->text = longer;
}

void listing_take(struct listing *listing, char *item)
{
	listing_add(listing, item);
	free(item);
}
