/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/util.h"
#include "report/fold.h"

#define MIN_COLUMNS 40 /* narrower than this nothing reads well, folded or not */

size_t fold_terminal_columns(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		return 0;
	return size.ws_col < MIN_COLUMNS ? MIN_COLUMNS : size.ws_col;
}

size_t fold_word(const char *text)
{
	const size_t n = strcspn(text, " ,");

	return text[n] == ',' ? n + 1 : n;
}

size_t fold_span(const char *text, size_t columns)
{
	size_t n = 0;

	while (text[n]) {
		const size_t blanks = strspn(text + n, " ");
		const size_t next = n + blanks + fold_word(text + n + blanks);

		if (str_width(text, next) > columns)
			break;
		n = next;
	}
	return n;
}

size_t fold_span_cut(const char *text, size_t columns)
{
	size_t n = fold_span(text, columns);

	if (n)
		return n;
	while (text[n]) {
		uint32_t code;
		const size_t character = str_character(text + n, &code);
		const size_t next = n + (character ? character : 1);

		if (n && str_width(text, next) > columns)
			break;
		n = next;
	}
	return n;
}
