/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What define and undefine share: saying what became of definitions. */
#ifndef VERBS_DEFINING_H
#define VERBS_DEFINING_H

#include "verbs/command.h"

/* What -o chooses from. */
extern const struct column_table defining_tables[];

struct defining_result {
	const char *name; /* of the definition */
	bool changed;
};

/* Writes the document; returns as render_end() does. */
int defining_show(const struct common *common, const struct table_options *table,
		  const struct defining_result *results, size_t n_results);

#endif
