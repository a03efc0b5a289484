/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "status" shows, for another verb. */
#ifndef VERBS_STATUS_H
#define VERBS_STATUS_H

#include "settings/directory.h"

#define STATUS_NO_DEFINITIONS "no definitions in " SETTINGS_PATH

struct common;
struct strings;
struct table_options;

/* What is shown. */
struct status_request {
	const struct strings *names; /* of definitions, and no others */
	const char *none;	     /* said where there are none */
	unsigned int patience_s;     /* for another run */
	int result;		     /* negative: worse than that something differs */
};

/* result, 0, -ERROR_DIFFERS, or why it cannot be shown. */
int status_show(struct common *common, const struct table_options *table,
		const struct status_request *request);

#endif
