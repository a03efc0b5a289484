/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns of a table, and a user's choice among them. */
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/util.h"
#include "report/columns.h"

static const struct column *find(const struct column *columns, size_t n_columns,
				 const char *heading)
{
	for (size_t i = 0; i < n_columns; i++)
		if (strcasecmp(columns[i].heading, heading) == 0)
			return &columns[i];
	return NULL;
}

/* HOLDERS for HOLDER: the headings of other tools are in the singular. */
static const struct column *find_singular(const struct column *columns, size_t n_columns,
					  const char *heading)
{
	_cleanup_free_ char *plural = xasprintf("%sS", heading);

	return find(columns, n_columns, plural);
}

static void add(struct selection *selection, const struct column *column)
{
	selection->columns =
		xrealloc(selection->columns, selection->n_columns + 1, sizeof(*selection->columns));
	selection->columns[selection->n_columns++] = column;
}

static void add_defaults(struct selection *selection, const struct column *columns,
			 size_t n_columns)
{
	for (size_t i = 0; i < n_columns; i++)
		if (columns[i].by_default)
			add(selection, &columns[i]);
}

static void add_all(struct selection *selection, const struct column *columns, size_t n_columns)
{
	for (size_t i = 0; i < n_columns; i++)
		if (!selection_has(selection, columns[i].key))
			add(selection, &columns[i]);
}

int selection_make(const struct column *columns, size_t n_columns, const char *spec,
		   struct selection *ret_selection, char **ret_unknown)
{
	_cleanup_(selection_done) struct selection selection = { 0 };
	_cleanup_free_ char *copy = NULL;
	char *rest, *heading;

	if (!spec || *spec == '+')
		add_defaults(&selection, columns, n_columns);
	if (spec) {
		rest = copy = xstrdup(*spec == '+' ? spec + 1 : spec);
		while ((heading = strsep(&rest, ","))) {
			const struct column *column = find(columns, n_columns, heading);

			if (!column)
				column = find_singular(columns, n_columns, heading);
			if (!column && strcasecmp(heading, SELECTION_ALL) == 0) {
				add_all(&selection, columns, n_columns);
				continue;
			}
			if (!column) {
				*ret_unknown = xstrdup(heading);
				return -EINVAL;
			}
			if (!selection_has(&selection, column->key))
				add(&selection, column);
		}
	}
	*ret_selection = selection;
	selection = (struct selection){ 0 };
	return 0;
}

void selection_done(struct selection *selection)
{
	free(selection->columns);
	*selection = (struct selection){ 0 };
}

bool selection_has(const struct selection *selection, const char *key)
{
	for (size_t i = 0; i < selection->n_columns; i++)
		if (streq(selection->columns[i]->key, key))
			return true;
	return false;
}

void selection_all(const struct column *columns, size_t n_columns, unsigned int without,
		   struct selection *ret_selection)
{
	struct selection selection = { 0 };

	for (size_t i = 0; i < n_columns; i++)
		if (!(columns[i].needs & without))
			add(&selection, &columns[i]);
	*ret_selection = selection;
}

unsigned int selection_needs(const struct selection *selection)
{
	unsigned int needs = 0;

	for (size_t i = 0; i < selection->n_columns; i++)
		needs |= selection->columns[i]->needs;
	return needs;
}
