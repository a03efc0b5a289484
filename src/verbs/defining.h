/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What define and undefine share: saying what became of definitions, or else putting them back. */
#ifndef VERBS_DEFINING_H
#define VERBS_DEFINING_H

#include "verbs/command.h"

/* What -o chooses from. */
extern const struct column_table defining_tables[];

/* Their columns, for --help. */
char *defining_help_filter(int key, const char *text, void *input);

struct defining_result {
	const char *name; /* of the definition */
	bool changed;
};

struct defining {
	struct selection selection;
	struct defining_result *results;
	size_t n_results;
};

/* The columns: before anything is changed, since asking for one there is not changes nothing. */
int defining_begin(const struct table_options *table, struct defining *defining);

/*
 * Ends it: r < 0, or what cannot be told, puts back what was changed.  Returns r, as render_end()
 * does, or -ERROR_RESIDUE.
 */
int defining_end(const struct common *common, const struct sysfs *sysfs,
		 const struct defining *defining, int r);

#endif
