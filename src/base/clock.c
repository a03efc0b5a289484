/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Deadlines. */
#include <limits.h>
#include <time.h>

#include "base/clock.h"

static int64_t read_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

int64_t clock_now_us(void) { return read_us(CLOCK_MONOTONIC); }

int64_t clock_day_us(void) { return read_us(CLOCK_REALTIME); }

int64_t clock_file_us(void) { return read_us(CLOCK_REALTIME_COARSE); }

int64_t clock_now_ms(void) { return clock_now_us() / 1000; }

int64_t deadline_in(unsigned int seconds)
{
	return seconds ? clock_now_ms() + seconds * INT64_C(1000) : DEADLINE_NEVER;
}

int deadline_left_ms(int64_t deadline)
{
	int64_t left;

	if (deadline == DEADLINE_NEVER)
		return -1;
	left = deadline - clock_now_ms();
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

void clock_sleep_ms(unsigned int ms)
{
	const struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&pause, NULL);
}
