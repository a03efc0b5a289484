/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the next program in the chain needs to be told of a DPRC that is with VFIO: lines or a file
 * in its own format.  Only from a DPRC that export_check() found ready.
 */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "model/vfio_nodes.h"

struct bus;
struct dprc;

struct export_subject {
	const struct bus *bus;
	const struct dprc *dprc;
	struct vfio_nodes nodes;
	const char *definition; /* the name of one that is about it; NULL: none is known */
};

struct export_format {
	const char *consumer; /* what --for takes */
	const char *help;     /* what is written */
	void (*write)(const struct export_subject *subject, FILE *stream);
	bool wants_definition;
	bool needs_groups; /* the program knows the files of groups only, see rules/needs.c */
};

extern const struct export_format export_formats[];
extern const size_t n_export_formats;

/* NULL: no such consumer. */
const struct export_format *export_find_format(const char *consumer);

/*
 * 0: the DPRC is bound to VFIO with every object, and its nodes are there.  Else it has said what
 * is missing and returns an error of base/exit_status.h.
 */
int export_check(const struct export_format *format, const struct export_subject *subject);

/* The text for a consumer, in a new string; NULL: out of memory. */
char *export_text(const struct export_format *format, const struct export_subject *subject);

#endif
