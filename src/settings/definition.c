/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user wants of a DPRC for good: as JSON. */
#include <ctype.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/util.h"
#include "kernel/mc.h"
#include "layout/request_text.h"
#include "rules/policy.h"
#include "settings/definition.h"
#include "settings/definition_layout.h"

void definition_done(struct definition *definition)
{
	free(definition->name);
	free(definition->label);
	free(definition->owner);
	contents_done(&definition->contents);
	layout_request_done(&definition->layout);
	strings_done(&definition->allow);
	*definition = (struct definition){ 0 };
}

static char *parse_text(struct json_object *value, char **text)
{
	if (!json_object_is_type(value, json_type_string))
		return xstrdup("is not a text");
	if (!*json_object_get_string(value))
		return xstrdup("is empty");
	/* A NUL in the middle would end it for everybody else. */
	if (strlen(json_object_get_string(value)) != (size_t)json_object_get_string_len(value))
		return xstrdup("has a NUL in it");
	*text = xstrdup(json_object_get_string(value));
	return NULL;
}

static char *parse_bool(struct json_object *value, bool *ret_value)
{
	if (!json_object_is_type(value, json_type_boolean))
		return xstrdup("is not true or false");
	*ret_value = json_object_get_boolean(value);
	return NULL;
}

static char *parse_count(struct json_object *value, int most, int64_t *ret_count)
{
	const int64_t count = json_object_get_int64(value);

	if (!json_object_is_type(value, json_type_int) || count < 1 || count > most)
		return xasprintf("is not a number from 1 to %d", most);
	*ret_count = count;
	return NULL;
}

static char *parse_format_version(struct json_object *value, struct definition *definition _unused_)
{
	const char *version =
		json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";

	return streq(version, DEFINITION_FORMAT_VERSION) || streq(version, DEFINITION_FORMAT_LAYOUT)
		       ? NULL
		       : xstrdup("is not " DEFINITION_FORMAT_VERSION
				 " or " DEFINITION_FORMAT_LAYOUT);
}

static char *parse_label(struct json_object *value, struct definition *definition)
{
	char *wrong = parse_text(value, &definition->label);

	if (!wrong && strlen(definition->label) >= MC_LABEL_SIZE)
		wrong = xasprintf("is longer than the %d bytes of a label", MC_LABEL_SIZE - 1);
	return wrong;
}

static char *parse_name(struct json_object *value, struct definition *definition)
{
	if (!json_object_is_type(value, json_type_string) ||
	    name_parse(json_object_get_string(value), &definition->dprc) < 0 ||
	    !name_is_dprc(&definition->dprc))
		return xstrdup("is not the name of a DPRC");
	return NULL;
}

static char *parse_unsafe_by_name(struct json_object *value, struct definition *definition)
{
	return parse_bool(value, &definition->is_by_name);
}

static char *parse_contents(struct json_object *value, struct definition *definition)
{
	if (!json_object_is_type(value, json_type_object) || !json_object_object_length(value))
		return xstrdup("does not give a number of objects for each type");
	json_object_object_foreach (value, type, number) {
		int64_t n_objects = 0;
		struct name name;
		char *wrong = name_make(type, 0, &name) < 0
				      ? xstrdup("is not an object type")
				      : parse_count(number, MC_OBJECTS_MAX, &n_objects);

		if (wrong) {
			char *longer = xasprintf("'%.32s' %s", type, wrong);

			free(wrong);
			return longer;
		}
		contents_add(&definition->contents, type, (size_t)n_objects);
	}
	return NULL;
}

static char *parse_owner(struct json_object *value, struct definition *definition)
{
	return parse_text(value, &definition->owner);
}

static char *parse_profile(struct json_object *value, struct definition *definition)
{
	if (json_object_is_type(value, json_type_string))
		definition->workload.consumer = consumer_from_name(json_object_get_string(value));
	return definition->workload.consumer ? NULL : xstrdup("is not dpdk, vpp or qemu");
}

