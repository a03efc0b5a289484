/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts of a captured machine that are in no file of a running one: text files in captured/.
 *
 *	page_size		bytes
 *	memlock			bytes (-1: unlimited, -2: unknown) and the user whose limit that is
 *	addresses/INTERFACE	how many it has, or "unknown"
 *	holders/dprc.N		"complete" or "incomplete", then a line per process and file: PID,
 *				1 if it is a mapping, 1 if it is certain, the file;
 *				its command is in proc/PID/comm
 *	locked/dprc.N		is there if the DPRC is on record as locked
 */
#ifndef MODEL_CAPTURED_H
#define MODEL_CAPTURED_H

#include <stdbool.h>
#include <stdint.h>

struct holders;
struct memlock;
struct name;
struct sysfs;

#define CAPTURED_DIR "captured"
#define CAPTURED_UNKNOWN "unknown"

/* A number from 0 on.  -ENODATA: it was unknown.  -ENOENT: that was not captured.
 * -EBADMSG: it is none. */
int captured_read_number(const struct sysfs *sysfs, const char *fact, int64_t *ret_number);

/* The user is whoever is meant by none.  -ENOENT, -EBADMSG. */
int captured_read_memlock(const struct sysfs *sysfs, struct memlock *ret_memlock);
char *captured_memlock_text(const struct memlock *memlock);

int captured_read_holders(const struct sysfs *sysfs, const struct name *dprc,
			  struct holders *ret_holders);
char *captured_holders_text(const struct holders *holders);

bool captured_is_locked(const struct sysfs *sysfs, const struct name *dprc);

#endif
