/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The monotonic clock, and deadlines as its milliseconds.  Nothing that can hang is waited for
 * without one. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define DEADLINE_NEVER (-1)

int64_t clock_now_us(void);

/* The time of day. */
int64_t clock_day_us(void);

/* The time of day that a file which is written now gets: a tick may be missing (current_time()). */
int64_t clock_file_us(void);

int64_t clock_now_ms(void);

/* seconds from now; 0 means never, as in --timeout 0. */
int64_t deadline_in(unsigned int seconds);

/* Milliseconds left for poll(2): 0 when past, -1 for DEADLINE_NEVER. */
int deadline_left_ms(int64_t deadline);

void clock_sleep_ms(unsigned int ms);

#endif
