/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making a container: what of it is on record while it is under way. */
#include <errno.h>

#include <json-c/json.h>

#include "base/util.h"
#include "transaction/creation.h"
#include "transaction/record.h"

static struct json_object *types_to_json(const struct strings *types)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < types->n_texts; i++)
		json_object_array_add(json, json_object_new_string(types->texts[i]));
	return json;
}

static int types_from_json(struct json_object *json, struct strings *types)
{
	if (!json_object_is_type(json, json_type_array))
		return -EBADMSG;
	for (size_t i = 0; i < json_object_array_length(json); i++) {
		const char *type = json_object_get_string(json_object_array_get_idx(json, i));

		if (!type)
			return -EBADMSG;
		strings_add(types, type);
	}
	return 0;
}

struct json_object *creation_to_json(const struct creation *creation)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "made", made_to_json(&creation->made));
	json_object_object_add(json, "temporary", json_object_new_string(creation->temporary));
	json_object_object_add(json, "before", names_list_to_json(&creation->before));
	json_object_object_add(json, "containers", names_list_to_json(&creation->containers));
	json_object_object_add(json, "host_types", types_to_json(&creation->host_types));
	return json;
}

int creation_from_json(struct json_object *json, struct creation *creation)
{
	const char *temporary = record_text(json, "temporary");
	int r = made_from_json(json_object_object_get(json, "made"), &creation->made);

	if (r < 0 || !temporary || !*temporary || strlen(temporary) >= sizeof(creation->temporary))
		return -EBADMSG;
	strcpy(creation->temporary, temporary);
	r = names_list_from_json(json_object_object_get(json, "before"), &creation->before);
	if (r >= 0)
		r = names_list_from_json(json_object_object_get(json, "containers"),
					 &creation->containers);
	return r < 0 ? r
		     : types_from_json(json_object_object_get(json, "host_types"),
				       &creation->host_types);
}
