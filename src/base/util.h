/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What C lacks and every file wants.  Running out of memory ends the program here, so
 * callers never check for it.
 */
#ifndef BASE_UTIL_H
#define BASE_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define _cleanup_(fn) __attribute__((cleanup(fn)))
#define _cleanup_free_ _cleanup_(free_pointer)
#define _cleanup_close_ _cleanup_(close_pointer)
#define _printf_(fmt, arg) __attribute__((format(printf, fmt, arg)))
#define _unused_ __attribute__((unused))

/* Three-valued: a negative errno means not known, and why. */
typedef int known_bool;

/* Hands an owned pointer or descriptor over: the local forgets it. */
#define take_pointer(pointer)                                                                      \
	({                                                                                         \
		__typeof__(pointer) taken_ = (pointer);                                            \
		(pointer) = NULL;                                                                  \
		taken_;                                                                            \
	})

int take_fd(int *fd);

/* For the cleanup attribute: the argument is the address of the variable. */
void free_pointer(void *pointer);
void close_pointer(const int *fd);

/*
 * fork(2) for children that call nothing but the kernel: it spares both sides what glibc does to
 * its own state, and the pages that this copies.
 */
#ifndef HAVE__FORK
#define _Fork fork
#endif

/* Closes first and all descriptors above it; 0 or a negative errno. */
int close_from(unsigned int first);

/* An effective one of this process, of linux/capability.h. */
bool has_capability(unsigned int capability);

/* The exit status when memory runs out, and what to do then; a change under way sets its own. */
extern int out_of_memory_status;
extern const char *out_of_memory_hint;

void *xcalloc(size_t n, size_t size);
void *xrealloc(void *pointer, size_t n, size_t size);
char *xstrdup(const char *text);
char *xasprintf(const char *format, ...) _printf_(1, 2);

/* Most strings differ in the first byte, and then a call of strcmp() costs more than it helps. */
static inline bool streq(const char *a, const char *b) { return *a == *b && strcmp(a, b) == 0; }

/* For people, who are told that there is none. */
static inline const char *or_none(const char *text) { return text ? text : "none"; }

/* Two NULLs are equal. */
bool str_same(const char *a, const char *b);

/* Bytes of the well-formed UTF-8 character (RFC 3629) at text, and its code point; 0: none. */
size_t str_character(const char *text, uint32_t *ret_code);

/*
 * Bytes at the start of untrusted text that may reach a terminal, a log or a table as they are: up
 * to the first character that does not show as itself, or is none.
 */
size_t str_visible_span(const char *text);

/* All of it made safe for those: the other bytes become \xNN, as util-linux writes them. */
char *str_escape(const char *text);

/* A decimal number of nothing but digits, up to max; false: text is none. */
bool str_number(const char *text, unsigned int max, unsigned int *ret_number);

/* Columns a terminal shows the first n bytes of UTF-8 text in. */
size_t str_width(const char *text, size_t n);

/* Whether all of text is well-formed UTF-8 (RFC 3629). */
bool str_is_utf8(const char *text);

#endif