/* A number, or one per process. */
static char *parse_lcores(struct json_object *value, struct definition *definition)
{
	const bool is_list = json_object_is_type(value, json_type_array);
	const size_t n = is_list ? json_object_array_length(value) : 1;
	struct workload *workload = &definition->workload;

	if (!n || n > WORKLOAD_OTHERS_MAX + 1)
		return xasprintf("does not have 1 to %d numbers", WORKLOAD_OTHERS_MAX + 1);
	for (size_t i = 0; i < n; i++) {
		int64_t count = 0;
		char *wrong = parse_count(is_list ? json_object_array_get_idx(value, i) : value,
					  WORKLOAD_MAX, &count);

		if (wrong)
			return wrong;
		*(i ? &workload->others[i - 1] : &workload->lcores) = (unsigned int)count;
	}
	workload->n_others = n - 1;
	return NULL;
}

/* Of 0.1.0: so many of the size of lcores.  By now lcores is a list. */
static char *parse_processes(struct json_object *value, struct definition *definition)
{
	int64_t count = 0;
	char *wrong = parse_count(value, WORKLOAD_OTHERS_MAX + 1, &count);

	definition->processes = (unsigned int)count;
	return wrong;
}

static char *spread_processes(struct definition *definition)
{
	struct workload *workload = &definition->workload;

	if (!definition->processes)
		return NULL;
	if (workload->n_others)
		return xstrdup("several 'lcores' exclude 'processes'");
	while (workload->n_others + 1 < definition->processes)
		workload->others[workload->n_others++] = workload->lcores ? workload->lcores : 1;
	if (!workload->lcores)
		workload->lcores = 1;
	definition->processes = 0;
	return NULL;
}

static char *parse_layout(struct json_object *value, struct definition *definition)
{
	definition->has_layout = true;
	return definition_layout_parse(value, &definition->layout);
}

static char *parse_strict(struct json_object *value, struct definition *definition)
{
	return parse_bool(value, &definition->strict);
}

static char *parse_lock(struct json_object *value, struct definition *definition)
{
	return parse_bool(value, &definition->lock);
}

static char *parse_allow(struct json_object *value, struct definition *definition)
{
	if (!json_object_is_type(value, json_type_array))
		return xstrdup("is not a list of codes");
	for (size_t i = 0; i < json_object_array_length(value); i++) {
		_cleanup_free_ char *code = NULL;
		char *wrong = parse_text(json_object_array_get_idx(value, i), &code);

		if (wrong)
			return wrong;
		if (!policy_code_is_forceable(code))
			return xasprintf("has '%.32s', which is not a code that yields to --force",
					 code);
		if (!strings_has(&definition->allow, code))
			strings_add(&definition->allow, code);
	}
	return NULL;
}

static char *parse_nothing(struct json_object *value _unused_,
			   struct definition *definition _unused_)
{
	return NULL;
}

static const struct member {
	const char *key;
	char *(*parse)(struct json_object *value, struct definition *definition);
} members[] = {
	{ "format_version", parse_format_version },
	{ "label", parse_label },
	{ "name", parse_name },
	{ "unsafe_by_name", parse_unsafe_by_name },
	{ "contents", parse_contents },
	{ "owner", parse_owner },
	{ "profile", parse_profile },
	{ "lcores", parse_lcores },
	{ "processes", parse_processes },
	{ "layout", parse_layout },
	{ "strict", parse_strict },
	{ "lock", parse_lock },
	{ "allow", parse_allow },
	{ "$schema", parse_nothing },
	{ "$comment", parse_nothing },
};

static const struct member *find_member(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (streq(members[i].key, key))
			return &members[i];
	return NULL;
}

/* By what it finds its DPRC. */
static char *check_identity(const struct definition *definition)
{
	if (definition->is_by_name != !!*definition->dprc.type)
		return xstrdup("'name' and \"unsafe_by_name\": true go together: the MC gives the "
			       "number of a destroyed DPRC to the next one");
	if (definition->is_by_name && definition->label)
		return xstrdup("'label' and 'name' exclude each other");
	if (definition->has_layout == !!definition->contents.n_entries)
		return definition->has_layout
			       ? xstrdup("'layout' and 'contents' exclude each other")
			       : xstrdup("'contents' is missing, or 'layout'");
	return NULL;
}

