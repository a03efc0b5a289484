/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where text is folded that is too wide. */
#ifndef REPORT_FOLD_H
#define REPORT_FOLD_H

#include <stddef.h>

/*
 * Bytes at the start of text that fit in this many columns, up to a blank or to behind a comma.
 * 0: the first word is too wide.
 */
size_t fold_span(const char *text, size_t columns);

/* The same, but a word that is too wide is cut, behind its first character at the earliest. */
size_t fold_span_cut(const char *text, size_t columns);

/* Bytes up to the end of the first word. */
size_t fold_word(const char *text);

/* Columns of the terminal at stdout; 0: there is none, or it does not say. */
size_t fold_terminal_columns(void);

#endif
