/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transaction/made.h"
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "transaction/change.h"
#include "transaction/record.h"

void names_list_add(struct names_list *list, const struct name *name)
{
	list->names = xrealloc(list->names, list->n_names + 1, sizeof(*list->names));
	list->names[list->n_names++] = *name;
}

bool names_list_has(const struct names_list *list, const struct name *name)
{
	for (size_t i = 0; i < list->n_names; i++)
		if (name_equal(&list->names[i], name))
			return true;
	return false;
}

void names_list_done(struct names_list *list)
{
	free(list->names);
	*list = (struct names_list){ 0 };
}

void made_done(struct made *made)
{
	names_list_done(&made->objects);
	names_list_done(&made->host_objects);
	free(made->cuts);
	*made = (struct made){ 0 };
}

void made_note_portals(const struct made *made)
{
	size_t n = 0;

	for (size_t i = 0; i < made->objects.n_names; i++)
		n += streq(made->objects.names[i].type, "dpmcp");
	if (*made->name.type)
		note(name_text(&made->name).text,
		     "up to %zu MC portals, its own and those of its DPMCPs, stay taken until the "
		     "board boots",
		     n + 1);
}

void made_add_cut(struct made *made, const struct mc_end *port, const struct mc_end *peer)
{
	made->cuts = xrealloc(made->cuts, made->n_cuts + 1, sizeof(*made->cuts));
	made->cuts[made->n_cuts++] = (struct cut){ *port, *peer };
}

char *made_end_text(const struct mc_end *end)
{
	return end->interface ? xasprintf("%s.%u interface %u", end->type, end->id, end->interface)
			      : xasprintf("%s.%u", end->type, end->id);
}

struct json_object *names_list_to_json(const struct names_list *list)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < list->n_names; i++)
		json_object_array_add(json,
				      json_object_new_string(name_text(&list->names[i]).text));
	return json;
}

int names_list_from_json(struct json_object *json, struct names_list *ret_list)
{
	if (!json_object_is_type(json, json_type_array))
		return -EBADMSG;
	for (size_t i = 0; i < json_object_array_length(json); i++) {
		const char *text = json_object_get_string(json_object_array_get_idx(json, i));
		struct name name;

		if (!text || name_parse(text, &name) < 0)
			return -EBADMSG;
		names_list_add(ret_list, &name);
	}
	return 0;
}

static struct json_object *end_to_json(const struct mc_end *end)
{
	struct json_object *json = json_object_new_object();
	_cleanup_free_ char *name = xasprintf("%s.%u", end->type, end->id);

	json_object_object_add(json, "name", json_object_new_string(name));
	json_object_object_add(json, "interface", json_object_new_int(end->interface));
	return json;
}

static int end_from_json(struct json_object *json, struct mc_end *ret_end)
{
	const char *text = record_text(json, "name");
	struct name name;
	int64_t interface;

	if (!text || name_parse(text, &name) < 0 ||
	    record_read_number(json, "interface", 0, UINT16_MAX, &interface) < 0)
		return -EBADMSG;
	*ret_end = (struct mc_end){ .id = name.id, .interface = (uint16_t)interface };
	memcpy(ret_end->type, name.type, sizeof(name.type));
	return 0;
}

static struct json_object *cuts_to_json(const struct made *made)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < made->n_cuts; i++) {
		struct json_object *cut = json_object_new_object();

		json_object_object_add(cut, "port", end_to_json(&made->cuts[i].port));
		json_object_object_add(cut, "peer", end_to_json(&made->cuts[i].peer));
		json_object_array_add(json, cut);
	}
	return json;
}

static int cuts_from_json(struct json_object *json, struct made *made)
{
	if (!json_object_is_type(json, json_type_array))
		return -EBADMSG;
	for (size_t i = 0; i < json_object_array_length(json); i++) {
		struct json_object *cut = json_object_array_get_idx(json, i);
		struct mc_end port, peer;

		if (end_from_json(json_object_object_get(cut, "port"), &port) < 0 ||
		    end_from_json(json_object_object_get(cut, "peer"), &peer) < 0)
			return -EBADMSG;
		made_add_cut(made, &port, &peer);
	}
	return 0;
}

