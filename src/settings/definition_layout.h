/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "layout" of a definition: how its container is made. */
#ifndef SETTINGS_DEFINITION_LAYOUT_H
#define SETTINGS_DEFINITION_LAYOUT_H

struct json_object;
struct layout_request;

/* NULL, or what is wrong with it, in a new string. */
char *definition_layout_parse(struct json_object *json, struct layout_request *layout);
struct json_object *definition_layout_to_json(const struct layout_request *layout);

#endif
