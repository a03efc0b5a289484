/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of text, printed when the widths of all are known.  Where the terminal is too narrow for
 * them, the widest columns of text are folded, each within itself: no row runs into the next line.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct render_style;
struct selection;

struct table {
	const struct selection *selection;
	char ***rows; /* a cell per column */
	size_t n_rows;
	bool has_headings; /* the first row is one of headings */
};

/* An empty row: its cells are to be set, and are the table's. */
char **table_add_row(struct table *table);

/* Prints the rows and forgets them. */
void table_print(struct table *table, const struct render_style *style);
void table_done(struct table *table);

#endif
