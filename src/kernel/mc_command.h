/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command of the MC, and its answer, as bytes; what its status means. */
#ifndef KERNEL_MC_COMMAND_H
#define KERNEL_MC_COMMAND_H

#include <stddef.h>
#include <stdint.h>

/* As struct fsl_mc_command of linux/fsl_mc.h: little endian, the header first. */
struct mc_command {
	unsigned char bytes[64];
};

#define MC_AT_STATUS 2
#define MC_AT_TOKEN 4
#define MC_AT_COMMAND 6
#define MC_AT_PARAMETERS 8

#define MC_CLOSE 0x8001
#define MC_OPEN_FIRST 0x8010 /* opens of all types: 0x8011, 0x8021, ... */
#define MC_OPEN_LAST 0x83ff

uint64_t mc_get(const struct mc_command *command, size_t at, size_t n_bytes);
void mc_put(struct mc_command *command, size_t at, size_t n_bytes, uint64_t value);

/* A request without parameters. */
struct mc_command mc_command_new(unsigned int id, uint16_t token);

/* What the kernel makes of an MC status (mc_status_to_error()). */
int mc_status_error(unsigned int status);

#endif
