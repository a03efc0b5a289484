/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulated MC firmware (tests/mc-firmware) behind the program's door to the MC, with no kernel
 * between them: a command goes into a portal, as the kernel would write it.  For tests that are
 * linked with --wrap of mc_open_holding, mc_transcript_send and mc_transcript_free.
 */
#ifndef UNIT_FIRMWARE_H
#define UNIT_FIRMWARE_H

#include "kernel/mc.h"
#include "machine.h"

struct json_object;

/* topology: one of tests/vm/topologies.  Its files are in the machine's directory. */
void firmware_start(const struct machine *machine, const char *topology);
void firmware_stop(void);

/* A request of the control socket (tests/mc-firmware/README.md), which must succeed. */
struct json_object *firmware_ask(const char *request);
void firmware_do(const char *format, ...) _printf_(1, 2);

/* All objects and connections that it has, as text. */
char *firmware_state(void);

/* A connection to it, as mc_open() makes one. */
struct mc firmware_open(void);

/* What opening it is answered from here on: 0, or a negative errno. */
void firmware_opens(int r);

/* After n more commands none gets there, and each is answered that errno; 0: they all do. */
void firmware_fails_after(unsigned int n, int r);

#endif
