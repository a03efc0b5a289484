/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that grows at its end. */
#include <stdlib.h>

#include "base/buffer.h"
#include "base/util.h"

void buffer_done(struct buffer *buffer)
{
	free(buffer->text);
	*buffer = (struct buffer){ 0 };
}

void buffer_grow(struct buffer *buffer, size_t n)
{
	buffer->room = buffer->room * 2 + n + 256;
	buffer->text = xrealloc(buffer->text, buffer->room, 1);
}

void buffer_add_number(struct buffer *buffer, int64_t number)
{
	char digits[DIGITS_MAX];
	uint64_t size = (uint64_t)number;

	if (number < 0) {
		buffer_add(buffer, "-", 1);
		size = -size;
	}
	buffer_add(buffer, digits, str_digits(size, digits));
}

void buffer_add_blanks(struct buffer *buffer, size_t n)
{
	for (; n; n--)
		buffer_add(buffer, " ", 1);
}

void buffer_write(struct buffer *buffer, FILE *stream)
{
	if (buffer->n)
		fwrite(buffer->text, 1, buffer->n, stream);
	buffer->n = 0;
}
