/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Columns of a table, and a user's choice among them (-o NAME,NAME or -o +NAME, as lsblk has it).
 */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

enum column_kind {
	COLUMN_TEXT,
	COLUMN_NUMBER, /* to the right; negative: none */
	COLUMN_HEX,    /* a number in JSON, 0x... in a table */
};

struct column {
	const char *heading; /* what -o takes, upper case */
	const char *key;     /* in the JSON record */
	enum column_kind kind;
	bool by_default;
	const char *help;
	unsigned int needs;   /* bits of the view's: what has to be loaded first */
	const char *text_key; /* what a table shows instead of it; NULL: the same */
};

struct selection {
	const struct column **columns;
	size_t n_columns;
};

#define SELECTION_ALL "all" /* stands for all columns */

/* spec NULL: the default columns.  -EINVAL: *ret_unknown is a piece of spec that is no column. */
int selection_make(const struct column *columns, size_t n_columns, const char *spec,
		   struct selection *ret_selection, char **ret_unknown);
void selection_done(struct selection *selection);

/* All columns but those that need what is in without. */
void selection_all(const struct column *columns, size_t n_columns, unsigned int without,
		   struct selection *ret_selection);

/* What all its columns need together. */
unsigned int selection_needs(const struct selection *selection);

/* Whether a column with this JSON key was chosen: only what is shown is read. */
bool selection_has(const struct selection *selection, const char *key);

#endif
