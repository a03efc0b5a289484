/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "status" shows, for another verb. */
#ifndef VERBS_STATUS_H
#define VERBS_STATUS_H

struct common;
struct strings;
struct table_options;

/*
 * Of these definitions, or of all if names is empty: 0, -ERROR_DIFFERS or another error.  Another
 * run is waited for.
 */
int status_show(struct common *common, const struct table_options *table,
		const struct strings *names, unsigned int patience_s);

#endif
