/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind, unbind, rebind and apply show: of a dry run, and of what was done. */
#ifndef VERBS_CHANGING_SHOW_H
#define VERBS_CHANGING_SHOW_H

struct bus;
struct changing;
struct changing_verb;
struct render;
struct selection;
struct transaction;

/* 0, or an error of base/exit_status.h, printed. */
int changing_show_plan(const struct changing *changing, const struct transaction *transaction,
		       const struct bus *bus);

/* The document but for its end; differences has to live until that. */
struct render *changing_show_result(const struct changing *changing,
				    const struct changing_verb *verb,
				    struct transaction *transaction, const struct bus *before,
				    struct selection *differences);

#endif
