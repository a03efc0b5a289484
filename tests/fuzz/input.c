/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Needs nothing of the program, so that the emulated firmware can be linked with it. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

uint8_t input_byte(struct input *input)
{
	if (!input->n)
		return 0;
	input->n--;
	return *input->bytes++;
}

size_t input_bytes(struct input *input, void *ret_bytes, size_t n)
{
	const size_t n_there = n < input->n ? n : input->n;

	memset(ret_bytes, 0, n);
	memcpy(ret_bytes, input->bytes, n_there);
	input->bytes += n_there;
	input->n -= n_there;
	return n_there;
}

char *input_text(struct input *input)
{
	const uint8_t *end = memchr(input->bytes, '\0', input->n);
	const size_t n = end ? (size_t)(end - input->bytes) : input->n;
	char *text = calloc(n + 1, 1);

	input_bytes(input, text, n);
	input_byte(input);
	return text;
}
