/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What C lacks and every file wants. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

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

bool has_capability(unsigned int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	return syscall(SYS_capget, &header, data) == 0 &&
	       (data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability));
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

/* The second byte's range excludes overlong forms, surrogates and what is past U+10FFFF. */
static const struct utf8_form {
	unsigned char first, last, low, high;
	size_t length;
} utf8_forms[] = {
	{ 0x01, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t str_character(const char *text, uint32_t *ret_code)
{
	const unsigned char *bytes = (const unsigned char *)text;
	const struct utf8_form *form = utf8_forms;
	uint32_t code;

	while (bytes[0] < form->first || bytes[0] > form->last)
		if (++form == utf8_forms + ARRAY_SIZE(utf8_forms))
			return 0;
	if (form->length > 1 && (bytes[1] < form->low || bytes[1] > form->high))
		return 0;
	/* The more bytes, the fewer bits are left for the first one. */
	code = form->length == 1 ? bytes[0] : bytes[0] & (0x7fU >> form->length);
	for (size_t i = 1; i < form->length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (bytes[i] & 0x3f);
	}
	*ret_code = code;
	return form->length;
}

/*
 * Controls, C1 among them, which some terminals obey; blanks but the ASCII one, which part columns;
 * line separators; and format characters, which hide text, or show it in another order.
 */
static bool is_visible(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0x00, 0x1f },	    { 0x7f, 0xa0 },	{ 0xad, 0xad },	      { 0x34f, 0x34f },
		{ 0x61c, 0x61c },   { 0x115f, 0x1160 }, { 0x1680, 0x1680 },   { 0x17b4, 0x17b5 },
		{ 0x180b, 0x180f }, { 0x2000, 0x200f }, { 0x2028, 0x202f },   { 0x205f, 0x206f },
		{ 0x3000, 0x3000 }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return false;
	return true;
}

bool str_is_utf8(const char *text)
{
	uint32_t code;
	size_t n;

	for (; *text; text += n) {
		n = str_character(text, &code);
		if (!n)
			return false;
	}
	return true;
}

size_t str_visible_span(const char *text)
{
	const char *at = text;

	for (;;) {
		uint32_t code;
		size_t n;

		while (*at >= ' ' && *at <= '~')
			at++;
		n = str_character(at, &code);
		if (!n || !is_visible(code))
			return (size_t)(at - text);
		at += n;
	}
}

char *str_escape(const char *text)
{
	char *escaped = xcalloc(strlen(text) + 1, strlen("\\x00")), *end = escaped;

	for (;;) {
		size_t n = str_visible_span(text);
		uint32_t code;

		end = mempcpy(end, text, n);
		text += n;
		if (!*text)
			return escaped;
		n = str_character(text, &code);
		for (n = n ? n : 1; n; n--)
			end += sprintf(end, "\\x%02x", (unsigned char)*text++);
	}
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

size_t str_width(const char *text, size_t n)
{
	size_t width = 0;

	for (size_t i = 0; i < n; i++)
		width += (text[i] & 0xc0) != 0x80;
	return width;
}