struct json_object *made_to_json(const struct made *made)
{
	struct json_object *json = json_object_new_object();

	/* The journal of a create is written before the MC has given it a number. */
	if (*made->name.type)
		record_add_text(json, "name", name_text(&made->name).text);
	record_add_text(json, "parent", name_text(&made->parent).text);
	record_add_text(json, "label", made->label);
	json_object_object_add(json, "icid", json_object_new_int64(made->icid));
	json_object_object_add(json, "portal_id", json_object_new_int64(made->portal_id));
	json_object_object_add(json, "objects", names_list_to_json(&made->objects));
	json_object_object_add(json, "host_objects", names_list_to_json(&made->host_objects));
	json_object_object_add(json, "cuts", cuts_to_json(made));
	return json;
}

int made_from_json(struct json_object *json, struct made *ret_made)
{
	_cleanup_made_ struct made made = { 0 };
	const char *name = record_text(json, "name"), *parent = record_text(json, "parent");
	const char *label = record_text(json, "label");
	int r;

	if (!parent || name_parse(parent, &made.parent) < 0 || !label ||
	    strlen(label) >= sizeof(made.label) || (name && name_parse(name, &made.name) < 0) ||
	    record_read_number(json, "icid", IDENTITY_UNKNOWN, UINT32_MAX, &made.icid) < 0 ||
	    record_read_number(json, "portal_id", IDENTITY_UNKNOWN, UINT32_MAX, &made.portal_id) <
		    0)
		return -EBADMSG;
	strcpy(made.label, label);
	r = names_list_from_json(json_object_object_get(json, "objects"), &made.objects);
	if (r >= 0)
		r = names_list_from_json(json_object_object_get(json, "host_objects"),
					 &made.host_objects);
	if (r >= 0)
		r = cuts_from_json(json_object_object_get(json, "cuts"), &made);
	if (r < 0)
		return r;
	*ret_made = made;
	made = (struct made){ 0 };
	return 0;
}

static char *file_of(const struct name *dprc)
{
	return xasprintf("created/%s.json", name_text(dprc).text);
}

int made_write(const struct transaction *transaction, const struct made *made)
{
	_cleanup_free_ char *file = file_of(&made->name);
	struct json_object *record;
	int r = record_begin(transaction, &record);

	if (r < 0)
		return r;
	json_object_object_add(record, "made", made_to_json(made));
	return record_write(transaction, file, record);
}

int made_read(const struct transaction *transaction, const struct name *dprc, struct made *ret_made)
{
	_cleanup_free_ char *file = file_of(dprc);
	struct json_object *record;
	int r = transaction->rundir.fd < 0 ? -ENOENT
					   : rundir_read(&transaction->rundir, file, &record);

	if (r < 0)
		return r;
	r = record_check(transaction->sysfs, record);
	if (r >= 0)
		r = made_from_json(json_object_object_get(record, "made"), ret_made);
	json_object_put(record);
	return r;
}

int made_remove(const struct transaction *transaction, const struct name *dprc)
{
	_cleanup_free_ char *file = file_of(dprc);

	return rundir_remove(&transaction->rundir, file);
}

void made_forget(const struct transaction *transaction, const char *label,
		 const struct names_list *others)
{
	_cleanup_strings_ struct strings files = { 0 };

	if (rundir_list(&transaction->rundir, "created", &files) < 0)
		return;
	for (size_t i = 0; i < files.n_texts; i++) {
		_cleanup_made_ struct made made = { 0 };
		struct json_object *record;

		if (rundir_read(&transaction->rundir, files.texts[i], &record) < 0)
			continue;
		if (made_from_json(json_object_object_get(record, "made"), &made) >= 0 &&
		    streq(made.label, label) && !names_list_has(others, &made.name))
			rundir_remove(&transaction->rundir, files.texts[i]);
		json_object_put(record);
	}
}
