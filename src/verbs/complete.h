/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that can stand where the cursor is; see complete_words.c. */
#ifndef VERBS_COMPLETE_H
#define VERBS_COMPLETE_H

#include "verbs/command.h"

struct completion {
	const char *prefix; /* what the last word begins with and a candidate replaces nothing of */
	const char *word;   /* what a candidate has to begin with */
	const char *sysroot; /* NULL: this machine */
	char *const *given;  /* words before the last, which are not offered again */
	size_t n_given;
	char *const *words; /* all that stand before it */
	size_t n_words;
	bool without_root; /* the verb refuses the root DPRC */
};

/* Offers a candidate: prints it with what it means (NULL: nothing more to say), if it fits. */
void complete_offer(const struct completion *completion, const char *candidate,
		    const char *meaning);

/*
 * Offers what a placeholder of the tables stands for: DPRC, DEFINITION, LIST, ...  Of those that
 * are not known there, nothing.
 */
void complete_placeholder(const struct completion *completion, const struct command *verb,
			  const char *placeholder);

#endif
