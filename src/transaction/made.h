/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What create made, on record in /run/fslmc-vfio/created until destroy takes it away: the MC does
 * not tell who created what, nor what a port was connected to before.
 *
 * Functions return 0 or a negative errno and print nothing; -EBADMSG: not a record of ours.
 */
#ifndef TRANSACTION_MADE_H
#define TRANSACTION_MADE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/mc.h"
#include "model/name.h"

struct json_object;
struct strings;
struct sysfs;
struct transaction;

struct names_list {
	struct name *names;
	size_t n_names;
};
void names_list_add(struct names_list *list, const struct name *name);
bool names_list_has(const struct names_list *list, const struct name *name);
struct json_object *names_list_to_json(const struct names_list *list);
int names_list_from_json(struct json_object *json, struct names_list *ret_list);
void names_list_done(struct names_list *list);

/* A connection that was there before, and was cut. */
struct cut {
	struct mc_end port, peer;
};

struct made {
	struct name name, parent;
	char label[MC_LABEL_SIZE];
	int64_t icid, portal_id;
	struct names_list objects;	/* in it */
	struct names_list host_objects; /* in its parent, for drivers of the host */
	struct cut *cuts;
	size_t n_cuts;
};
void made_done(struct made *made);
#define _cleanup_made_ __attribute__((cleanup(made_done)))

/* Notes what does not come back when it is destroyed: the MC portals of its DPMCPs, and maybe its
 * own. */
void made_note_portals(const struct made *made);

void made_add_cut(struct made *made, const struct mc_end *port, const struct mc_end *peer);

/* "dpsw.0 interface 2", in a new string. */
char *made_end_text(const struct mc_end *end);

/* For the journals, which have the same in them. */
struct json_object *made_to_json(const struct made *made);
int made_from_json(struct json_object *json, struct made *ret_made);

int made_write(const struct transaction *transaction, const struct made *made);

/* -ENOENT: there is none.  -ESTALE: it is of an earlier boot. */
int made_read(const struct transaction *transaction, const struct name *dprc,
	      struct made *ret_made);
int made_remove(const struct transaction *transaction, const struct name *dprc);

/*
 * Removes the record of a container of that label that is none of these: of one that was not
 * completed, and whose number nobody may know any more.
 */
void made_forget(const struct transaction *transaction, const char *label,
		 const struct names_list *others);

#endif
