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

	for (size_t i = 0; i < destruction->n_doomed; i++) {
		struct json_object *one = made_to_json(&destruction->doomed[i].made);

		json_object_object_add(one, "gone",
				       json_object_new_boolean(destruction->doomed[i].is_gone));
		json_object_array_add(json, one);
	}
	return json;
}

int destruction_from_json(struct json_object *json, struct destruction *destruction)
{
	if (!json_object_is_type(json, json_type_array) || !json_object_array_length(json))
		return -EBADMSG;
	for (size_t i = 0; i < json_object_array_length(json); i++) {
		struct doomed *doomed = destruction_add(destruction);
		struct json_object *one = json_object_array_get_idx(json, i);
		struct json_object *gone = json_object_object_get(one, "gone");
		int r = made_from_json(one, &doomed->made);

		if (r < 0 || !name_is_dprc(&doomed->made.name) ||
		    !json_object_is_type(gone, json_type_boolean))
			return -EBADMSG;
		doomed->is_gone = json_object_get_boolean(gone);
	}
	return 0;
}
