/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MC command ABI as Linux speaks it: drivers/bus/fsl-mc/fsl-mc-private.h and mc-sys.c.
 * Offsets count from the start of the 64-byte command, whose first 8 bytes are the header.
 */
#ifndef FIRMWARE_ABI_H
#define FIRMWARE_ABI_H

#include <stddef.h>
#include <stdint.h>

#define COMMAND_SIZE 64
#define NAME_FIELD 16 /* types and labels: 16 bytes, not always NUL-terminated */

#define HEADER_STATUS 2
#define HEADER_TOKEN 4
#define HEADER_ID 6

enum mc_status {
	MC_OK = 0x0,
	MC_READY = 0x1, /* set by the sender: not yet served */
	MC_AUTH_ERR = 0x3,
	MC_NO_PRIVILEGE = 0x4,
	MC_DMA_ERR = 0x5,
	MC_CONFIG_ERR = 0x6,
	MC_TIMEOUT = 0x7,
	MC_NO_RESOURCE = 0x8,
	MC_NO_MEMORY = 0x9,
	MC_BUSY = 0xa,
	MC_UNSUPPORTED_OP = 0xb,
	MC_INVALID_STATE = 0xc,
};

enum dprc_option {
	DPRC_SPAWN_ALLOWED = 0x01,
	DPRC_ALLOC_ALLOWED = 0x02,
	DPRC_OBJ_CREATE_ALLOWED = 0x04,
	DPRC_TOPOLOGY_CHANGES_ALLOWED = 0x08,
	DPRC_AIOP = 0x20,
	DPRC_IRQ_CFG_ALLOWED = 0x40,
	DPRC_PL_ALLOWED = 0x80,
	DPRC_ALL_OPTIONS = 0xef,
};

/* Events of DPRC interrupt 0, dprc_irq0_handler_thread(). */
enum dprc_event {
	DPRC_EVENT_OBJ_ADDED = 0x01,
	DPRC_EVENT_OBJ_REMOVED = 0x02,
	DPRC_EVENT_CONTAINER_DESTROYED = 0x10,
	DPRC_EVENT_OBJ_DESTROYED = 0x20,
	DPRC_EVENT_OBJ_CREATED = 0x40,
};

/* Events of DPNI interrupt 0, dpni_irq0_handler_thread(). */
enum dpni_event {
	DPNI_EVENT_LINK_CHANGED = 0x1,
	DPNI_EVENT_ENDPOINT_CHANGED = 0x2,
};

enum object_state {
	OBJECT_STATE_OPEN = 0x1,
	OBJECT_STATE_PLUGGED = 0x2,
};

struct frame {
	uint8_t bytes[COMMAND_SIZE];
};

/* Little endian, whatever the host is.  width: 1, 2, 4 or 8 bytes. */
uint64_t frame_get(const struct frame *frame, size_t offset, size_t width);
void frame_put(struct frame *frame, size_t offset, size_t width, uint64_t value);
void frame_get_name(const struct frame *frame, size_t offset, char ret_name[NAME_FIELD + 1]);
void frame_put_name(struct frame *frame, size_t offset, const char *name);

/* Status and option words of the control protocol and of topology files. */
const char *mc_status_name(enum mc_status status);
int mc_status_from_name(const char *name, enum mc_status *ret_status);
const char *dprc_option_name(unsigned int index, uint32_t *ret_bit);
int dprc_option_from_name(const char *name, uint32_t *ret_bit);

#endif
