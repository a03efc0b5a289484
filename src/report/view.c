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

struct json_object *view_no_list(void)
{
	static struct json_object *list;

	if (!list)
		list = json_object_new_array();
	return json_object_get(list);
}

struct json_object *view_texts(const struct strings *texts)
{
	struct json_object *array = texts->n_texts ? json_object_new_array() : view_no_list();

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

void view_add_word(struct json_object *record, const char *key, const char *word)
{
	static struct json_object *known[4];
	static size_t oldest;

	word = word ? word : "";
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!known[i] || !streq(json_object_get_string(known[i]), word))
			continue;
		view_add(record, key, json_object_get(known[i]));
		return;
	}
	json_object_put(known[oldest]);
	known[oldest] = view_text(word);
	view_add(record, key, json_object_get(known[oldest]));
	oldest = (oldest + 1) % ARRAY_SIZE(known);
}

/* Objects of a container share their group, and most have as many regions as the one before. */
void view_add_number(struct json_object *record, const char *key, int64_t number)
{
	static struct {
		struct json_object *value;
		int64_t number;
	} known[16], *place;

	place = &known[(uint64_t)number % ARRAY_SIZE(known)];
	if (!place->value || place->number != number) {
		json_object_put(place->value);
		place->value = json_object_new_int64(number);
		place->number = number;
	}
	view_add(record, key, json_object_get(place->value));
}

void view_add_bool(struct json_object *record, const char *key, bool value)
{
	static struct json_object *known[2];

	if (!known[value])
		known[value] = json_object_new_boolean(value);
	view_add(record, key, json_object_get(known[value]));
}
