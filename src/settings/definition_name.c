/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a definition can be called. */
#include <ctype.h>
#include <stdlib.h>

#include "base/util.h"
#include "settings/definition.h"

#define NAME_MAX_LENGTH 64

bool definition_name_is_valid(const char *text)
{
	const size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.");

	return n && !text[n] && n <= NAME_MAX_LENGTH && isalnum((unsigned char)*text);
}

char *definition_cut_suffix(char *text)
{
	const size_t n = strlen(text), n_suffix = strlen(DEFINITION_SUFFIX);

	if (n > n_suffix && streq(text + n - n_suffix, DEFINITION_SUFFIX))
		text[n - n_suffix] = '\0';
	return text;
}

char *definition_name_of_label(const char *label)
{
	_cleanup_free_ char *text = definition_cut_suffix(xstrdup(label));
	char *name, *end;

	if (definition_name_is_valid(text))
		return take_pointer(text);
	name = end = xcalloc(strlen(text) + 1, 1);
	for (const char *c = text; *c; c++)
		if (isalnum((unsigned char)*c))
			*end++ = (char)tolower((unsigned char)*c);
		else if (end > name && end[-1] != '-')
			*end++ = '-';
	if (end > name && end[-1] == '-')
		end[-1] = '\0';
	if (definition_name_is_valid(name))
		return name;
	free(name);
	return NULL;
}
