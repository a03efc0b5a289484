/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Topology files: the board that the model starts as.  tests/vm/topologies has them. */
#ifndef FIRMWARE_TOPOLOGY_H
#define FIRMWARE_TOPOLOGY_H

struct model;

/* Fills an empty model.  Negative errno after saying on stderr what is wrong with the file. */
int topology_load(struct model *model, const char *path);

#endif
