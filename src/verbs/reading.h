/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the bus while another fslmc-vfio may be changing it.  Halfway through a bind a DPRC
 * shares its group with strangers, and has no objects: neither is true.
 */
#ifndef VERBS_READING_H
#define VERBS_READING_H

#include "transaction/activity.h"

struct reading {
	const struct sysfs *sysfs;
	struct activity before;
};
void reading_done(struct reading *reading);
#define _cleanup_reading_ __attribute__((cleanup(reading_done)))

/* For another run, of verbs without an option for it. */
#define READING_PATIENCE_S 2

/*
 * Calls look() until no run changed the bus meanwhile, and says only then what it had to say.
 * Returns what it returned; or -ERROR_BUSY, if for so long there was always one, who is named.
 */
int reading_settled(const struct sysfs *sysfs, unsigned int patience_s, int (*look)(void *data),
		    void *data);

/* The same for verbs that can show a change halfway: it is tried again only if look() fails. */
int reading_begin(struct reading *reading, const struct sysfs *sysfs, int (*look)(void *data),
		  void *data);

/* The run that changed the bus since reading_begin(), which it warns of; JSON null: none did. */
struct json_object *reading_end(struct reading *reading);

#endif
