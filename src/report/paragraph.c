/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A paragraph on stdout, folded where the terminal ends. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/util.h"
#include "report/paragraph.h"

#define MIN_COLUMNS 40 /* narrower than this nothing reads well, folded or not */

/* 0: it is no terminal, or it does not say. */
static size_t terminal_columns(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		return 0;
	return size.ws_col < MIN_COLUMNS ? MIN_COLUMNS : size.ws_col;
}

void paragraph_print(const char *text, size_t first_indent, size_t indent)
{
	const size_t columns = terminal_columns();
	size_t at = first_indent;

	printf("%*s", (int)first_indent, "");
	while (*text) {
		const size_t n_blanks = strspn(text, " ");
		const size_t n = n_blanks + strcspn(text + n_blanks, " ");
		const size_t width = str_width(text, n);

		if (columns && at + width > columns && at > indent) {
			printf("\n%*s%.*s", (int)indent, "", (int)(n - n_blanks), text + n_blanks);
			at = indent + width - n_blanks;
		} else {
			printf("%.*s", (int)n, text);
			at += width;
		}
		text += n;
	}
	putchar('\n');
}
