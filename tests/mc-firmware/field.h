/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields of what tests and topology files write; a missing key leaves the default. */
#ifndef FIRMWARE_FIELD_H
#define FIRMWARE_FIELD_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "abi.h"

/* NULL when the key is missing or not a string. */
const char *field_string(struct json_object *json, const char *key);
/* value when the key is missing; numbers may also be strings like "0x05000001". */
uint32_t field_number(struct json_object *json, const char *key, uint32_t value);
bool field_flag(struct json_object *json, const char *key, bool value);
/* Lower-case hexadecimal digits.  Returns how many bytes; -EINVAL: something else, or too many. */
int field_bytes(const char *hex, uint8_t *bytes, size_t max);
/* "label": text, or "label_bytes": up to 32 hex digits for what is not.  -EINVAL: neither fits. */
int field_label(struct json_object *json, uint8_t label[NAME_FIELD]);
/* "options": words.  -EINVAL: one is unknown. */
int field_options(struct json_object *json, uint32_t *ret_options);

struct json_object *label_to_json(const uint8_t label[NAME_FIELD]);
struct json_object *label_bytes_to_json(const uint8_t label[NAME_FIELD]);
struct json_object *options_to_json(uint32_t options);

#endif
