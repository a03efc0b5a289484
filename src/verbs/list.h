/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What list is made of: the command line and what was loaded for it. */
#ifndef VERBS_LIST_H
#define VERBS_LIST_H

#include <stdbool.h>

#include "base/strings.h"
#include "verbs/command.h"

struct list {
	struct common *common;
	struct table_options table;
	struct strings names; /* as given */
	struct strings types; /* none: all */
	bool objects;
	bool tree;
	bool ports;
	bool pools;

	struct strings of_dprcs,
		of_objects; /* whose name, or label, interface or definition, they are */

	const struct sysfs *sysfs;
	struct bus *bus;
	struct render *render;
	struct selection dprcs;
	struct selection selection; /* of the objects */
	struct selection of_ports, of_pools;
	unsigned int dprc_needs, object_needs;
};

enum { OPTION_PORTS = 0x100, OPTION_POOLS, OPTION_TYPE };

bool list_wants(const struct list *list, const struct dprc *dprc);

/* A row each (list_rows.c); branch is put before the name. */
void list_show_dprc(const struct list *list, const char *branch, const struct dprc *dprc);
void list_show_object(const struct list *list, const char *branch, const struct object *object);

/* What contains what, by indented names. */
void list_tree(const struct list *list);

#endif
