/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A paragraph on stdout, folded where the terminal ends.  What is no terminal gets one line. */
#ifndef REPORT_PARAGRAPH_H
#define REPORT_PARAGRAPH_H

#include <stddef.h>

/* The same where at columns of the first line are printed already. */
void paragraph_go_on(const char *text, size_t at, size_t indent);

/* Blanks before the first line and before the others. */
void paragraph_print(const char *text, size_t first_indent, size_t indent);

#endif
