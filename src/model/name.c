/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name of an object: TYPE.ID. */
#include <errno.h>
#include <stdio.h>

#include "base/util.h"
#include "model/name.h"

/* One that is written without leading zeros. */
static int parse_id(const char *text, uint32_t *ret_id)
{
	const bool has_zeros = text[0] == '0' && text[1];

	return !has_zeros && str_number(text, UINT32_MAX, ret_id) ? 0 : -EINVAL;
}

/* Bytes of the type at the start of text; 0: there is none. */
static size_t type_length(const char *text)
{
	size_t n = 0;

	while (text[n] >= 'a' && text[n] <= 'z')
		n++;
	return n >= 3 && n < NAME_TYPE_SIZE && strncmp(text, "dp", 2) == 0 ? n : 0;
}

int name_parse(const char *text, struct name *ret_name)
{
	const size_t n = type_length(text);
	struct name name = { 0 };
	int r;

	if (!n || text[n] != '.')
		return -EINVAL;
	r = parse_id(text + n + 1, &name.id);
	if (r < 0)
		return r;
	memcpy(name.type, text, n);
	*ret_name = name;
	return 0;
}

int name_of_path(const char *path, struct name *ret_name)
{
	const char *slash = strrchr(path, '/');

	return slash ? name_parse(slash + 1, ret_name) : -EINVAL;
}

int name_make(const char *type, uint32_t id, struct name *ret_name)
{
	const size_t n = type_length(type);
	struct name name = { .id = id };

	if (!n || type[n])
		return -EINVAL;
	memcpy(name.type, type, n);
	*ret_name = name;
	return 0;
}

struct name_text name_text(const struct name *name)
{
	struct name_text text;

	snprintf(text.text, sizeof(text.text), "%s.%u", name->type, name->id);
	return text;
}

int name_compare(const struct name *a, const struct name *b)
{
	const int order = strcmp(a->type, b->type);

	return order ? order : (a->id > b->id) - (a->id < b->id);
}

bool name_equal(const struct name *a, const struct name *b)
{
	return a->id == b->id && streq(a->type, b->type);
}

bool name_is_dprc(const struct name *name) { return streq(name->type, "dprc"); }
