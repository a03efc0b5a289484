/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all views share: members of a record. */
#include <json-c/json.h>

#include "base/strings.h"
#include "base/util.h"
#include "kernel/mc.h"
#include "model/object.h"
#include "report/view.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* Keys are string literals and each is added once, so json-c need neither copy nor look. */
#define KEY_FLAGS (JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY)

struct json_object *view_text(const char *text)
{
	_cleanup_free_ char *valid = NULL;
	char *end;

	if (!text)
		return json_object_new_string("");
	if (str_is_utf8(text))
		return json_object_new_string(text);
	end = valid = xcalloc(strlen(text) + 1, strlen(REPLACEMENT));
	for (; *text; text++) {
		if (*text & 0x80)
			end = stpcpy(end, REPLACEMENT);
		else
			*end++ = *text;
	}
	return json_object_new_string(valid);
}

struct json_object *view_texts(const struct strings *texts)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < texts->n_texts; i++)
		json_object_array_add(array, view_text(texts->texts[i]));
	return array;
}

struct json_object *view_name(const struct object *object)
{
	return json_object_new_string(object ? name_text(&object->name).text : "");
}

struct json_object *view_mc_version(const struct mc_version *version)
{
	_cleanup_free_ char *text = NULL;

	if (!version)
		return NULL;
	text = xasprintf("%u.%u.%u", version->major, version->minor, version->revision);
	return json_object_new_string(text);
}

void view_add(struct json_object *record, const char *key, struct json_object *value)
{
	json_object_object_add_ex(record, key, value, KEY_FLAGS);
}

void view_add_text(struct json_object *record, const char *key, const char *text)
{
	view_add(record, key, view_text(text));
}

void view_add_number(struct json_object *record, const char *key, int64_t number)
{
	view_add(record, key, json_object_new_int64(number));
}

void view_add_bool(struct json_object *record, const char *key, bool value)
{
	view_add(record, key, json_object_new_boolean(value));
}

void view_add_address(struct json_object *record, const uint8_t *address)
{
	_cleanup_free_ char *text =
		xasprintf("%02x:%02x:%02x:%02x:%02x:%02x", address[0], address[1], address[2],
			  address[3], address[4], address[5]);

	view_add_text(record, "mac_address", text);
}