static char *check_layout(const struct definition *definition)
{
	_cleanup_free_ char *wrong = NULL;

	if (!definition->has_layout)
		return NULL;
	if (!definition->label || !definition->workload.consumer)
		return xstrdup("a 'layout' requires a 'label' and a 'profile'");
	wrong = request_check_label(definition->label);
	return wrong ? xasprintf("'label' beside a 'layout' %s", wrong) : NULL;
}

/* What no member can tell alone. */
static char *check_whole(const struct definition *definition, struct json_object *json)
{
	char *wrong;

	if (!json_object_object_get(json, "format_version"))
		return xstrdup("'format_version' is missing");
	wrong = check_identity(definition);
	if (!wrong)
		wrong = check_layout(definition);
	if (wrong)
		return wrong;
	if (definition->workload.lcores && !definition->workload.consumer)
		return xstrdup("'lcores' requires a 'profile'");
	if (definition->workload.n_others && definition->workload.consumer != CONSUMER_DPDK)
		return xstrdup("several 'lcores' require the profile dpdk");
	return NULL;
}

char *definition_parse(const char *name, struct json_object *json,
		       struct definition *ret_definition)
{
	struct definition definition = { .name = xstrdup(name) };
	char *wrong = NULL;

	json_object_object_foreach (json, key, value) {
		const struct member *member = find_member(key);

		wrong = member ? member->parse(value, &definition) : xstrdup("is not known");
		if (wrong) {
			char *longer = xasprintf("'%.64s' %s", key, wrong);

			free(wrong);
			wrong = longer;
			break;
		}
	}
	if (!wrong)
		wrong = spread_processes(&definition);
	if (!wrong)
		wrong = check_whole(&definition, json);
	if (wrong)
		definition_done(&definition);
	else
		*ret_definition = definition;
	return wrong;
}

static void add_text(struct json_object *json, const char *key, const char *text)
{
	if (text)
		json_object_object_add(json, key, json_object_new_string(text));
}

static void add_number(struct json_object *json, const char *key, unsigned int number)
{
	if (number)
		json_object_object_add(json, key, json_object_new_int64(number));
}

static void add_lcores(struct json_object *json, const struct workload *workload)
{
	struct json_object *list;

	if (!workload->n_others) {
		add_number(json, "lcores", workload->lcores);
		return;
	}
	list = json_object_new_array();
	json_object_array_add(list, json_object_new_int64(workload->lcores));
	for (size_t i = 0; i < workload->n_others; i++)
		json_object_array_add(list, json_object_new_int64(workload->others[i]));
	json_object_object_add(json, "lcores", list);
}

static void add_true(struct json_object *json, const char *key, bool value)
{
	if (value)
		json_object_object_add(json, key, json_object_new_boolean(true));
}

static struct json_object *contents_json(const struct contents *contents)
{
	struct json_object *json = json_object_new_object();

	for (size_t i = 0; i < contents->n_entries; i++)
		add_number(json, contents->entries[i].type,
			   (unsigned int)contents->entries[i].n_objects);
	return json;
}

static struct json_object *codes_json(const struct strings *codes)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < codes->n_texts; i++)
		json_object_array_add(json, json_object_new_string(codes->texts[i]));
	return json;
}

struct json_object *definition_to_json(const struct definition *definition)
{
	struct json_object *json = json_object_new_object();

	add_text(json, "format_version",
		 definition->has_layout ? DEFINITION_FORMAT_LAYOUT : DEFINITION_FORMAT_VERSION);
	add_text(json, "label", definition->label);
	if (definition->is_by_name)
		add_text(json, "name", name_text(&definition->dprc).text);
	add_true(json, "unsafe_by_name", definition->is_by_name);
	if (definition->has_layout)
		json_object_object_add(json, "layout",
				       definition_layout_to_json(&definition->layout));
	else
		json_object_object_add(json, "contents", contents_json(&definition->contents));
	add_text(json, "owner", definition->owner);
	if (definition->workload.consumer)
		add_text(json, "profile", consumer_name(definition->workload.consumer));
	add_lcores(json, &definition->workload);
	add_true(json, "strict", definition->strict);
	add_true(json, "lock", definition->lock);
	if (definition->allow.n_texts)
		json_object_object_add(json, "allow", codes_json(&definition->allow));
	return json;
}
