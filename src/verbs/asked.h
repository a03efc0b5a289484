/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user may ask about, by whatever name it has. */
#ifndef VERBS_ASKED_H
#define VERBS_ASKED_H

struct bus;
struct dprc;
struct mc_object;
struct object;

/* The first that is not NULL is what was meant. */
struct asked {
	struct dprc *dprc;
	const struct object *object;
	const struct mc_object *mc_object; /* Linux has none of it */
};

/*
 * By the name of an object (dprc.2, dpmac.3), LABEL=label of a DPRC, the name of a network
 * interface, or that of a definition.  Speaks; -ERROR_NOT_FOUND, -ERROR_REFUSED: it may be several.
 * The MC is asked if that takes it and it was not.
 */
int asked_find(struct bus *bus, const char *text, struct asked *ret_asked);

/* What is connected to what, for whom: "dpmac.3 <-> dpni.2 (eth3) in dprc.2, ...". */
char *asked_describe(const struct bus *bus, const struct asked *asked);

#endif
