/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DPRCs by their label: LABEL=fast, as an argument of a verb. */
#ifndef VERBS_LABEL_H
#define VERBS_LABEL_H

struct bus;
struct dprc;
struct strings;
struct sysfs;

/* "fast"; NULL: text does not begin with LABEL= */
const char *label_of(const char *text);

/* 0, or -ERROR_USAGE: an empty one, which every DPRC without a label would have.  Speaks. */
int label_check(const char *label);

/*
 * A DPRC by its name or its label, for which the MC is asked, unless it was.  Speaks:
 * -ERROR_USAGE, -ERROR_NOT_FOUND, -ERROR_FAILED: the MC does not tell labels, -ERROR_REFUSED:
 * several have that one, or it is not a DPRC.
 */
int label_find_dprc(struct bus *bus, const char *text, struct dprc **ret_dprc);

/*
 * Before any lock is taken, for a typing error needs no root and no waiting: 0 if all names are
 * there; of a label only the MC knows.  Speaks.
 */
int label_check_names(const struct sysfs *sysfs, const struct strings *names);

/* Each label becomes the name of its DPRC, and none is in names twice: 1 if there were labels.
 * Speaks. */
int label_resolve(struct bus *bus, struct strings *names);

#endif
