/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program knows of a machine with a few objects, whose container dprc.2 is about to be
 * assigned, for tests to change.  It is in memory only: there is no directory (machine.h has one).
 */
#ifndef UNIT_MODEL_H
#define UNIT_MODEL_H

#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/mc_inventory.h"
#include "model/object.h"
#include "rules/candidate.h"

/* Objects of Linux, by name. */
enum { DPNI_1, DPNI_9, DPRC_1, DPRC_2, DPRC_3, DPSECI_0, DPSECI_1, N_OBJECTS };

/* dprc.1 { dpni.9, dpseci.0, dprc.2 { dpni.1, dpseci.1, dprc.3 { } } }; dprc.2 is the candidate. */
struct model {
	struct object objects[N_OBJECTS];
	struct dprc dprcs[3];
	struct mc_object in_root[3], in_candidate[3];
	struct mc_container containers[3];
	struct mc_inventory inventory;
	struct sysfs sysfs;
	struct host host;
	struct bus bus;
	struct part parts[2];
	struct candidate candidate;
};

/* Nothing can be said against it; there is no sysfs. */
void model_make(struct model *model);

/* The peer of an object, as the MC reports it. */
void model_connect(struct mc_object *object, const struct name *peer);

#endif
