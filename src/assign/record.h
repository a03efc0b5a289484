/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What journal.c and bound.c have in common: how a change is written down in /run/fslmc-vfio, and
 * whether what is found there still means anything.
 */
#ifndef ASSIGN_RECORD_H
#define ASSIGN_RECORD_H

#include <stdbool.h>

#include "base/strings.h"
#include "model/dprc.h"

struct change;
struct json_object;
struct transaction;

/*
 * A record with its format, the boot it is of, the verb, the losses expected, and who has which
 * driver: objects, as snapshot_to_json() makes it.
 */
int record_new(const struct transaction *transaction, struct json_object *objects,
	       struct json_object **ret_record);

/* -EBADMSG: not a record of ours, or of a newer version; -ESTALE: of an earlier boot. */
int record_check(const struct transaction *transaction, struct json_object *record);

/* Writes it and frees it. */
int record_write(const struct transaction *transaction, const char *file,
		 struct json_object *record);

/* A member that is a string; NULL: it is null, not there, or something else. */
const char *record_text(struct json_object *json, const char *key);

struct json_object *record_change(const struct change *change);

/* Whether what record_change() wrote down is of the device that change has: by its inode. */
bool record_is_of(struct json_object *json, const struct change *change);

void record_read_binding(struct json_object *json, const char *key, struct binding *ret_binding);
void record_read_losses(struct json_object *record, struct strings *ret_losses);

#endif
