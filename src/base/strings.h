/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of texts that owns them. */
#ifndef BASE_STRINGS_H
#define BASE_STRINGS_H

#include <stdbool.h>
#include <stddef.h>

struct strings {
	char **texts;
	size_t n_texts;
};

/* Adds a copy of text. */
void strings_add(struct strings *strings, const char *text);
bool strings_has(const struct strings *strings, const char *text);
/* In the order of strverscmp(): eth2 before eth10. */
void strings_sort(struct strings *strings);
/* All, in a new string. */
char *strings_join(const struct strings *strings, const char *separator);
void strings_done(struct strings *strings);
#define _cleanup_strings_ __attribute__((cleanup(strings_done)))

#endif
