/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What C lacks and every file wants. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/util.h"

int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

void free_pointer(void *pointer) { free(*(void **)pointer); }

void close_pointer(const int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	errno = saved;
}

/* Linux 5.9; by number, since musl has no function for it. */
int close_from(unsigned int first)
{
	return syscall(SYS_close_range, first, ~0U, 0) < 0 ? -errno : 0;
}

int out_of_memory_status = EXIT_FAILURE;
const char *out_of_memory_hint = "";

static void *or_die(void *pointer)
{
	if (!pointer) {
		fputs("fslmc-vfio: out of memory", stderr);
		fputs(out_of_memory_hint, stderr);
		fputs("\n", stderr);
		exit(out_of_memory_status);
	}
	return pointer;
}

void *xcalloc(size_t n, size_t size) { return or_die(calloc(n ? n : 1, size)); }

void *xrealloc(void *pointer, size_t n, size_t size)
{
	return or_die(reallocarray(pointer, n ? n : 1, size));
}

char *xstrdup(const char *text) { return or_die(strdup(text)); }

char *xasprintf(const char *format, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	return or_die(n < 0 ? NULL : text);
}

bool str_same(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return streq(a, b);
}

/* Bytes of the well-formed UTF-8 sequence at text; 0 if there is none. */
static size_t utf8_sequence(const unsigned char *text)
{
	/* The second byte's range excludes overlong forms, surrogates and what is past U+10FFFF. */
	static const struct {
		unsigned char first, last, low, high;
		size_t length;
	} forms[] = {
		{ 0x00, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (text[0] < forms[i].first || text[0] > forms[i].last)
			continue;
		if (forms[i].length > 1 && (text[1] < forms[i].low || text[1] > forms[i].high))
			return 0;
		for (size_t at = 2; at < forms[i].length; at++)
			if ((text[at] & 0xc0) != 0x80)
				return 0;
		return forms[i].length;
	}
	return 0;
}

bool str_is_utf8(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		const size_t n = *at < 0x80 ? 1 : utf8_sequence(at);

		if (!n)
			return false;
		at += n;
	}
	return true;
}

/* C1 controls are valid UTF-8 (c2 80 .. c2 9f), yet some terminals obey them. */
static bool is_control(const unsigned char *text)
{
	return text[0] < 0x20 || text[0] == 0x7f || (text[0] == 0xc2 && text[1] < 0xa0);
}

static bool is_printable_ascii(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

char *str_escape(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	char *escaped, *end;

	if (is_printable_ascii(text))
		return xstrdup(text);
	end = escaped = xcalloc(strlen(text) + 1, 4);
	while (*at) {
		size_t n = utf8_sequence(at);

		if (n && !is_control(at)) {
			memcpy(end, at, n);
			end += n;
			at += n;
			continue;
		}
		for (n = n ? n : 1; n; n--)
			end += sprintf(end, "\\x%02x", *at++);
	}
	*end = '\0';
	return escaped;
}

bool str_number(const char *text, unsigned int max, unsigned int *ret_number)
{
	unsigned long number;

	if (!*text || text[strspn(text, "0123456789")])
		return false;
	errno = 0;
	number = strtoul(text, NULL, 10);
	if (errno || number > max)
		return false;
	*ret_number = (unsigned int)number;
	return true;
}

size_t str_digits(uint64_t number, char ret_digits[DIGITS_MAX])
{
	char digits[DIGITS_MAX];
	size_t first = sizeof(digits);

	do
		digits[--first] = (char)('0' + number % 10);
	while (number /= 10);
	memcpy(ret_digits, digits + first, sizeof(digits) - first);
	return sizeof(digits) - first;
}

size_t str_width(const char *text, size_t n)
{
	size_t width = 0;

	for (size_t i = 0; i < n; i++)
		width += (text[i] & 0xc0) != 0x80;
	return width;
}
