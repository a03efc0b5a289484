/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run that makes or destroys containers in the emulated MC, on a machine without a kernel. */
#ifndef UNIT_MAKING_H
#define UNIT_MAKING_H

#include "firmware.h"
#include "machine.h"
#include "transaction/making.h"

struct test {
	struct machine machine;
	struct transaction transaction;
	struct making making;
	struct bus *bus;
	char *before;
};

/* What is busy is tried again for that long. */
#define BUSY_MS 400

void test_begin(struct test *test);
void test_end(struct test *test);

/* Commands for machine_run(): Linux has this object in dprc.1, or has it no more. */
#define ADD_TO_LINUX(name)                                                                         \
	"mkdir sys/devices/mc/dprc.1/" name " && cp sys/devices/mc/dprc.1/dpbp.0/[!s]* "           \
	"sys/devices/mc/dprc.1/" name " && "                                                       \
	"ln -s ../../../devices/mc/dprc.1/" name " sys/bus/fsl-mc/devices/"
#define REMOVE_FROM_LINUX(name) "rm -r sys/devices/mc/dprc.1/" name " sys/bus/fsl-mc/devices/" name

/* All that there was is there, and nothing else; nothing is open. */
void is_as_it_was(const struct test *test);

#endif
