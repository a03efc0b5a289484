/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QBMan management commands in memory-backed mode (QBMan 5.0), enough for dpaa2-eth to configure
 * notifications and to find every queue and buffer pool empty.  Offsets and the protocol of
 * the valid bit: qbman_swp_mc_submit() and qbman_swp_mc_result(), drivers/soc/fsl/dpio.
 */
#include <endian.h>
#include <string.h>

#include "firmware.h"
#include "qbman.h"

#define REGION_INHIBITED 1
#define REGION_MEMORY 2

#define COMMAND_RT 0x900 /* in the cache-inhibited region: a command has been written */
#define COMMAND 0x1600	 /* both in the memory-backed region */
#define RESPONSE 0x1680
#define RESPONSE_SIZE 64

#define VALID_BIT 0x80
#define RESULT_OK 0xf0

static uint8_t *region_at(const struct firmware *firmware, const struct object *dpio,
			  unsigned int index)
{
	return memory_at(&firmware->memory, QBMAN_PORTALS + (dpio->portal + index) * PORTAL_STRIDE);
}

/*
 * The valid bit of answers starts set and toggles.  A driver that starts anew clears the region,
 * so what was answered last is read from there and not remembered here.
 */
static uint8_t next_valid_bit(uint8_t last_verb)
{
	return last_verb == 0 ? VALID_BIT : (last_verb & VALID_BIT) ^ VALID_BIT;
}

static bool serve(const struct firmware *firmware, const struct object *dpio)
{
	uint32_t *trigger = (uint32_t *)(region_at(firmware, dpio, REGION_INHIBITED) + COMMAND_RT);
	uint8_t *memory = region_at(firmware, dpio, REGION_MEMORY);
	uint8_t verb;
	uint32_t first;

	if (__atomic_load_n(trigger, __ATOMIC_ACQUIRE) == 0)
		return false;
	__atomic_store_n(trigger, 0, __ATOMIC_RELAXED);
	verb = (memory[COMMAND] & ~VALID_BIT) | next_valid_bit(memory[RESPONSE]);
	memset(memory + RESPONSE + sizeof(first), 0, RESPONSE_SIZE - sizeof(first));
	first = htole32((uint32_t)RESULT_OK << 8 | verb);
	__atomic_store_n((uint32_t *)(memory + RESPONSE), first, __ATOMIC_RELEASE);
	return true;
}

unsigned int qbman_poll(const struct firmware *firmware)
{
	unsigned int n_served = 0;
	const struct object *object;

	/* Objects appear once for each of their regions, next to each other. */
	for (unsigned int i = 0; i < firmware->model.n_qbman_portals; i++) {
		object = firmware->model.qbman_portals[i];
		if (object && object->portal == i && object->n_regions > REGION_MEMORY)
			n_served += serve(firmware, object);
	}
	return n_served;
}
