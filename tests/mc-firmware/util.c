/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every file of the firmware may use. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <time.h>

#include "util.h"

void *xcalloc(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory)
		error(EXIT_FAILURE, ENOMEM, "allocating %zu bytes", size);
	return memory;
}

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}
