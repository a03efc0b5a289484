/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields of what tests and topology files write. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"

const char *field_string(struct json_object *json, const char *key)
{
	struct json_object *value = json_object_object_get(json, key);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

uint32_t field_number(struct json_object *json, const char *key, uint32_t value)
{
	struct json_object *number = json_object_object_get(json, key);

	if (!number)
		return value;
	if (json_object_is_type(number, json_type_string))
		return (uint32_t)strtoul(json_object_get_string(number), NULL, 0);
	return (uint32_t)json_object_get_int64(number);
}

bool field_flag(struct json_object *json, const char *key, bool value)
{
	struct json_object *flag = json_object_object_get(json, key);

	return flag ? json_object_get_boolean(flag) : value;
}

int field_bytes(const char *hex, uint8_t *bytes, size_t max)
{
	size_t length = strlen(hex);

	if (length % 2 != 0 || length > 2 * max || strspn(hex, "0123456789abcdef") != length)
		return -EINVAL;
	for (size_t i = 0; i < length / 2; i++) {
		unsigned int byte;

		sscanf(hex + 2 * i, "%2x", &byte);
		bytes[i] = (uint8_t)byte;
	}
	return (int)(length / 2);
}

int field_label(struct json_object *json, uint8_t label[NAME_FIELD])
{
	const char *text = field_string(json, "label");
	const char *hex = field_string(json, "label_bytes");

	if (hex) {
		uint8_t bytes[NAME_FIELD] = { 0 };
		const int length = field_bytes(hex, bytes, NAME_FIELD);

		if (length >= 0)
			memcpy(label, bytes, NAME_FIELD);
		return length < 0 ? length : 0;
	}
	if (!text)
		return 0;
	if (strlen(text) > NAME_FIELD)
		return -EINVAL;
	memset(label, 0, NAME_FIELD);
	memcpy(label, text, strlen(text));
	return 0;
}

int field_options(struct json_object *json, uint32_t *ret_options)
{
	struct json_object *words = json_object_object_get(json, "options");
	uint32_t options = 0;

	if (words && !json_object_is_type(words, json_type_array))
		return -EINVAL;
	for (size_t i = 0; words && i < json_object_array_length(words); i++) {
		const char *word = json_object_get_string(json_object_array_get_idx(words, i));
		uint32_t bit;

		if (!word || dprc_option_from_name(word, &bit) < 0)
			return -EINVAL;
		options |= bit;
	}
	*ret_options = options;
	return 0;
}

/* JSON strings are text: what is not printable ASCII is only in the bytes. */
struct json_object *label_to_json(const uint8_t label[NAME_FIELD])
{
	size_t length = strnlen((const char *)label, NAME_FIELD);

	for (size_t i = 0; i < length; i++)
		if (!isascii(label[i]) || !isprint(label[i]))
			return NULL;
	return json_object_new_string_len((const char *)label, (int)length);
}

struct json_object *label_bytes_to_json(const uint8_t label[NAME_FIELD])
{
	char hex[2 * NAME_FIELD + 1];

	for (size_t i = 0; i < NAME_FIELD; i++)
		snprintf(hex + 2 * i, 3, "%02x", label[i]);
	return json_object_new_string(hex);
}

struct json_object *options_to_json(uint32_t options)
{
	struct json_object *words = json_object_new_array();
	const char *name;
	uint32_t bit;

	for (unsigned int i = 0; (name = dprc_option_name(i, &bit)); i++)
		if (options & bit)
			json_object_array_add(words, json_object_new_string(name));
	return words;
}
