/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the words there are may have been meant by one that there is not. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* With text set, the words there are are offered one by one. */
struct nearest {
	const char *text;
	const char *word; /* NULL: none is near */
	size_t distance;  /* of it */
};

/* Near is at most every third letter typed wrong, left out, added, or exchanged with the next. */
void nearest_offer(struct nearest *nearest, const char *word);

/* "; did you mean 'bind'?" in a new string, or "". */
char *nearest_ask(const struct nearest *nearest);

#endif
