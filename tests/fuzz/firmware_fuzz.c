/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The emulated firmware: commands in its portals, and requests of its control socket. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <json-c/json.h>

#include "firmware.h"
#include "fuzz.h"
#include "qbman.h"
#include "request.h"
#include "topology.h"

#define N_PORTALS 8 /* of those that are used */

static struct firmware firmware;
static uint64_t token; /* that was given last */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	firmware.memory = (struct memory){
		.bytes = mmap(NULL, DPAA2_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			      -1, 0),
		.size = DPAA2_SIZE,
		.base = RAM_BASE,
	};
	if (firmware.memory.bytes == MAP_FAILED)
		abort();
	return 0;
}

static uint8_t *portal_at(unsigned int index)
{
	return memory_at(&firmware.memory, MC_PORTALS + index * PORTAL_STRIDE);
}

static void begin(void)
{
	model_init(&firmware.model, &firmware.msi, RAM_BASE);
	msi_init(&firmware.msi, NULL);
	STAILQ_INIT(&firmware.faults);
	trace_init(&firmware.trace);
	memset(firmware.portals, 0, sizeof(firmware.portals));
	for (unsigned int i = 0; i < N_PORTALS; i++)
		memset(portal_at(i), 0, COMMAND_SIZE);
	if (topology_load(&firmware.model, FUZZ_TESTS "/vm/topologies/tiny.json") < 0)
		abort();
	token = 0;
}

static void end(void)
{
	trace_done(&firmware.trace);
	fault_clear(&firmware.faults, false);
	model_done(&firmware.model);
}

/* kind: which portal, and whether the token is the one that was given last. */
static void send_command(struct input *input, uint8_t kind)
{
	uint8_t *portal = portal_at(kind % N_PORTALS);
	struct frame frame;

	input_bytes(input, frame.bytes, 2);
	frame_put(&frame, HEADER_ID, 2, frame_get(&frame, 0, 2));
	frame_put(&frame, 0, 2, 0);
	frame_put(&frame, HEADER_STATUS, 1, MC_READY);
	frame_put(&frame, HEADER_STATUS + 1, 1, 0);
	input_bytes(input, frame.bytes + HEADER_TOKEN, 2);
	input_bytes(input, frame.bytes + 8, kind & 0x20 ? COMMAND_SIZE - 8 : 8);
	if (kind & 0x40)
		frame_put(&frame, HEADER_TOKEN, 2, token);
	memcpy(portal, frame.bytes, sizeof(frame.bytes));
	portal_poll(&firmware);
	qbman_poll(&firmware);
	memcpy(frame.bytes, portal, sizeof(frame.bytes));
	if (frame_get(&frame, HEADER_STATUS, 1) == MC_OK)
		token = frame_get(&frame, HEADER_TOKEN, 2);
}

static void send_request(struct input *input)
{
	char *line = input_text(input);

	json_object_put(request_run(&firmware, line));
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct input input = { bytes, n };

	begin();
	while (input.n) {
		const uint8_t kind = input_byte(&input);

		if (kind & 0x80)
			send_request(&input);
		else
			send_command(&input, kind);
	}
	json_object_put(request_run(&firmware, "{\"do\":\"state\"}"));
	end();
	return 0;
}
