/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What journal.c and bound.c have in common: how a change is written down in /run/fslmc-vfio, and
 * whether what is found there still means anything.
 */
#ifndef TRANSACTION_RECORD_H
#define TRANSACTION_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strings.h"
#include "model/dprc.h"

struct change;
struct identity;
struct json_object;
struct snapshot;
struct sysfs;
struct transaction;

/*
 * A record with its format, the boot it is of, the verb, the losses expected, and who has which
 * driver and driver_override.
 */
int record_new(const struct transaction *transaction, struct json_object **ret_record);

/* -EBADMSG: not a record of ours, or of a newer version; -ESTALE: of an earlier boot. */
int record_check(const struct sysfs *sysfs, struct json_object *record);

/* Writes it and frees it. */
int record_write(const struct transaction *transaction, const char *file,
		 struct json_object *record);

/* A member that is a string, or null for NULL. */
void record_add_text(struct json_object *json, const char *key, const char *text);

/* The string that a member is; NULL: it is null, not there, or something else. */
const char *record_text(struct json_object *json, const char *key);

/* A member that is a number from least to most; -EBADMSG: it is something else, or not there. */
int record_read_number(struct json_object *json, const char *key, int64_t least, int64_t most,
		       int64_t *ret_number);

/* The name of a DPRC and the path of its device below sys/.  -EBADMSG: not such ones. */
int record_read_place(struct json_object *json, struct name *ret_name, const char **ret_path);

/* A record with its format, the boot it is of, and the verb alone. */
int record_begin(const struct transaction *transaction, struct json_object **ret_record);

/* An array of them. */
struct json_object *record_strings(const struct strings *strings);

struct json_object *record_change(const struct change *change);

/* The locks of it; where there are none, as in records of 0.1.0, it was not locked. */
void record_read_locks(struct json_object *json, struct change *change);

/* The interfaces of it, which records of 0.1.0 do not have. */
void record_read_interfaces(struct json_object *json, struct change *change);

/* Whether what record_change() wrote down is of the device that change has: by its inode. */
bool record_is_of(struct json_object *json, const struct change *change);

/*
 * Whether what record_change() wrote down is of that DPRC, by its inode and by what the MC reports;
 * without the label: giving the DPRC another one does not make it another DPRC.  -ESTALE: it is of
 * another one.  -EBADMSG.
 */
int record_check_device(struct json_object *json, const struct identity *identity, uint64_t inode);

/* -EBADMSG: not what record_new() and record_change() make. */
int record_read_binding(struct json_object *json, const char *key, struct binding *ret_binding);
int record_read_identity(struct json_object *json, struct identity *ret_identity);
int record_read_losses(struct json_object *record, struct strings *ret_losses);
int record_read_objects(struct json_object *record, struct snapshot *ret_snapshot);

#endif
