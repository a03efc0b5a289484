/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every file of the firmware may use. */
#ifndef FIRMWARE_UTIL_H
#define FIRMWARE_UTIL_H

#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* calloc() that ends the program when there is no memory. */
void *xcalloc(size_t size);
/* Monotonic time in milliseconds. */
int64_t now_ms(void);

#endif
