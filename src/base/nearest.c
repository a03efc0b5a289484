/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/nearest.h"
#include "base/util.h"

#define LONGEST 32

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Of Damerau and Levenshtein, without moving anything twice. */
static size_t distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
	size_t d[LONGEST + 1][LONGEST + 1];

	for (size_t i = 0; i <= n_a; i++)
		for (size_t j = 0; j <= n_b; j++) {
			if (!i || !j) {
				d[i][j] = i + j;
				continue;
			}
			d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
					d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[n_a][n_b];
}

void nearest_offer(struct nearest *nearest, const char *word)
{
	const size_t n = strlen(nearest->text), n_word = strlen(word);
	size_t far;

	if (n > LONGEST || n_word > LONGEST)
		return;
	far = distance(nearest->text, n, word, n_word);
	if (far > (n + 2) / 3 || far >= n || (nearest->word && far >= nearest->distance))
		return;
	nearest->word = word;
	nearest->distance = far;
}

char *nearest_ask(const struct nearest *nearest)
{
	return nearest->word ? xasprintf("; did you mean '%s'?", nearest->word) : xstrdup("");
}
