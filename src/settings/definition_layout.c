/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "settings/definition_layout.h"

#include <json-c/json.h>

#include "base/util.h"
#include "layout/request_text.h"
#include "model/dprc_option.h"

/* Calls add() with each text of a list. */
static char *parse_texts(struct json_object *list, struct layout_request *layout,
			 char *(*add)(struct layout_request *layout, const char *text))
{
	char *wrong = NULL;

	if (!json_object_is_type(list, json_type_array))
		return xstrdup("is not a list");
	for (size_t i = 0; i < json_object_array_length(list) && !wrong; i++) {
		struct json_object *text = json_object_array_get_idx(list, i);

		if (!json_object_is_type(text, json_type_string) ||
		    strlen(json_object_get_string(text)) !=
			    (size_t)json_object_get_string_len(text))
			return xstrdup("has something else than a text in it");
		wrong = add(layout, json_object_get_string(text));
	}
	return wrong;
}

static char *add_option(struct layout_request *layout, const char *text)
{
	return request_parse_option(text, &layout->options);
}

static char *parse_ports(struct json_object *value, struct layout_request *layout)
{
	return parse_texts(value, layout, request_parse_port);
}

static char *parse_options(struct json_object *value, struct layout_request *layout)
{
	layout->options = 0;
	return parse_texts(value, layout, add_option);
}

static char *parse_number(struct json_object *value, unsigned int *ret_number)
{
	if (!json_object_is_type(value, json_type_int))
		return xasprintf("is not a number from 1 to %d", LAYOUT_COUNT_MAX);
	return request_parse_count(json_object_get_string(value), LAYOUT_COUNT_MAX, ret_number);
}

static char *parse_loopback(struct json_object *value, struct layout_request *layout)
{
	return parse_number(value, &layout->n_loopbacks);
}

static char *parse_crypto(struct json_object *value, struct layout_request *layout)
{
	return parse_number(value, &layout->n_crypto);
}

static char *parse_add(struct json_object *value, struct layout_request *layout)
{
	char *wrong = NULL;

	if (!json_object_is_type(value, json_type_object))
		return xstrdup("does not give a number of objects for each type");
	json_object_object_foreach (value, type, number) {
		if (!wrong)
			wrong = json_object_is_type(number, json_type_int)
					? request_add_extra(layout, type,
							    json_object_get_string(number))
					: xstrdup("has something else than a number in it");
	}
	return wrong;
}

static const struct member {
	const char *key;
	char *(*parse)(struct json_object *value, struct layout_request *layout);
} members[] = {
	{ "ports", parse_ports }, { "loopback", parse_loopback }, { "crypto", parse_crypto },
	{ "add", parse_add },	  { "options", parse_options },
};

static char *parse_member(const char *key, struct json_object *value, struct layout_request *layout)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (streq(members[i].key, key))
			return members[i].parse(value, layout);
	return xstrdup("is not known");
}

char *definition_layout_parse(struct json_object *json, struct layout_request *layout)
{
	if (!json_object_is_type(json, json_type_object))
		return xstrdup("is not an object");
	layout->options = LAYOUT_OPTIONS;
	json_object_object_foreach (json, key, value) {
		_cleanup_free_ char *wrong = parse_member(key, value, layout);

		if (wrong)
			return xasprintf("'%.64s' %s", key, wrong);
	}
	return NULL;
}

static struct json_object *ports_json(const struct layout_request *layout)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < layout->n_ports; i++) {
		_cleanup_free_ char *text = request_port_text(&layout->ports[i]);

		json_object_array_add(json, json_object_new_string(text));
	}
	return json;
}

static struct json_object *options_json(uint32_t options)
{
	struct json_object *json = json_object_new_array();

	for (size_t i = 0; i < n_dprc_options; i++)
		if (options & dprc_options[i].bit)
			json_object_array_add(json, json_object_new_string(dprc_options[i].name));
	return json;
}

static struct json_object *extras_json(const struct layout_request *layout)
{
	struct json_object *json = json_object_new_object();

	for (size_t i = 0; i < layout->n_extras; i++) {
		const struct layout_extra *extra = &layout->extras[i];
		const int64_t n = json_object_get_int64(json_object_object_get(json, extra->type));

		json_object_object_add(json, extra->type, json_object_new_int64(n + extra->n));
	}
	return json;
}

struct json_object *definition_layout_to_json(const struct layout_request *layout)
{
	struct json_object *json = json_object_new_object();

	if (layout->n_ports)
		json_object_object_add(json, "ports", ports_json(layout));
	if (layout->n_loopbacks)
		json_object_object_add(json, "loopback",
				       json_object_new_int64(layout->n_loopbacks));
	if (layout->n_crypto)
		json_object_object_add(json, "crypto", json_object_new_int64(layout->n_crypto));
	if (layout->n_extras)
		json_object_object_add(json, "add", extras_json(layout));
	if (layout->options != LAYOUT_OPTIONS)
		json_object_object_add(json, "options", options_json(layout->options));
	return json;
}
