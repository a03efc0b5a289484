/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a command gets to the MC: through the child that holds /dev/dprc.N, or, of a captured
 * machine, by looking it up in a transcript.  Knows tokens, but no command's meaning.
 */
#ifndef KERNEL_MC_CHANNEL_H
#define KERNEL_MC_CHANNEL_H

#include "kernel/mc.h"
#include "kernel/mc_command.h"

struct mc_transcript;
struct sysfs;

/* Sends a command, which is overwritten with its answer.  Errors as in mc.h. */
int mc_send(struct mc *mc, struct mc_command *command);

/*
 * The same for the first of n commands, at most MC_AT_ONCE, in their order and each with a result
 * of its own; returns how many, at least one.  They are one message to the child: on the virtual
 * board, to wake it up and be woken up costs as much as a command.
 */
#define MC_AT_ONCE 16
size_t mc_send_some(struct mc *mc, struct mc_command *commands, size_t n, int *ret_results);

/*
 * Sends one command that changes something.  Its answer is awaited as long as the kernel itself
 * waits, whatever the deadline: a command that was given up could still be executed, after the one
 * that takes it back.  -EINPROGRESS: even then none came, so it may still be executed.
 */
int mc_send_change(struct mc *mc, struct mc_command *command);

/* The transcript's side. */
int mc_transcript_load(const struct sysfs *sysfs, const char *path,
		       struct mc_transcript **ret_transcript);
int mc_transcript_send(struct mc_transcript *transcript, struct mc_command *command);
void mc_transcript_free(struct mc_transcript *transcript);

/* Writes down a command that was sent, with its result and answer. */
void mc_recording_add(struct mc_recording *recording, const struct mc_command *request, int r,
		      const struct mc_command *answer);

#endif
