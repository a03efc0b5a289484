/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of texts that owns them. */
#include <stdlib.h>
#include <string.h>

#include "base/strings.h"
#include "base/util.h"

void strings_add(struct strings *strings, const char *text)
{
	strings->texts = xrealloc(strings->texts, strings->n_texts + 1, sizeof(*strings->texts));
	strings->texts[strings->n_texts++] = xstrdup(text);
}

bool strings_has(const struct strings *strings, const char *text)
{
	for (size_t i = 0; i < strings->n_texts; i++)
		if (streq(strings->texts[i], text))
			return true;
	return false;
}

static int compare(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

void strings_sort(struct strings *strings)
{
	if (strings->n_texts)
		qsort(strings->texts, strings->n_texts, sizeof(*strings->texts), compare);
}

char *strings_join(const struct strings *strings, const char *separator)
{
	char *text = xstrdup("");

	for (size_t i = 0; i < strings->n_texts; i++) {
		_cleanup_free_ char *before = text;

		text = xasprintf("%s%s%s", before, i ? separator : "", strings->texts[i]);
	}
	return text;
}

void strings_done(struct strings *strings)
{
	for (size_t i = 0; i < strings->n_texts; i++)
		free(strings->texts[i]);
	free(strings->texts);
	*strings = (struct strings){ 0 };
}
