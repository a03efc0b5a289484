/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Destroying containers: what of it is on record while it is under way. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/util.h"
#include "transaction/destruction.h"

struct doomed *destruction_add(struct destruction *destruction)
{
	struct doomed *doomed;

	destruction->doomed = xrealloc(destruction->doomed, destruction->n_doomed + 1,
				       sizeof(*destruction->doomed));
	doomed = &destruction->doomed[destruction->n_doomed++];
	*doomed = (struct doomed){ 0 };
	return doomed;
}

void destruction_done(struct destruction *destruction)
{
	for (size_t i = 0; i < destruction->n_doomed; i++) {
		made_done(&destruction->doomed[i].made);
		names_list_done(&destruction->doomed[i].foreign);
		names_list_done(&destruction->doomed[i].orphans);
	}
	free(destruction->doomed);
	*destruction = (struct destruction){ 0 };
}

struct json_object *destruction_to_json(const struct destruction *destruction)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < destruction->n_doomed; i++)
		json_object_array_add(json, made_to_json(&destruction->doomed[i].made));
	return json;
}

int destruction_from_json(struct json_object *json, struct destruction *destruction)
{
	if (!json_object_is_type(json, json_type_array) || !json_object_array_length(json))
		return -EBADMSG;
	for (size_t i = 0; i < json_object_array_length(json); i++) {
		struct doomed *doomed = destruction_add(destruction);
		int r = made_from_json(json_object_array_get_idx(json, i), &doomed->made);

		if (r < 0 || !name_is_dprc(&doomed->made.name))
			return -EBADMSG;
	}
	return 0;
}
