/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What fuzz targets have in common: numbers and texts out of an input, and a machine to read. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sysfs;

/* libFuzzer's. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* The rest of an input.  At its end numbers are 0 and texts "". */
struct input {
	const uint8_t *bytes;
	size_t n;
};

uint8_t input_byte(struct input *input);
/* Up to n bytes, the rest zeros; how many there were. */
size_t input_bytes(struct input *input, void *ret_bytes, size_t n);
/* Up to the next NUL, in a new string. */
char *input_text(struct input *input);

/* Ends the run as a crash, unless what must hold does. */
#define FUZZ_ASSERT(condition)                                                                     \
	do                                                                                         \
		if (!(condition))                                                                  \
			__builtin_trap();                                                          \
	while (0)

/* A directory of this process below $TMPDIR, and a path of it; made when first asked for. */
const char *fuzz_directory(void);

/* Writes a file, with the directories it is in. */
void fuzz_write(int dir, const char *path, const void *bytes, size_t n);
void fuzz_remove(const char *path);

/* The machine of tests/machines/NAME.manifest, in a directory of its own.  Speaks, and ends the
 * process, if it cannot be made. */
void fuzz_machine(const char *name, struct sysfs *ret_sysfs);

/* Of JSON that nobody but a strict parser accepts; NULL: text is none. */
struct json_object *fuzz_parse_strictly(const char *text);

#endif
