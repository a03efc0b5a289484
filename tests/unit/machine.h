/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine in a directory that passes for the running one, with a run directory.  There is no
 * kernel: what the program writes to sysfs is noted and answered as the test says, and nothing
 * comes of it.  For tests that are linked with --wrap=sysfs_write.
 */
#ifndef UNIT_MACHINE_H
#define UNIT_MACHINE_H

#include "kernel/sysfs.h"
#include "transaction/change.h"
#include "transaction/rundir.h"

struct machine {
	char *path;
	struct sysfs sysfs;
	int run; /* its run/fslmc-vfio */
};

/* manifest: that of tests/machines with this name, or lines as tests/make-root reads them. */
void machine_make(struct machine *machine, const char *manifest);
void machine_done(struct machine *machine);

/* A transaction that has begun, as transaction_begin() leaves it. */
struct transaction machine_begin(const struct machine *machine, const char *operation);

/* Writes a file; runs a shell command in the directory. */
void machine_write(const struct machine *machine, const char *path, const char *text);
void machine_run(const struct machine *machine, const char *format, ...) _printf_(2, 3);

/* What a write to sysfs is answered from here on: 0, or a negative errno. */
void machine_answers(int r);

/*
 * What happens meanwhile: once n more writes to sysfs were made, runs a shell command in the
 * directory.
 */
void machine_then(const struct machine *machine, unsigned int n, const char *command);

/* "TEXT>PATH" a line of all writes since the last call; PATH is below sys/, or the device. */
void machine_wrote(const char *expected);

/* "error OBJECT: TEXT", a line each, of what was said since the last call: in a new string. */
char *machine_said(void);

/* Each of the texts, the last of them NULL, is part of what was said since the last call. */
void machine_has_said(const char *text, ...) __attribute__((sentinel));

/* Nothing was said since the last call. */
void machine_has_said_nothing(void);

#endif
