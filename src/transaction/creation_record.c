/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making a container: what of it is on record while it is under way. */
#include <errno.h>

#include <json-c/json.h>

#include "base/util.h"
#include "transaction/change.h"
#include "transaction/creation.h"
#include "transaction/record.h"

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

static struct json_object *creation_to_json(const struct creation *creation)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "made", made_to_json(&creation->made));
	json_object_object_add(json, "temporary", json_object_new_string(creation->temporary));
	json_object_object_add(json, "before", names_list_to_json(&creation->before));
	json_object_object_add(json, "containers", names_list_to_json(&creation->containers));
	json_object_object_add(json, "host_types", record_strings(&creation->host_types));
	return json;
}

static int creation_from_json(struct json_object *json, struct creation *creation)
{
	const char *temporary = record_text(json, "temporary");
	int r = made_from_json(json_object_object_get(json, "made"), &creation->made);

	if (r < 0 || !temporary || !*temporary || strlen(temporary) >= sizeof(creation->temporary))
		return -EBADMSG;
	strcpy(creation->temporary, temporary);
	creation->is_gone = json_object_get_boolean(json_object_object_get(json, "gone"));
	r = names_list_from_json(json_object_object_get(json, "before"), &creation->before);
	if (r >= 0)
		r = names_list_from_json(json_object_object_get(json, "containers"),
					 &creation->containers);
	return r < 0 ? r
		     : types_from_json(json_object_object_get(json, "host_types"),
				       &creation->host_types);
}

struct json_object *creations_to_json(const struct transaction *transaction)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < transaction->n_creations; i++)
		json_object_array_add(json, creation_to_json(&transaction->creations[i]));
	return json;
}

int creations_from_json(struct json_object *json, struct transaction *transaction)
{
	const size_t n =
		json_object_is_type(json, json_type_array) ? json_object_array_length(json) : 0;
	int r = n ? 0 : -EBADMSG;

	transaction->creations = xcalloc(n + 1, sizeof(*transaction->creations));
	for (size_t i = 0; i < n && r >= 0; i++) {
		struct json_object *one = json_object_array_get_idx(json, i);

		r = creation_from_json(one, &transaction->creations[transaction->n_creations++]);
	}
	return r;
}

int creations_write_records(const struct transaction *transaction)
{
	int r = 0;

	for (size_t i = 0; i < transaction->n_creations && r >= 0; i++)
		r = made_write(transaction, &transaction->creations[i].made);
	return r;
}
