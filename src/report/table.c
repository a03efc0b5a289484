/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "base/util.h"
#include "report/columns.h"
#include "report/fold.h"
#include "report/render.h"
#include "report/table.h"

#define MIN_WIDTH 8 /* narrower than this no column is folded */

char **table_add_row(struct table *table)
{
	const size_t n = table->n_rows;

	/* There is room for a power of two of them. */
	if (!(n & (n - 1)))
		table->rows = xrealloc(table->rows, n ? 2 * n : 1, sizeof(*table->rows));
	table->rows[n] = xcalloc(table->selection->n_columns, sizeof(**table->rows));
	return table->rows[table->n_rows++];
}

void table_done(struct table *table)
{
	for (size_t row = 0; row < table->n_rows; row++) {
		for (size_t i = 0; i < table->selection->n_columns; i++)
			free(table->rows[row][i]);
		free(table->rows[row]);
	}
	free(table->rows);
	*table = (struct table){ 0 };
}

static size_t cell_width(const char *cell) { return str_width(cell, strlen(cell)); }

/* None of its records has anything there; that it is not known is something. */
static bool is_empty(const struct table *table, size_t column)
{
	for (size_t row = table->has_headings; row < table->n_rows; row++)
		if (!streq(table->rows[row][column], "-"))
			return false;
	return true;
}

/* Of each column; of one that is left out 0. */
static void measure(const struct table *table, const struct render_style *style, size_t *widths)
{
	for (size_t i = 0; i < table->selection->n_columns; i++) {
		if (i && style->skips_empty && is_empty(table, i))
			continue;
		for (size_t row = 0; row < table->n_rows; row++) {
			const size_t width = cell_width(table->rows[row][i]);

			if (width > widths[i])
				widths[i] = width;
		}
	}
}

static size_t row_width(const struct table *table, const size_t *widths)
{
	size_t width = 0;

	for (size_t i = 0; i < table->selection->n_columns; i++)
		width += widths[i] ? widths[i] + 1 : 0;
	return width ? width - 1 : 0;
}

/* The first has the names, and the lines of a tree. */
static size_t *widest(const struct table *table, size_t *widths)
{
	size_t *found = NULL;

	for (size_t i = 1; i < table->selection->n_columns; i++)
		if (table->selection->columns[i]->kind == COLUMN_TEXT && widths[i] > MIN_WIDTH &&
		    (!found || widths[i] > *found))
			found = &widths[i];
	return found;
}

static void narrow(const struct table *table, size_t columns, size_t *widths)
{
	size_t *column;

	while (row_width(table, widths) > columns && (column = widest(table, widths)))
		--*column;
}

/* What of each cell goes on this line; the rest stays for the next.  Whether there is any. */
static bool print_line(const struct table *table, const size_t *widths, const char **cells)
{
	const size_t n_columns = table->selection->n_columns;
	bool has_more = false;
	size_t blanks = 0;

	for (size_t i = 0; i < n_columns; i++) {
		const size_t n = fold_span_cut(cells[i], widths[i]), width = str_width(cells[i], n);
		const size_t fill = widths[i] > width ? widths[i] - width : 0;
		const bool is_right = table->selection->columns[i]->kind != COLUMN_TEXT;

		if (!widths[i])
			continue;
		if (n)
			printf("%*s%.*s", (int)(blanks + (is_right ? fill : 0)), "", (int)n,
			       cells[i]);
		blanks = n ? is_right ? 0 : fill : blanks + widths[i];
		blanks++;
		cells[i] += n + strspn(cells[i] + n, " ");
		has_more |= *cells[i] != '\0';
	}
	putchar('\n');
	return has_more;
}

static void print_raw(const struct table *table, char *const *cells)
{
	for (size_t i = 0; i < table->selection->n_columns; i++)
		printf("%s%s", i ? " " : "", cells[i]);
	putchar('\n');
}

void table_print(struct table *table, const struct render_style *style)
{
	const size_t n_columns = table->selection->n_columns, columns = fold_terminal_columns();
	_cleanup_free_ size_t *widths = xcalloc(n_columns, sizeof(*widths));
	_cleanup_free_ const char **rest = xcalloc(n_columns, sizeof(*rest));

	measure(table, style, widths);
	if (columns)
		narrow(table, columns, widths);
	for (size_t row = 0; row < table->n_rows; row++) {
		if (style->raw) {
			print_raw(table, table->rows[row]);
			continue;
		}
		memcpy(rest, table->rows[row], n_columns * sizeof(*rest));
		while (print_line(table, widths, rest))
			;
	}
	table_done(table);
}
