/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text that grows at its end: for output that is made of very many small pieces, where a call of
 * stdio for each would cost more than all the rest.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct buffer {
	char *text; /* without a NUL */
	size_t n, room;
};

void buffer_done(struct buffer *buffer);
#define _cleanup_buffer_ __attribute__((cleanup(buffer_done)))

/* Makes room for n more bytes. */
void buffer_grow(struct buffer *buffer, size_t n);

static inline void buffer_add(struct buffer *buffer, const char *text, size_t n)
{
	if (buffer->room - buffer->n < n)
		buffer_grow(buffer, n);
	memcpy(buffer->text + buffer->n, text, n);
	buffer->n += n;
}

static inline void buffer_add_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

/* In decimal. */
void buffer_add_number(struct buffer *buffer, int64_t number);
void buffer_add_blanks(struct buffer *buffer, size_t n);

/* Writes all of it, and empties it.  What fails shows in ferror(). */
void buffer_write(struct buffer *buffer, FILE *stream);

#endif
