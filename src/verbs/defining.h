/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What define and undefine share: saying what becomes of definitions. */
#ifndef VERBS_DEFINING_H
#define VERBS_DEFINING_H

#include "verbs/command.h"

/* What -o chooses from. */
extern const struct column_table defining_tables[];

struct defining_result {
	const char *name; /* of the definition */
	bool changed;
};

struct defining {
	struct selection selection;
	struct defining_result *results;
	size_t n_results;
	bool dry_run;
	struct json_object *old, *new; /* define: of its file, before and after; NULL: none */
	bool shows_settings;	       /* what is different in them */
};

/* The columns: before anything is changed, since asking for one there is not changes nothing. */
int defining_begin(const struct table_options *table, struct defining *defining);

/*
 * Tells what will have become of them, before it does: what cannot be told is not done.  0, or
 * -ERROR_FAILED.
 */
int defining_tell(const struct common *common, const struct defining *defining);

#endif
