/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MC command portals.  The sender writes the parameters and then, with one 64-bit store, the
 * header with status READY; we answer parameters first and then the header, likewise.
 */
#include <endian.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "firmware.h"
#include "portal.h"
#include "request.h"
#include "util.h"

#define HEADER_SIZE 8

static uint8_t *portal_bytes(const struct firmware *firmware, unsigned int index)
{
	return memory_at(&firmware->memory, MC_PORTALS + index * PORTAL_STRIDE);
}

static uint64_t load_header(const uint8_t *bytes)
{
	return __atomic_load_n((const uint64_t *)bytes, __ATOMIC_ACQUIRE);
}

static void answer(struct call *call, uint8_t *bytes)
{
	uint64_t header;

	frame_put(&call->response, HEADER_STATUS, 1, call->status);
	frame_put(&call->response, HEADER_TOKEN, 2, call->token);
	memcpy(bytes + HEADER_SIZE, call->response.bytes + HEADER_SIZE, COMMAND_SIZE - HEADER_SIZE);
	memcpy(&header, call->response.bytes, sizeof(header));
	__atomic_store_n((uint64_t *)bytes, header, __ATOMIC_RELEASE);
}

/* Returns true if a fault keeps the answer back. */
static bool hold_back(struct portal *portal, const struct fault *fault, uint64_t header,
		      const struct call *call)
{
	if (!fault || (fault->kind != FAULT_DELAY && fault->kind != FAULT_MUTE))
		return false;
	portal->held_header = header;
	portal->held_command = call->command->name;
	snprintf(portal->held_from, sizeof(portal->held_from), "%s",
		 call->context ? call->context->name : "");
	portal->muted = fault->kind == FAULT_MUTE;
	portal->due_ms = now_ms() + fault->delay_ms;
	return true;
}

static bool serve(struct firmware *firmware, unsigned int index)
{
	struct portal *portal = &firmware->portals[index];
	uint8_t *bytes = portal_bytes(firmware, index);
	uint64_t header = load_header(bytes);
	bool was_held = portal->held_header != 0 && portal->held_header == header;
	const struct fault *fault = NULL;
	struct frame request;
	struct call call;

	if (((uint8_t *)&header)[HEADER_STATUS] != MC_READY)
		return false;
	if (was_held && (portal->muted || now_ms() < portal->due_ms))
		return false;

	/* A sender that has given up waiting overwrites a command that is held back. */
	portal->held_header = 0;
	memcpy(&request, bytes, sizeof(request));
	memcpy(&request, &header, sizeof(header));
	command_decode(firmware, index, &request, &call);
	if (!was_held)
		fault = fault_take(&firmware->faults, &call);
	if (fault)
		firmware->n_hits++;
	if (hold_back(portal, fault, header, &call))
		return false;

	if (fault && fault->kind == FAULT_STATUS)
		call.status = fault->status;
	else
		command_run(&call);
	if (fault && fault->kind == FAULT_LIE)
		memcpy(call.response.bytes + fault->lie_at, fault->lie, fault->n_lie_bytes);
	trace_add(&firmware->trace, &call);
	if (fault && fault->kind == FAULT_THEN)
		json_object_put(request_run(firmware, fault->request));
	answer(&call, bytes);
	return true;
}

unsigned int portal_poll(struct firmware *firmware)
{
	unsigned int n_served = 0;

	for (unsigned int i = 0; i < firmware->model.n_mc_portals; i++)
		n_served += serve(firmware, i);
	return n_served;
}

bool portal_is_held(const struct firmware *firmware, unsigned int index)
{
	const struct portal *portal = &firmware->portals[index];

	return portal->muted && portal->held_header != 0 &&
	       portal->held_header == load_header(portal_bytes(firmware, index));
}

void portal_unmute(struct firmware *firmware)
{
	for (unsigned int i = 0; i < MC_PORTAL_COUNT; i++) {
		firmware->portals[i].muted = false;
		firmware->portals[i].due_ms = 0;
	}
}
