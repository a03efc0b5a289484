/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In what a board differs from a definition. */
#ifndef VERBS_DRIFT_H
#define VERBS_DRIFT_H

#include "model/name.h"

struct bus;
struct definition;
struct host;

struct difference {
	const char *kind; /* stable: scripts may rely on it */
	char *text;
	char *remedy;
};

/* A definition beside what it is about. */
struct drift {
	struct difference *differences;
	size_t n_differences; /* 0: all is as defined */
	struct name dprc;
	bool has_dprc;
	char *driver; /* of the DPRC; NULL: none */
	char *owner;  /* USER:GROUP its group's node belongs to; NULL: none, or not known */
};

/* bus has its MC inventory with endpoints, if the MC answers. */
void drift_find(const struct definition *definition, const struct bus *bus, const struct host *host,
		struct drift *ret_drift);

/* Takes text and remedy. */
void drift_add(struct drift *drift, const char *kind, char *text, char *remedy);
void drift_done(struct drift *drift);

#endif
