/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A paragraph on stdout, folded where the terminal ends. */
#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "report/fold.h"
#include "report/paragraph.h"

void paragraph_go_on(const char *text, size_t at, size_t indent)
{
	const size_t columns = fold_terminal_columns();

	while (*text) {
		size_t n =
			columns ? fold_span(text, columns > at ? columns - at : 0) : strlen(text);

		/* A word that no line has room for is left to the terminal. */
		if (!n && at <= indent)
			n = fold_word(text);
		printf("%.*s", (int)n, text);
		text += n + strspn(text + n, " ");
		if (*text)
			printf("\n%*s", (int)indent, "");
		at = indent;
	}
	putchar('\n');
}

void paragraph_print(const char *text, size_t first_indent, size_t indent)
{
	printf("%*s", (int)first_indent, "");
	paragraph_go_on(text, first_indent, indent);
}
