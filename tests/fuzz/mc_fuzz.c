/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The MC's answers, whatever it was asked: inventory, rules, layouts, creating. */
#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/util.h"
#include "fuzz.h"
#include "kernel/mc_channel.h"
#include "kernel/sysfs.h"
#include "mc_use.h"
#include "model/bus.h"

int __wrap_mc_transcript_send(struct mc_transcript *transcript, struct mc_command *command);

#define COMMANDS_MAX 400
#define AT_TYPE 32 /* in the answer to DPRC_GET_OBJ */

static struct sysfs sysfs;
static struct bus *bus;
static struct input answers;
static unsigned int n_commands;

static bool is_get_obj(const struct mc_command *command)
{
	return mc_get(command, MC_AT_COMMAND, 2) >> 4 == 0x15a ||
	       mc_get(command, MC_AT_COMMAND, 2) >> 4 == 0x159;
}

/*
 * The first byte of an answer tells its status, how many bytes follow it, and which type an object
 * has: without a few that exist, most answers would be about nothing.
 */
int __wrap_mc_transcript_send(struct mc_transcript *transcript _unused_, struct mc_command *command)
{
	static const char *const types[] = { "dprc", "dpni", "dpmac", "dpio",
					     "dpbp", "dpsw", "dpmcp", "dpcon" };
	const bool has_type = is_get_obj(command);
	const uint8_t kind = input_byte(&answers);

	if (!answers.n || n_commands++ > COMMANDS_MAX)
		return -ETIMEDOUT;
	if (kind >= 0xf0)
		return mc_status_error(kind & 0xf);
	input_bytes(&answers, command->bytes + MC_AT_PARAMETERS,
		    kind & 0x40 ? sizeof(command->bytes) - MC_AT_PARAMETERS : kind & 0x1c);
	if (has_type && !(kind & 0x80))
		strcpy((char *)command->bytes + AT_TYPE, types[kind % ARRAY_SIZE(types)]);
	mc_put(command, MC_AT_TOKEN, 2, 1);
	return 0;
}

int LLVMFuzzerInitialize(int *argc _unused_, char ***argv _unused_)
{
	log_forget();
	fuzz_machine("small", &sysfs);
	fuzz_write(sysfs.root_fd, "dev/dprc.1", "", 0);
	return bus_load(&sysfs, &bus);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	answers = (struct input){ bytes, n };
	n_commands = 0;
	if (input_byte(&answers) & 1)
		mc_use_create(&sysfs);
	mc_use(bus);
	return 0;
}
